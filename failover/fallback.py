"""Which steps of a plan stand in for each other, and which of them nobody needs any more. Pure.

A database has a step for each source, in order; each is `instead_of` the one before it and begins
only when that one gave up. What comes after needs the first of them, and has it as soon as any of
them is done. `failover.assess`, `ending` and `standing` ask; nothing of this is written down, so a
thousand databases cost no entries for sources that they did not need.
"""

from collections.abc import Collection, Mapping

from failover import retold
from failover.case import SourceKind
from failover.run import Run
from failover.step import Step


def heads(steps: Collection[Step]) -> Mapping[str, str]:
    """Return, for each step that belongs to such a row, the first one of the row."""
    found: dict[str, str] = {}
    for step in steps:
        if step.instead_of is not None:
            head = found.setdefault(step.instead_of, step.instead_of)
            found[step.name] = head
    return found


def settled(rows: Mapping[str, str], run: Run) -> set[str]:
    """Return the steps that nobody waits for: done, or another of their row is."""
    back = {rows[name] for name in run.done if name in rows}
    return set(run.done) | {name for name, head in rows.items() if head in back}


def ready(step: Step, run: Run, done: Collection[str]) -> bool:
    """Say whether a step's turn has come, `done` being what is settled by now."""
    if step.name in done or step.name in run.failed:
        return False
    begins = step.instead_of is None or step.instead_of in run.failed
    return begins and _located(step, run) and all(need in done for need in needed(step, run))


def verification(database: str) -> str:
    """Return the step that proves a database to be back, `verify-orders`."""
    return f"verify-{database}"


def needed(step: Step, run: Run) -> frozenset[str]:
    """Return what a step waits for: of databases that a person opens without, only its own.

    The proof of a database that is somewhere else than the tasks believe waits for new tasks. Of
    one that is opened without they come after the opening, wherever it was told before.
    """
    without = {name for name in run.opened_without if name != step.database}
    given_up = {source_name(name, kind) for name in without for kind in SourceKind}
    needs = step.needs - {verification(name) for name in run.opened_without} - given_up
    if not _elsewhere(step, run):
        return needs
    opened = {f"{retold.OPEN}{step.site}"} if step.database in run.opened_without else set()
    return needs | {RENEWED} | opened


BESIDE, RENEWED = retold.BESIDE, retold.RENEWED


def _located(step: Step, run: Run) -> bool:
    """Say whether the journal knows by now where a database is that moved.

    Restored and proven in one tick it would be looked for where it was.
    """
    return not _elsewhere(step, run) or source_step(run, str(step.database)) is not None


def _elsewhere(step: Step, run: Run) -> bool:
    """Say whether a step proves a database that was restored beside its own name."""
    back = None if step.database is None else begun_source(run, step.database)
    if back is None or step.name != verification(str(step.database)):
        return False
    return bool(run.attempts[back][-1].data.get(BESIDE))


def source_step(run: Run, database: str) -> tuple[str, SourceKind] | None:
    """Return the step that brought a database back, and its source; None while none has."""
    steps = ((source_name(database, kind), kind) for kind in SourceKind)
    return next((found for found in steps if found[0] in run.done), None)


def begun_source(run: Run, database: str) -> str | None:
    """Return the step for the source that was taken and has not given up; None before there is one.

    That it is done may be news of the same tick, which no picture shows yet.
    """
    names = (source_name(database, kind) for kind in SourceKind)
    return next((name for name in names if name in run.intents and name not in run.failed), None)


def source_name(database: str, kind: SourceKind) -> str:
    """Return the step for one source of a database: `promote-orders`, `restore-orders-...`."""
    if kind is SourceKind.REPLICA:
        return f"promote-{database}"
    return f"restore-{database}-{kind}"
