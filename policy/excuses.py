"""Exceptions: breaches that somebody stated, with a reason, in `policy/exceptions.toml`.

They are data beside the rules, so that a review sees them, and never a switch inside a rule.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from continuity.errors import InvalidInput, Problem
from continuity.reading import Reader
from policy.rule import Finding, Level

FILE = Path(__file__).with_name("exceptions.toml")
UNUSED = "exception-excuses-something"


@dataclass(frozen=True)
class StatedException:
    """One excused breach; `resource` is empty for what a stack as a whole breaks."""

    zone: str
    rule: str
    resource: str
    reason: str

    def covers(self, zone: str, finding: Finding) -> bool:
        """Say whether it is this finding of this zone that is excused."""
        mine, theirs = (self.zone, self.rule, self.resource), (zone, finding.rule, finding.resource)
        return mine == theirs


def read(text: str, rules: Iterable[str]) -> tuple[StatedException, ...]:
    """Read exceptions from TOML; `rules` are the names that exist.

    Raises:
        InvalidInput: with every problem at once.
    """
    subject = f"{FILE.parent.name}/{FILE.name}"
    try:
        reader = Reader(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(subject, [Problem("(file)", f"is not TOML: {error}")]) from error
    known = frozenset(rules)
    stated = tuple(_one(row, known) for row in reader.rows("exception", optional=True))
    reader.finish()
    reader.check(subject)
    return stated


def _one(row: Reader, rules: frozenset[str]) -> StatedException:
    stated = StatedException(
        zone=row.text("zone"),
        rule=row.text("rule"),
        resource=row.text("resource", ""),
        reason=row.text("reason", pattern=r"\S.*"),
    )
    if stated.rule not in rules:
        row.note("rule", f"there is no rule {stated.rule!r}")
    row.finish()
    return stated


def excused(
    zone: str, findings: Iterable[Finding], stated: Iterable[StatedException]
) -> Iterator[Finding]:
    """Yield the findings, those that are excused with their reason; then unused exceptions."""
    mine = [one for one in stated if one.zone == zone]
    used = set()
    for finding in findings:
        excuse = next((one for one in mine if one.covers(zone, finding)), None)
        if excuse is None:
            yield finding
        else:
            used.add(excuse)
            yield replace(finding, excused=excuse.reason)
    for one in (one for one in mine if one not in used):
        about = f" by {one.resource}" if one.resource else ""
        sentence = (
            f"The exception from {one.rule}{about} excuses nothing any more; "
            f"take it out of {FILE.parent.name}/{FILE.name}."
        )
        yield Finding(UNUSED, Level.ADVISORY, one.resource, "", sentence)
