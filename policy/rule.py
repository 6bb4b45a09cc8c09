"""What a rule is, and what it finds. Every module of rules ends with a tuple `RULES` of them.

A rule's function is plain: frozen values in, sentences out. It says of each resource what is wrong
and what to do; a value that is not known yet is no reason to complain.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from policy.declared import Declared
from policy.stack import Resource, Stack


class Level(StrEnum):
    """What a finding means: `mandatory` stops `pulumi up`, `advisory` is said and no more."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"


@dataclass(frozen=True)
class Wrong:
    """One thing that a rule of the whole stack found; `about` is None for the stack itself."""

    sentence: str
    about: Resource | None = None


@dataclass(frozen=True)
class ResourceRule:
    """A rule over one resource of some types (none: of all). Pulumi asks it before it acts."""

    name: str
    says: str
    types: tuple[str, ...]
    judge: Callable[[Resource, Declared], Iterator[str]]
    level: Level = Level.MANDATORY

    def concerns(self, resource: Resource) -> bool:
        """Say whether the rule looks at resources of this type."""
        return not self.types or resource.type in self.types


@dataclass(frozen=True)
class StackRule:
    """A rule over everything that a program declares, asked once it has run."""

    name: str
    says: str
    judge: Callable[[Stack], Iterator[Wrong]]
    level: Level = Level.MANDATORY


Rule = ResourceRule | StackRule


@dataclass(frozen=True)
class Finding:
    """One breach of one rule. `urn` and `resource` are empty where it is the stack's own.

    `excused` is the reason of the exception that is stated for it, empty where none is.
    """

    rule: str
    level: Level
    resource: str
    urn: str
    sentence: str
    excused: str = ""

    @property
    def is_mandatory(self) -> bool:
        """Say whether it stops a deployment."""
        return self.level is Level.MANDATORY and not self.excused

    def __str__(self) -> str:
        about = f"{self.resource}: " if self.resource else ""
        excuse = f" Excused: {self.excused}" if self.excused else ""
        return f"{about}{self.sentence}{excuse}"
