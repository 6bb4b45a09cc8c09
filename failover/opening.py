"""Opening a zone without one of its databases: what it needs, and when people are asked.

A database that cannot be brought back must not hold back the others for ever, and only a person may
let the zone open without it. `failover.assess` and `failover.ending` ask; pure.
"""

from collections.abc import Iterator
from datetime import datetime

from continuity.errors import Refusal
from continuity.manifest import Manifest
from failover import retold
from failover.fallback import needed, ready, settled, verification
from failover.plan import Plan
from failover.proofs import doubted
from failover.run import Run
from failover.step import Step

OPEN = retold.OPEN
OUTSIDE = "verify-outside"


def given_up(step: Step, run: Run) -> bool:
    """Say whether a step's failure or absence holds the end of the run back no more.

    Once the zone is open, tasks are told only of what it was opened without.
    """
    if step.name in retold.TELLING:
        return any(name.startswith(OPEN) for name in run.done)
    return step.database in run.opened_without and step.name != OUTSIDE


def complete(plan: Plan, run: Run) -> bool:
    """Say whether all is done but what belongs to databases that a person opened without."""
    done = settled(plan.rows, run)
    return all(step.name in done or given_up(step, run) for step in plan.steps)


def missing(run: Run) -> tuple[str, ...]:
    """Return the databases that the zone opened without and that did not come back, by name."""
    return tuple(sorted(name for name in run.opened_without if not _back(run, name)))


def check(run: Run, manifest: Manifest, database: str) -> None:
    """Raise Refusal where opening without a database makes no sense."""
    if _back(run, database):
        raise Refusal(f"{database} is back.", "Nothing has to be opened without it.")
    left = {each.name for each in manifest.databases} - {*run.opened_without, database}
    if not left:
        raise Refusal(
            f"No database of {manifest.zone} would be left.",
            "Abort the run and recover by hand, or bring one database back first.",
        )


def blocked(plan: Plan, run: Run) -> dict[str, str]:
    """Return each database that holds the opening up and cannot come back any more, and why."""
    done = settled(plan.rows, run)
    opens = [step for step in plan.steps if step.name.startswith(OPEN) and step.name not in done]
    wanted = {need for step in opens for need in needed(step, run)} - done
    alive = {step.database for step in plan.steps if ready(step, run, done)}
    databases = {step.database for step in plan.steps if step.name in wanted} - alive
    return {
        str(database): reason
        for database in sorted(databases, key=str)
        for reason in list(_failures(run, database))[-1:]
    }


def question(zone: str, reasons: dict[str, str]) -> str:
    """Return what a person must decide, with the commands."""
    command = f"holdfast failover open {zone} --reason TEXT --without"
    told = " ".join(
        f"{reason} Open without it: {command} {database}." for database, reason in reasons.items()
    )
    end = f"holdfast failover abort {zone} --reason TEXT"
    return f"{zone} waits to be opened. {told} Or end it: {end}."


def asked_at(run: Run, since: datetime) -> datetime:
    """Return when the question came up: with the last thing that was settled or failed."""
    settled = [*run.done.values(), *run.failed.values(), *run.opened_without.values()]
    return max([since, *(entry.at for entry in settled)])


def _back(run: Run, database: str) -> bool:
    """Say whether a database was proved to be back, and nothing was seen to the contrary since."""
    return verification(database) in run.done and database not in doubted(run)


def _failures(run: Run, database: str | None) -> Iterator[str]:
    for entry in run.failed.values():
        if database is not None and entry.data.get("database") == database:
            yield entry.sentence
