"""Which kind of run a planned move is by now: still that, being taken back, or an emergency.

A person orders it in a healthy zone. Until the old site is fenced it can be taken back, and is,
where anything fails: the serving site holds the truth all that time. After that it only goes
forward. `failover.decide` builds the plan by it; the journal's order alone decides, so that every
driver finds the same. Pure.
"""

from enum import StrEnum

from continuity.journal import Entry, EntryKind
from failover.run import BACK, CORRUPTED, ORDER, PLANNED, Run

NAME = "planned move"
"""The diagnosis that a planned move is begun under; a test compares (`failover.diagnose`)."""

TAKEN_BACK = "taken_back"
"""A fact of the plan by which a planned move is taken back."""

_CLOSING = "close-"
_FORWARD_ONLY = ("fence-", "revoke-", "promote-", "restore-")
"""Steps after the intent of which nothing is taken back."""


class Mode(StrEnum):
    """What a run that a person planned is by now."""

    PLANNED = "planned"
    BACK = "back"  # clients get back what they had
    EMERGENCY = "emergency"  # the serving site is lost meanwhile, or people order it


def order(run: Run) -> Entry | None:
    """Return the order of a planned move; None where the run was begun for anything else."""
    said = run.entries[:1]
    is_order = said and said[0].kind is EntryKind.DECLARED and said[0].data.get("what") == PLANNED
    return said[0] if is_order else None


def mode(run: Run) -> Mode | None:
    """Return what a planned move is by now; None for every other run.

    What it became first it stays: a run that is taken back is never made an emergency, the next one
    is.
    """
    if order(run) is None:
        return None
    closed = False
    for entry in run.entries:
        step = entry.step or ""
        if entry.kind is EntryKind.INTENT and step.startswith(_FORWARD_ONLY):
            return Mode.EMERGENCY if _emergency(run) else Mode.PLANNED
        closed |= entry.kind is EntryKind.INTENT and step.startswith(_CLOSING)
        if _is_emergency(entry):
            return Mode.EMERGENCY
        if closed and _given_up(entry):
            return Mode.BACK
    return Mode.PLANNED


def closed(run: Run) -> bool:
    """Say whether clients were taken off the serving site, or may have been."""
    return any(step.startswith(_CLOSING) for step in (*run.intents, *run.done))


def forward_only(run: Run) -> bool:
    """Say whether the run has begun what is not taken back."""
    return any(step.startswith(_FORWARD_ONLY) for step in run.intents)


def left_alone(run: Run) -> bool:
    """Say whether a planned move ended with clients where they were before."""
    if mode(run) is Mode.PLANNED:
        return run.outcome != "recovered" and not closed(run)
    return mode(run) is Mode.BACK and run.outcome == "refused"


def reason(run: Run) -> str:
    """Return why a planned move did not come about; empty where nothing says so."""
    given_up = [entry.sentence for entry in run.entries if _given_up(entry)]
    return given_up[0] if given_up else ""


def _emergency(run: Run) -> bool:
    return any(_is_emergency(entry) for entry in run.entries)


def _is_emergency(entry: Entry) -> bool:
    if entry.kind is EntryKind.DECLARED:
        return entry.data.get("what") in (ORDER, CORRUPTED)
    return entry.kind is EntryKind.DIAGNOSED and entry.data.get("diagnosis") != NAME


def _given_up(entry: Entry) -> bool:
    if entry.kind is EntryKind.DECLARED:
        return entry.data.get("what") == BACK
    return entry.kind is EntryKind.FAILED
