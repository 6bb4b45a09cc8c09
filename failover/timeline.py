"""A run's story from its journal: where the time went, and what became of each database.

Drills and reviews call these; pure, from entries alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from continuity.journal import Entry, EntryKind
from failover.fallback import source_step
from failover.planned import TAKEN_BACK
from failover.run import Run
from failover.steps.verify import OUTSIDE, bound_s


@dataclass(frozen=True)
class Phase:
    """One stretch of a recovery."""

    name: str
    seconds: float


@dataclass(frozen=True)
class DatabaseOutcome:
    """What a database was recovered from; no source: it was not, and `reason` says why.

    `bound_s` is the most that it could lose, as known before it was brought back;
    `claimed_loss_s` what it did lose, as measured afterwards. None where nobody knows.
    """

    name: str
    source: str | None
    claimed_loss_s: float | None
    reason: str = ""
    bound_s: float | None = None


EARLIER = "earlier"
"""The phase that belongs to runs before this one, which did not end the outage."""

_BACK = ("revoke-", "promote-", "restore-", "point-", "renew-", "redeploy-", "restart-")
"""What waits for approval is none of what came before: the wait for people has its own phase."""

_OPEN = ("open-", "wake-", "reopen-")
_CONTAIN = ("hold-", "close-", "fence-", "drain-", "quiet-", "settle-")


def _first_plans(entry: Entry) -> bool:
    """Say whether an entry is a plan that was decided for; taking a move back needs no thought."""
    return entry.kind is EntryKind.PLANNED and TAKEN_BACK not in entry.data


_PHASES: tuple[tuple[str, Callable[[Entry], bool]], ...] = (
    ("detect", lambda entry: entry.kind is EntryKind.DIAGNOSED),
    ("decide", _first_plans),
    ("contain", lambda entry: _about(entry, *_CONTAIN)),
    ("approve", lambda entry: entry.kind is EntryKind.APPROVED),
    ("restore", lambda entry: _about(entry, *_BACK)),
    ("verify", lambda entry: _about(entry, "protect-", "verify-") and entry.step != OUTSIDE),
    ("open", lambda entry: _about(entry, *_OPEN) or entry.step == OUTSIDE),
)
"""Each phase lasts until the last entry that belongs to it."""


def elapsed_s(entries: Sequence[Entry]) -> float:
    """Return the seconds from the first failing reading to the end, or to the last entry."""
    start = Run("", tuple(entries)).suspected_at
    return 0.0 if start is None else (_end(_told(entries)) - start).total_seconds()


def phases(entries: Sequence[Entry]) -> tuple[Phase, ...]:
    """Return contiguous phases that add up to `elapsed_s`; one that was not reached is left out."""
    run = Run("", tuple(entries))
    if run.suspected_at is None:
        return ()
    entries = _told(entries)
    found = _earlier(run)
    since = run.suspected_at if not found else run.noticed_at or run.suspected_at
    for name, belongs in _PHASES:
        moments = [entry.at for entry in entries if belongs(entry)]
        if moments:
            until = max([since, *moments])
            found.append(Phase(name, (until - since).total_seconds()))
            since = until
    return _with_rest(found, (_end(entries) - since).total_seconds())


def _earlier(run: Run) -> list[Phase]:
    """Return what earlier runs of the same outage took, before this one noticed it."""
    if run.outage_at is None or run.noticed_at is None or run.outage_at >= run.noticed_at:
        return []
    return [Phase(EARLIER, (run.noticed_at - run.outage_at).total_seconds())]


def _with_rest(found: list[Phase], seconds: float) -> tuple[Phase, ...]:
    """Add what came after the last milestone to the phase in which the run still was."""
    if not found or found[-1].name == EARLIER:
        return (*found, Phase("detect", seconds))
    return (*found[:-1], Phase(found[-1].name, found[-1].seconds + seconds))


def databases(entries: Sequence[Entry]) -> tuple[DatabaseOutcome, ...]:
    """Return the outcome of each database that the run got to, by name."""
    run = Run("", tuple(entries))
    names = {str(entry.data["database"]) for entry in entries if entry.data.get("database")}
    return tuple(_outcome(run, name) for name in sorted(names))


def outcome(entries: Sequence[Entry]) -> str | None:
    """Return recovered, refused, blocked, aborted or cleared; None while the run goes on."""
    return Run("", tuple(entries)).outcome


def _told(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return what belongs to the recovery: nothing after its end, and no verdict's repetition.

    Whoever watches goes on to fence a region that returns, for days if need be.
    """
    run = Run("", tuple(entries))
    last = entries[-1].sequence if run.end is None else run.end.sequence
    first = {id(entry) for entry in run.done.values()}
    return tuple(
        entry
        for entry in entries
        if entry.sequence <= last
        and (entry.kind is not EntryKind.VERDICT or entry.step is None or id(entry) in first)
    )


def _end(entries: Sequence[Entry]) -> datetime:
    return max(entry.at for entry in entries)


def _about(entry: Entry, *prefixes: str) -> bool:
    """Say whether an entry is about steps of a phase: it begins with their first intent."""
    about = (
        EntryKind.INTENT,
        EntryKind.DONE,
        EntryKind.MEASURED,
        EntryKind.VERDICT,
        EntryKind.FAILED,
    )
    return entry.kind in about and entry.step is not None and entry.step.startswith(prefixes)


def _outcome(run: Run, name: str) -> DatabaseOutcome:
    verified = run.done.get(f"verify-{name}")
    loss = None if verified is None else verified.data.get("claimed_loss_s")
    claimed = float(loss) if isinstance(loss, int | float) else None
    back = source_step(run, name)
    source = None if back is None else str(back[1])
    return DatabaseOutcome(name, source, claimed, _trouble(run, name), bound_s(run, name))


def _trouble(run: Run, name: str) -> str:
    failed = [e.sentence for e in run.failed.values() if e.data.get("database") == name]
    refused = run.refusals.get(name)
    if failed:
        return failed[0]
    settled = source_step(run, name) is not None
    return refused.sentence if refused is not None and not settled else ""
