"""Would a lost standby change anything for clients? The warrants by which the serving site serves.

Each is watched by a check that finds it; one of the two may be lost without anybody noticing.
"""

from collections.abc import Iterator, Mapping

from continuity import naming
from continuity.manifest import Manifest
from failover.readiness.finding import Finding, blocks, degrades
from failover.readiness.picture import CheckSettings, Picture, warrant_names


def warrants(picture: Picture) -> Iterator[Finding]:
    """Judge both warrants of the serving site, and the checks that watch them."""
    manifest = picture.manifest
    for label, wanted in _wanted(manifest).items():
        reading = picture.checks.get(label)
        if reading is None or reading.value is None:
            continue
        if reading.value.settings != wanted:
            yield blocks(
                "warrant-check-differs",
                manifest.active,
                f"the check '{label}' is {reading.value.settings}, should be {wanted}",
                "Deploy the zone: a failover could not revoke this warrant.",
            )
        elif not any(reading.value.found):
            yield degrades(
                "warrant-missing",
                manifest.active,
                f"no checker of '{label}' finds a warrant in {wanted.host}",
                "Write it again (docs/guide/failover.md, 'The site that was left'): until then the "
                "loss of the other one's region takes clients off a healthy site.",
            )


def _wanted(manifest: Manifest) -> Mapping[str, CheckSettings]:
    """Return what each check should watch, by its label; nothing for a zone without a witness."""
    if manifest.witness is None:
        return {}
    standby, witness = manifest.standby_site, manifest.witness
    hosts = ((standby.latch.bucket, standby.region), (witness.bucket, witness.region))
    labels = warrant_names(manifest.active)
    return {
        label: CheckSettings(
            host=f"{bucket}.s3.{region}.amazonaws.com",
            path=f"/{naming.warrant_key(manifest.active)}",
            inverted=False,
            interval_s=manifest.traffic.check_interval_s,
            threshold=manifest.traffic.failure_threshold,
        )
        for label, (bucket, region) in zip(labels, hosts, strict=True)
    }
