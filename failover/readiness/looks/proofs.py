"""Looks at what trials of recovery points have shown, in the site that a failover moves to."""

from backup import declared, evidence_store, verify_rules
from backup.evidence import Verdict
from cloud.door import Door
from cloud.permitted import permitted
from continuity.manifest import Manifest
from continuity.permissions import READ_PROOFS
from failover.readiness.picture import Proof


@permitted(READ_PROOFS)
def proofs(door: Door, table: str, manifest: Manifest) -> tuple[Proof, ...]:
    """Return what is known of every declared database."""
    series = declared.databases(manifest)
    found = evidence_store.read(door, table, series)
    return tuple(_proof(one) for one in verify_rules.trust(series, found))


def _proof(trust: verify_rules.Trust) -> Proof:
    last = trust.last
    refuted = last is not None and last.verdict is Verdict.REFUTED
    return Proof(
        database=trust.series.resource,
        at=None if trust.proof is None else trust.proof.ended,
        refuted=f"{last.point}: {last.why}" if last is not None and refuted else "",
    )
