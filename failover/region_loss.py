"""The recovery from a lost region where every database has a replica in the standby site.

`failover.decide` names it for RegionLost; `plan` shows it. Pure: the same manifest, the same plan.
"""

from continuity.manifest import Manifest
from continuity.manifest_json import digest
from failover.case import Case
from failover.plan import Plan
from failover.step import Step
from failover.steps import hold
from failover.steps.drain import drain
from failover.steps.fence import fence
from failover.steps.latch import close, open_standby
from failover.steps.promote import promote
from failover.steps.protect import protect
from failover.steps.revoke import revocations
from failover.steps.scale import scale
from failover.steps.verify import verify, verify_outside


def region_loss(manifest: Manifest, case: Case | None = None, detect_s: float = 30.0) -> Plan:
    """Return the plan: contain, then promote everything at once while hosting grows, then open."""
    del case
    held = hold.hold(manifest)
    first = frozenset({held.name})
    closed, fenced, scaled = (build(manifest, first) for build in (close, fence, scale))
    revoked = revocations(manifest, frozenset({closed.name}))
    drained = drain(manifest, closed.name)
    restored = _databases(manifest, frozenset({drained.name}))
    verified = frozenset(step.name for step in restored if step.name.startswith("verify-"))
    ready = verified | {scaled.name} | {step.name for step in revoked}
    opened = open_standby(manifest, ready)
    last = verify_outside(manifest, frozenset({opened.name}))
    steps = (held, closed, fenced, scaled, *revoked, drained, *restored, opened, last)
    return Plan("region loss", manifest.zone, digest(manifest), detect_s, steps)


def _databases(manifest: Manifest, needs: frozenset[str]) -> list[Step]:
    """Return the steps of all databases, the most important ones first."""
    ordered = sorted(manifest.databases, key=lambda each: (each.priority, each.name))
    promoted = [promote(manifest, database, needs) for database in ordered]
    protected = [protect(manifest, database) for database in ordered]
    verified = [verify(manifest, database) for database in ordered]
    return [*promoted, *protected, *verified]
