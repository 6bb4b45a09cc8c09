"""The runs of a zone, from its journals: what was achieved, run by run.

`holdfast failover history` lists them. Runs are numbered, so the last one names all before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from continuity.errors import InvalidInput, Problem
from continuity.journal import EntryKind
from continuity.manifest import Manifest
from failover import opening, timeline
from failover.approvals import given
from failover.people import shown
from failover.run import Run
from failover.surroundings import Surroundings
from failover.timeline import DatabaseOutcome, Phase


@dataclass(frozen=True)
class Achieved:
    """One run and what it achieved; None where it did not get that far, or nobody knows.

    `rpo_s` is the loss of `worst`, the database that lost most; a database `without` which the zone
    was opened and that is not back misses the objective. `approved_by` approved the last plan.
    `phases` add up to the run's time, `databases` tell each one's source and loss.
    """

    run: str
    suspected_at: datetime | None
    outcome: str | None
    rto_s: float | None
    rpo_s: float | None
    met: bool
    diagnosis: str | None = None
    worst: str | None = None
    approved_by: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    databases: tuple[DatabaseOutcome, ...] = ()


def runs_of(around: Surroundings) -> tuple[Run, ...]:
    """Return the zone's runs with their journals, newest first."""
    lease = around.memory.read_lease()
    if lease is None or not lease.run:
        return ()
    zone, _, number = lease.run.rpartition("-")
    names = [f"{zone}-{each:04d}" for each in range(int(number), 0, -1)]
    runs = [Run(name, around.memory.read_journal(name)) for name in names]
    return tuple(run for run in runs if run.entries)


def history(around: Surroundings) -> tuple[Achieved, ...]:
    """Return what each of the zone's runs achieved, newest first."""
    return tuple(achieved_by(run, around.manifest) for run in runs_of(around))


def chosen(runs: Sequence[Run], name: str) -> Run:
    """Return the run of a name.

    Raises:
        InvalidInput: there is none; the error names those that there are.
    """
    found = next((run for run in runs if run.name == name), None)
    if found is None:
        known = ", ".join(run.name for run in runs) or "none yet"
        raise InvalidInput("The run", [Problem("RUN", f"there is no {name!r}; runs are {known}")])
    return found


def achieved_by(run: Run, manifest: Manifest) -> Achieved:
    """Return what a run achieved, held against the zone's objectives. Pure."""
    objectives = manifest.objectives
    return achieved(run, objectives.rto.total_seconds(), objectives.rpo.total_seconds())


def achieved(run: Run, rto_s: float, rpo_s: float) -> Achieved:
    """Return what a run achieved, and whether both objectives were met. Pure."""
    databases = timeline.databases(run.entries)
    losses = {one.name: one.claimed_loss_s for one in databases if one.source}
    known = {name: seconds for name, seconds in losses.items() if seconds is not None}
    worst = max(known, key=lambda name: known[name], default=None)
    rpo = known[worst] if worst is not None and len(known) == len(losses) else None
    rto, without = _recovery_s(run), opening.missing(run)
    kept = rto is not None and rto <= rto_s and rpo is not None and rpo <= rpo_s
    diagnosed = run.of(EntryKind.DIAGNOSED)
    return Achieved(
        run=run.name,
        suspected_at=run.suspected_at,
        outcome=run.outcome,
        rto_s=rto,
        rpo_s=rpo,
        met=kept and not without,
        diagnosis=str(diagnosed[-1].data["diagnosis"]) if diagnosed else None,
        worst=worst,
        approved_by=tuple(sorted({shown(str(entry.data["by"])) for entry in given(run)})),
        without=without,
        phases=timeline.phases(run.entries),
        databases=databases,
    )


def _recovery_s(run: Run) -> float | None:
    """Return the time until clients were served: for a missing database a run goes on longer."""
    if run.outcome != "recovered":
        return None
    outside = run.done.get(opening.OUTSIDE)
    if not run.opened_without or outside is None or run.suspected_at is None:
        return timeline.elapsed_s(run.entries)
    return (outside.at - run.suspected_at).total_seconds()
