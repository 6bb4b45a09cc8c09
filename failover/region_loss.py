"""The recovery that moves a zone to its standby site, each database from the best source it has.

`failover.decide` names it for RegionLost; `plan` shows it. Pure: the same manifest, the same plan.
"""

from continuity.manifest import Database, Manifest
from continuity.manifest_json import digest
from failover.case import Case, SourceKind
from failover.diagnose import Diagnosis
from failover.fallback import RENEWED
from failover.plan import Plan
from failover.step import Step
from failover.steps import hold
from failover.steps.drain import drain
from failover.steps.fence import fence
from failover.steps.latch import close, open_standby
from failover.steps.point import point
from failover.steps.promote import promote
from failover.steps.protect import protect
from failover.steps.renew import renew
from failover.steps.restore import Turn, restore
from failover.steps.revoke import revocations
from failover.steps.scale import scale
from failover.steps.verify import verify, verify_outside


def region_loss(manifest: Manifest, case: Case | None = None, detect_s: float = 30.0) -> Plan:
    """Return the plan: contain, then every database at once while hosting grows, then open."""
    case = case or Case(Diagnosis.REGION_LOST)
    held = hold.hold(manifest)
    first = frozenset({held.name})
    closed, fenced, scaled = (build(manifest, first) for build in (close, fence, scale))
    revoked = revocations(manifest, frozenset({closed.name}))
    drained = drain(manifest, closed.name)
    restored = _databases(manifest, case, frozenset({drained.name}))
    verified = frozenset(step.name for step in restored if step.name.startswith("verify-"))
    ready = verified | {scaled.name, RENEWED} | {step.name for step in revoked}
    opened = open_standby(manifest, ready)
    last = verify_outside(manifest, frozenset({opened.name}))
    steps = (held, closed, fenced, scaled, *revoked, drained, *restored, opened, last)
    return Plan("region loss", manifest.zone, digest(manifest), detect_s, steps)


def _databases(manifest: Manifest, case: Case, needs: frozenset[str]) -> list[Step]:
    """Return the steps of all databases, the most important ones first.

    Between them what tells the tasks where they are: proof of what moved needs it.
    """
    ordered = sorted(manifest.databases, key=lambda each: (each.priority, each.name))
    rows = [(database, _sources(manifest, database, case, needs)) for database in ordered]
    backs = [step for _, row in rows for step in row]
    heads = [(database, frozenset({row[0].name})) for database, row in rows]
    protected = [protect(manifest, database, head) for database, head in heads]
    pointed = point(manifest, frozenset({row[0].name for _, row in rows}))
    renewed = renew(manifest, frozenset({pointed.name}))
    verified = [verify(manifest, database, head) for database, head in heads]
    return [*backs, *protected, pointed, renewed, *verified]


def _sources(
    manifest: Manifest, database: Database, case: Case, needs: frozenset[str]
) -> list[Step]:
    """Return what the database can come back from, each instead of the one before it."""
    last_good = case.corrupted.get(database.name)
    row: list[Step] = []
    for kind in kinds(case, database.name):
        before = row[-1].name if row else None
        if kind is SourceKind.REPLICA:
            row.append(promote(manifest, database, needs))
        else:
            row.append(restore(manifest, database, kind, Turn(needs, before, last_good)))
    return row


def kinds(case: Case, database: str) -> tuple[SourceKind, ...]:
    """Return a database's sources in the order in which they are tried."""
    ranking = case.ranking.get(database) or tuple(SourceKind)
    if database not in case.corrupted:
        return ranking
    return tuple(kind for kind in ranking if kind is not SourceKind.REPLICA) or _RESTORES


_RESTORES = (SourceKind.POINT_IN_TIME, SourceKind.SNAPSHOT)
