"""A document as a page: HTML that needs nothing but itself, or Markdown.

`html` and `markdown` are the two forms; the templates lay out, they say nothing. Whatever comes
from data is escaped: jinja2 does it in HTML, `_plain` in Markdown.
"""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from incident.documents.chapters import document
from incident.documents.document import Document
from incident.documents.report import Report

_COMMAND = re.compile(r"`(holdfast [\w .,:=-]+)`")
_MARKED = re.compile(r"([\\`*_\[\]<>#|~&!])")


Pageable = Report | Document


def html(made: Pageable) -> str:
    """Return it as one HTML page: its style and its pictures inside, no script at all."""
    found = _templates()
    style = Markup(found.get_template("page.css").render())  # noqa: S704 - our own file, no data
    return found.get_template("page.html.j2").render(document=_document(made), style=style)


def markdown(made: Pageable) -> str:
    """Return it as Markdown with tables, without the picture but with what it tells."""
    page = _templates().get_template("page.md.j2").render(document=_document(made))
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


def _document(made: Pageable) -> Document:
    return made if isinstance(made, Document) else document(made)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("incident.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["plain"] = _plain
    found.filters["commands"] = _commands
    found.filters["percent"] = _percent
    return found


def _plain(text: str) -> Markup:
    """Return text that Markdown shows as it is, on one line; commands of ours stay code."""
    parts = _COMMAND.split(" ".join(text.split()))
    parts[::2] = [_MARKED.sub(r"\\\1", part) for part in parts[::2]]
    parts[1::2] = [f"`{command}`" for command in parts[1::2]]
    escaped = "".join(parts)
    return Markup(escaped)  # noqa: S704 - escaped for Markdown, where HTML's escapes would be seen


def _commands(text: str) -> Markup:
    """Return text with the commands of ours in it as code, and everything escaped."""
    parts = [escape(part) for part in _COMMAND.split(text)]
    parts[1::2] = [Markup("<code>{}</code>").format(command) for command in parts[1::2]]
    return Markup().join(parts)


def _percent(value: float) -> str:
    """Return a position across as SVG writes it."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"
