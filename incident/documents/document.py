"""A document before it has a form: chapters of paragraphs, lists, tables and pictures.

`incident.documents.pages` makes HTML or Markdown of it; every sentence stands here once.
"""

from dataclasses import dataclass
from typing import ClassVar

from incident.documents.picture import Picture


@dataclass(frozen=True)
class Paragraph:
    """A few sentences."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Listing:
    """Sentences that stand beside each other."""

    kind: ClassVar[str] = "listing"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells, as many as `heads`; the first cell of a row names it."""

    kind: ClassVar[str] = "table"
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A picture; whoever cannot see it reads `picture.told` and the table that follows it."""

    kind: ClassVar[str] = "figure"
    caption: str
    picture: Picture


@dataclass(frozen=True)
class Commands:
    """Lines to type, each a whole command."""

    kind: ClassVar[str] = "commands"
    lines: tuple[str, ...]


Part = Paragraph | Listing | Table | Figure | Commands


@dataclass(frozen=True)
class Section:
    """A heading and what belongs to it; `key` is unique in its chapter."""

    key: str
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chapter:
    """One subject; `key` is unique in the document. `word` is its verdict, good or not.

    It is empty where a chapter judges nothing.
    """

    key: str
    heading: str
    word: str
    good: bool
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Document:
    """A whole document, in English."""

    title: str
    parts: tuple[Part, ...]
    chapters: tuple[Chapter, ...]
    closing: str
