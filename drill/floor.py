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

    Clients leave the lost site, then the slowest of what ran side by side (promotions, restores
    and the start of the platform, as long as they really took here), then clients arrive.
    """
    if facts.opened is None:
        return 0.0
    side_by_side = (*_databases_s(facts), *_starts_s(facts))
    return leave_s(facts) + max(side_by_side, default=0.0) + flip_s(facts.manifest.traffic)


_OF_A_DATABASE = frozenset(
    {
        Takes.NOTICE_PROMOTION,
        Takes.PROMOTE_REPLICA,
        Takes.RENAME_DATABASE,
        Takes.RESTORE_TO_TIME,
        Takes.RESTORE_SNAPSHOT,
    }
)


def _databases_s(facts: Facts) -> list[float]:
    """Return how long each database took: its promotion, or making room for a restore and that."""
    took: dict[str, float] = {}
    for operation in facts.operations:
        if operation.kind in _OF_A_DATABASE:
            took[operation.target] = took.get(operation.target, 0.0) + operation.seconds
    return list(took.values())


def _starts_s(facts: Facts) -> list[float]:
    return [one.seconds for one in facts.operations if one.kind == Takes.START_TASK]


def leave_s(facts: Facts) -> float:
    """Return how long nothing may be promoted: until clients cannot reach the old primary.

    Where it is proven fenced, that is as soon as the health checkers agree on the closed latch;
    otherwise old answers have to run out everywhere.
    """
    verdicts = (one.data.get("verdict") for one in facts.journal if one.kind is EntryKind.VERDICT)
    fenced = FENCED in verdicts
    return flip_s(facts.manifest.traffic) if fenced else float(facts.manifest.traffic.drain_s)


def flip_s(traffic: Traffic) -> float:
    """Return the least time in which health checkers follow a latch.

    A check flips at its `threshold`-th equal sample, and the first may come at once.
    """
    return float(traffic.check_interval_s * (traffic.failure_threshold - 1))
