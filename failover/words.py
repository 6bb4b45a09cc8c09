"""The first entries of a run: what a reading found, and what people said. Pure.

`failover.engine` writes them before there is a plan.
"""

from continuity.journal import Entry, EntryKind, Fact
from failover import planned, signals
from failover.decide import orders
from failover.diagnose import Finding
from failover.draft import Draft
from failover.evidence import DOUBTED
from failover.observation import Look, Observation
from failover.opening import OPEN
from failover.options import Declaration, Options, Order
from failover.people import shown
from failover.planned_gate import EMERGENCY
from failover.run import CORRUPTED, ORDER, PLANNED, Run


def suspicion(finding: Finding, seen: Observation) -> Draft:
    """Return the reading's entry, dated when it was taken: the recovery time counts from there."""
    data: dict[str, Fact] = {
        **signals.suspicion(seen).facts,
        DOUBTED: ",".join(finding.databases),
        "platform": seen.reading(Look.SERVING).error or str(seen.serving.value),
        "region": seen.reading(Look.SERVING_REGION).error or str(seen.serving_region.value),
    }
    return Draft(EntryKind.SUSPECTED, finding.sentence, None, data, seen.now)


def declarations(options: Options, run: Run) -> list[Draft]:
    """Return what a driver was told and the run does not hold yet, where it is not too late."""
    known = run.of(EntryKind.DECLARED)
    unsaid = [one for one in options.declared if not _known(known, one)]
    drafts = [_corrupted(one) for one in unsaid if not too_late(run)]
    if options.move is not None and not orders(run):
        drafts.append(order(options.move))
    return drafts


def too_late(run: Run) -> bool:
    """Say whether clients are led to the standby site: nothing is taken from under them."""
    return any(step.startswith(OPEN) for step in (*run.intents, *run.done))


def order(move: Order) -> Draft:
    """Return the entry of a person's order to move the zone."""
    data: dict[str, Fact] = {"what": ORDER, "by": move.by, "reason": move.reason}
    return Draft(
        EntryKind.DECLARED,
        f"{shown(move.by)} orders that the zone is moved: {move.reason}",
        None,
        data,
    )


def planned_order(options: Options, last: Run) -> list[Draft]:
    """Return the first entry of a planned move, unless the last run came of the same order."""
    move = options.planned
    if move is None:
        return []
    data: dict[str, Fact] = {
        "what": PLANNED,
        "by": move.by,
        "reason": move.reason,
        "ordered_at": move.at.isoformat(),
        EMERGENCY: move.emergency,
    }
    before = planned.order(last)
    if before is not None and before.data.get("ordered_at") == data["ordered_at"]:
        return []
    hour = ", without waiting for the maintenance window" if move.emergency else ""
    sentence = f"{shown(move.by)} has the zone moved as planned{hour}: {move.reason}"
    return [Draft(EntryKind.DECLARED, sentence, None, data)]


def _corrupted(one: Declaration) -> Draft:
    data: dict[str, Fact] = {
        "what": CORRUPTED,
        "database": one.database,
        "moment": one.moment.isoformat(),
        "by": one.by,
        "reason": one.reason,
    }
    sentence = (
        f"{shown(one.by)} declares that {one.database} is corrupted after "
        f"{one.moment:%Y-%m-%d %H:%M:%S} UTC: {one.reason}"
    )
    return Draft(EntryKind.DECLARED, sentence, None, data)


def _known(entries: tuple[Entry, ...], one: Declaration) -> bool:
    return any(
        (entry.data.get("database"), entry.data.get("moment"))
        == (one.database, one.moment.isoformat())
        for entry in entries
    )
