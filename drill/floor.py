"""The floor: what AWS alone would have needed in this very drill, with nobody losing a second.

`drill.verdict` sets it beside the measured time; the difference is what people and programs cost.
"""

from continuity.journal import EntryKind
from continuity.manifest import Traffic
from drill.facts import Facts
from failover.steps.fence import FENCED
from simulator.timings import Takes


def floor_s(facts: Facts) -> float:
    """Return the critical path in seconds; 0 where clients were not led anywhere new.

    Clients leave the lost site, then the slowest of what ran side by side (each database from the
    source that it really came back from and the start of the platform, as long as they really took
    here), then clients arrive.
    """
    if facts.opened is None:
        return 0.0
    side_by_side = (*_sources_s(facts), *_starts_s(facts))
    return leave_s(facts) + max(side_by_side, default=0.0) + flip_s(facts.manifest.traffic)


def _sources_s(facts: Facts) -> list[float]:
    """Return how long each database took from its source; what failed before that is no floor.

    A promotion counts with the moment before AWS shows that it began, a restore with nothing: its
    name may have been free.
    """
    promotions, restored = _took(facts, _PROMOTING), _took(facts, RESTORING)
    return list({**promotions, **restored}.values())


_PROMOTING = (Takes.NOTICE_PROMOTION, Takes.PROMOTE_REPLICA)
RESTORING = (Takes.RESTORE_TO_TIME, Takes.RESTORE_SNAPSHOT)


def _took(facts: Facts, kinds: tuple[Takes, ...]) -> dict[str, float]:
    """Return the seconds of the last change of each of these kinds, added up by instance."""
    last: dict[tuple[str, str], float] = {}
    for operation in facts.operations:
        if operation.kind in kinds:
            last[operation.target, operation.kind] = operation.seconds
    took: dict[str, float] = {}
    for (target, _), seconds in last.items():
        took[target] = took.get(target, 0.0) + seconds
    return took


def _starts_s(facts: Facts) -> list[float]:
    return [one.seconds for one in facts.operations if one.kind == Takes.START_TASK]


def leave_s(facts: Facts) -> float:
    """Return how long nothing may be promoted: until clients cannot reach the old primary.

    Where it was proven fenced before anything was promoted, that is as soon as the health checkers
    agree on the closed latch; otherwise old answers have to run out everywhere.
    """
    begun = (
        one for one in facts.journal if one.kind is EntryKind.INTENT and one.data.get("source")
    )
    first = next(begun, None)
    fenced = any(
        one.data.get("verdict") == FENCED and (first is None or one.sequence < first.sequence)
        for one in facts.journal
        if one.kind is EntryKind.VERDICT
    )
    return flip_s(facts.manifest.traffic) if fenced else float(facts.manifest.traffic.drain_s)


def flip_s(traffic: Traffic) -> float:
    """Return the least time in which health checkers follow a latch.

    A check flips at its `threshold`-th equal sample, and the first may come at once.
    """
    return float(traffic.check_interval_s * (traffic.failure_threshold - 1))
