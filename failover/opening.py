"""Opening a zone without one of its databases: what it needs, and when people are asked.

A database that cannot be brought back must not hold back the others for ever, and only a person may
let the zone open without it. `failover.assess` and `failover.ending` ask; pure.
"""

from collections.abc import Iterator
from datetime import datetime

from continuity.errors import Refusal
from continuity.manifest import Manifest
from failover.plan import Plan
from failover.run import Run
from failover.step import Step

OPEN = "open-"
OUTSIDE = "verify-outside"


def verification(database: str) -> str:
    """Return the step that proves a database to be back, `verify-orders`."""
    return f"verify-{database}"


def needed(step: Step, run: Run) -> frozenset[str]:
    """Return what a step waits for: not the proof of databases that a person opens without."""
    return step.needs - {verification(database) for database in run.opened_without}


def given_up(step: Step, run: Run) -> bool:
    """Say whether a step's failure or absence holds the end of the run back no more."""
    return step.database in run.opened_without and step.name != OUTSIDE


def complete(plan: Plan, run: Run) -> bool:
    """Say whether all is done but what belongs to databases that a person opened without."""
    return all(step.name in run.done or given_up(step, run) for step in plan.steps)


def missing(run: Run) -> tuple[str, ...]:
    """Return the databases that the zone opened without and that did not come back, by name."""
    return tuple(sorted(name for name in run.opened_without if verification(name) not in run.done))


def check(run: Run, manifest: Manifest, database: str) -> None:
    """Raise Refusal where opening without a database makes no sense."""
    if verification(database) in run.done:
        raise Refusal(f"{database} is back.", "Nothing has to be opened without it.")
    left = {each.name for each in manifest.databases} - {*run.opened_without, database}
    if not left:
        raise Refusal(
            f"No database of {manifest.zone} would be left.",
            "Abort the run and recover by hand, or bring one database back first.",
        )


def blocked(plan: Plan, run: Run, busy: frozenset[str]) -> dict[str, str]:
    """Return each database that cannot come back any more, and why.

    `busy` are the steps that move or wait for somebody. A plan whose opening needs no database, or
    is done, is blocked by none.
    """
    steps = [step for step in plan.steps if step.name.startswith(OPEN)]
    wanted = [need for step in steps if step.name not in run.done for need in needed(step, run)]
    by_name = {step.name: step.database for step in plan.steps}
    databases = {by_name[need] for need in wanted if need not in run.done}
    still = {by_name[name] for name in busy if name in by_name}
    return {
        str(database): reason
        for database in sorted(databases - still, key=str)
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


def _failures(run: Run, database: str | None) -> Iterator[str]:
    for entry in run.failed.values():
        if database is not None and entry.data.get("database") == database:
            yield entry.sentence
