"""The runs of a zone, from its journals: what was achieved, run by run.

`holdfast failover history` lists them. Runs are numbered, so the last one names all before it.
"""

from dataclasses import dataclass
from datetime import datetime

from failover import timeline
from failover.run import Run
from failover.surroundings import Surroundings


@dataclass(frozen=True)
class Achieved:
    """One run and what it achieved; None where it did not get that far, or nobody knows."""

    run: str
    suspected_at: datetime | None
    outcome: str | None
    rto_s: float | None
    rpo_s: float | None
    met: bool


def history(around: Surroundings) -> tuple[Achieved, ...]:
    """Return the zone's runs, newest first."""
    lease = around.memory.read_lease()
    if lease is None or not lease.run:
        return ()
    zone, _, number = lease.run.rpartition("-")
    names = [f"{zone}-{each:04d}" for each in range(int(number), 0, -1)]
    runs = [Run(name, around.memory.read_journal(name)) for name in names]
    objectives = around.manifest.objectives
    return tuple(
        achieved(run, objectives.rto.total_seconds(), objectives.rpo.total_seconds())
        for run in runs
        if run.entries
    )


def achieved(run: Run, rto_s: float, rpo_s: float) -> Achieved:
    """Return what a run achieved, and whether both objectives were met. Pure."""
    recovered = run.outcome == "recovered"
    losses = [one.claimed_loss_s for one in timeline.databases(run.entries) if one.source]
    known = [seconds for seconds in losses if seconds is not None]
    rto = timeline.elapsed_s(run.entries) if recovered else None
    rpo = max(known) if known and len(known) == len(losses) else None
    met = rto is not None and rto <= rto_s and rpo is not None and rpo <= rpo_s
    return Achieved(run.name, run.suspected_at, run.outcome, rto, rpo, met)
