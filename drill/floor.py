"""The floor: what AWS alone would have needed in this very drill, with nobody losing a second.

`drill.verdict` sets it beside the measured time; the difference is what people and programs cost.
"""

from drill.facts import Facts
from simulator.timings import Takes


def floor_s(facts: Facts) -> float:
    """Return the critical path in seconds; 0 where clients were not led anywhere new.

    Clients leave the lost site, then the slowest of what ran side by side (promotions and the
    start of the platform, as long as they really took here), then clients arrive.
    """
    if facts.opened is None:
        return 0.0
    side_by_side = (*_promotions_s(facts), *_starts_s(facts))
    return leave_s(facts) + max(side_by_side, default=0.0) + arrive_s(facts)


def _promotions_s(facts: Facts) -> list[float]:
    """Return how long each promotion took, with the moment before AWS shows that it began."""
    kinds = (Takes.NOTICE_PROMOTION, Takes.PROMOTE_REPLICA)
    took: dict[str, float] = {}
    for operation in facts.operations:
        if operation.kind in kinds:
            took[operation.target] = took.get(operation.target, 0.0) + operation.seconds
    return list(took.values())


def _starts_s(facts: Facts) -> list[float]:
    return [one.seconds for one in facts.operations if one.kind == Takes.START_TASK]


def leave_s(facts: Facts) -> float:
    """Return how long it takes until no well-behaved client holds the lost site's address."""
    return float(facts.manifest.traffic.drain_s)


def arrive_s(facts: Facts) -> float:
    """Return how long it took from the opened latch until every client had followed it."""
    ended = facts.outage.ended if facts.outage is not None else None
    if facts.opened is None or ended is None:
        return 0.0
    return max(0.0, (ended - facts.opened).total_seconds())
