"""What readiness says: one thing that stands against a failover, how bad it is, what to do next.

The rules return them, `failover.readiness.judge` sorts them, `cli` prints them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is for a failover that begins now."""

    BLOCKS = "blocks"  # it would fail, miss an objective, or nobody can know
    DEGRADES = "degrades"  # it would work, but worse than the plan says
    NOTE = "note"  # worth knowing


@dataclass(frozen=True)
class Finding:
    """One finding. `name` is stable, for programs; `subject` is the database or site it is about.

    `next_step` is the sentence that an operator acts on.
    """

    name: str
    severity: Severity
    subject: str
    what: str
    next_step: str


def blocks(name: str, subject: str, what: str, next_step: str) -> Finding:
    """Return a finding that no failover should meet."""
    return Finding(name, Severity.BLOCKS, subject, what, next_step)


def degrades(name: str, subject: str, what: str, next_step: str) -> Finding:
    """Return a finding that makes a failover worse than planned."""
    return Finding(name, Severity.DEGRADES, subject, what, next_step)


def note(name: str, subject: str, what: str, next_step: str) -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(name, Severity.NOTE, subject, what, next_step)
