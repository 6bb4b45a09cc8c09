"""What a deployment would do to one resource, whoever worked it out: a preview as plain values.

`simulator.planning` makes them of our own previews, `continuity.pulumi_preview` reads them from
`pulumi preview --json`. `continuity.agreement` judges them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Doing(StrEnum):
    """The closed list of what can happen to a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    RETAIN = "retain"  # leaves the program, stays in AWS
    IMPORT = "import"  # enters the program, was in AWS
    SAME = "same"


ENDING = (Doing.REPLACE, Doing.DELETE)
"""After these what was there is gone from AWS."""

Values = Mapping[str, object]
"""Inputs of a resource at the top level, as pulumi-aws spells them, in camelCase."""


@dataclass(frozen=True)
class Planned:
    """One resource and what would happen to it.

    `before` are its inputs as the state has them, empty on creation; `after` those that the program
    wants, empty where it wants none. `replacing` names what forces a replacement.
    """

    doing: Doing
    urn: str
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    replacing: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """Return the type without its parents', `aws:rds/instance:Instance`."""
        return self.urn.split("::")[2].rpartition("$")[2]

    @property
    def name(self) -> str:
        """Return the name in the program."""
        return self.urn.split("::", 3)[3]

    @property
    def region(self) -> str:
        """Return where it is; empty for what has no region."""
        return str(self.after.get("region", self.before.get("region", "")))

    def ends(self, key: str) -> bool:
        """Say whether an input that was given is given no more."""
        return bool(self.before.get(key)) and not self.after.get(key)

    def begins(self, key: str) -> bool:
        """Say whether an input is given that was not."""
        return not self.before.get(key) and bool(self.after.get(key))

    def differs(self, key: str) -> bool:
        """Say whether an input has another value."""
        return self.before.get(key) != self.after.get(key)

    def falls(self, key: str) -> bool:
        """Say whether a number becomes smaller; what is not known on both sides does not."""
        before, after = self.before.get(key), self.after.get(key)
        known = isinstance(before, int | float) and isinstance(after, int | float)
        return known and after < before  # type: ignore[operator]
