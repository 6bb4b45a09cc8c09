"""What people know and no probe sees: since when it is down, what is corrupted, what must be done.

`failover.lead` journals what a driver was told once there is a run to tell it to; the engine may
have done so itself. Losses and the recovery time count from what was declared.
"""

from continuity.errors import Refusal
from continuity.journal import Entry, EntryKind, Fact
from failover import words
from failover.decide import orders
from failover.decisions import check_database, record
from failover.draft import Draft
from failover.options import Declaration, Order, Since
from failover.people import shown
from failover.run import CORRUPTED, SINCE, Run
from failover.surroundings import Surroundings


def declare_since(around: Surroundings, since: Since) -> Entry:
    """State since when clients are not served; the earliest of several statements counts.

    Raises:
        Refusal: no run goes on.
    """

    def draft(run: Run) -> Draft | Entry:
        facts = _facts(SINCE, None, since)
        moment = f"{since.moment:%Y-%m-%d %H:%M:%S} UTC"
        sentence = f"{shown(since.by)} states that it began at {moment}: {since.reason}"
        return _known(run, facts) or Draft(EntryKind.DECLARED, sentence, None, facts)

    return record(around, draft)


def declare_corrupted(around: Surroundings, declared: Declaration) -> Entry:
    """State that a database is corrupted, and the last moment at which it was good.

    Raises:
        Refusal: no run goes on, the zone has no such database, or it is open again.
    """

    def draft(run: Run) -> Draft | Entry:
        check_database(around, run, declared.database)
        facts = _facts(CORRUPTED, declared.database, declared)
        check_in_time(around, run, declared)
        told = f"{shown(declared.by)} declares that {declared.database} is corrupted"
        sentence = f"{told} after {declared.moment:%Y-%m-%d %H:%M:%S} UTC: {declared.reason}"
        return _known(run, facts) or Draft(EntryKind.DECLARED, sentence, None, facts)

    return record(around, draft)


def check_in_time(around: Surroundings, run: Run, declared: Declaration) -> None:
    """Raise Refusal once clients are led to the standby site; until then what came back is void.

    Whoever repeats what the run holds is not refused.
    """
    known = _known(run, _facts(CORRUPTED, declared.database, declared))
    if known is not None or not words.too_late(run):
        return
    zone, database = around.manifest.zone, declared.database
    raise Refusal(
        f"{run.name} has opened {zone} to its clients: {database} is not taken from under them.",
        f"Stop what writes to {database}, and restore a copy beside it to "
        f"{declared.moment:%Y-%m-%d %H:%M:%S} UTC from its backups.",
    )


def declare_order(around: Surroundings, order: Order) -> Entry:
    """Order that the zone is moved, whoever drives the run; a second order is the first.

    Raises:
        Refusal: no run goes on.
    """

    def draft(run: Run) -> Draft | Entry:
        return next(iter(orders(run)), None) or words.order(order)

    return record(around, draft)


def _facts(what: str, database: str | None, said: Since | Declaration) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "what": what,
        "moment": said.moment.isoformat(),
        "by": said.by,
        "reason": said.reason,
    }
    return facts if database is None else {**facts, "database": database}


def _known(run: Run, facts: dict[str, Fact]) -> Entry | None:
    """Return the entry that says the same already, whoever wrote it."""
    telling = ("what", "database", "moment")
    return next(
        (
            entry
            for entry in run.of(EntryKind.DECLARED)
            if all(entry.data.get(key) == facts.get(key) for key in telling)
        ),
        None,
    )
