"""A plan with the durations that trials measured, in the place of those that are assumed. Pure.

`failover.engine` and `failover.outlook` pass their plans through it. An estimate is no part of what
people approve: the hash stays, and a deadline only ever grows, so that a restore which is known to
take long is not given up for it.
"""

from dataclasses import replace

from backup.restore_times import RestoreTimes
from continuity.manifest import Database, Manifest
from failover.case import SourceKind
from failover.estimates import Estimate, restore_snapshot, restore_to_time
from failover.fallback import source_name
from failover.plan import Plan
from failover.step import Step
from failover.steps.restore import PATIENCE

_RESTORES = {SourceKind.POINT_IN_TIME: restore_to_time, SourceKind.SNAPSHOT: restore_snapshot}


def timed(plan: Plan, manifest: Manifest, times: RestoreTimes) -> Plan:
    """Return the plan with what was measured; the same plan where nothing was."""
    if not times.measured:
        return plan
    found = {
        source_name(each.name, kind): _estimate(each, kind, times)
        for each in manifest.databases
        for kind in _RESTORES
    }
    return replace(plan, steps=tuple(_timed(step, found.get(step.name)) for step in plan.steps))


def _estimate(database: Database, kind: SourceKind, times: RestoreTimes) -> Estimate:
    return _RESTORES[kind](database.storage_gb, times, database.name)


def _timed(step: Step, estimate: Estimate | None) -> Step:
    if estimate is None:
        return step
    deadline_s = max(step.deadline_s, PATIENCE * estimate.seconds)
    return replace(step, estimate=estimate, deadline_s=deadline_s)
