"""Has anybody restored from it? A recovery point that was never opened is a hope."""

from collections.abc import Iterator

from backup.evidence import TRUSTED_FOR
from failover.readiness.finding import Finding, degrades
from failover.readiness.picture import Picture, Proof


def proofs(picture: Picture) -> Iterator[Finding]:
    """Judge when a point of each database was last proven, and what the last trial showed."""
    for one in picture.target.proofs.value or ():
        yield from _proof(picture, one)


def _proof(picture: Picture, proof: Proof) -> Iterator[Finding]:
    region = picture.manifest.standby_site.region
    zone, days = picture.manifest.zone, TRUSTED_FOR.days
    command = f"`holdfast backup verify {zone} --series {proof.database} --apply`"
    if proof.refuted:
        yield degrades(
            "proof-refuted",
            proof.database,
            f"the last recovery point that was tried has wrong content ({proof.refuted})",
            f"Find out what damaged the data, and since when; {command} tries older points.",
        )
    elif proof.at is None:
        yield degrades(
            "proof-missing",
            proof.database,
            f"no recovery point of it was restored and looked into in {region} yet",
            f"Run {command}; the schedule does it every week.",
        )
    elif picture.now - proof.at > TRUSTED_FOR:
        yield degrades(
            "proof-too-old",
            proof.database,
            f"no recovery point of it was proven in the last {days} days, the last one on "
            f"{proof.at:%Y-%m-%d}",
            f"Run {command}, and see why the schedule does not.",
        )
