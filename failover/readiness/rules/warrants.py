"""Would a lost standby change anything for clients? The warrants by which the serving site serves.

Each is watched by a check that finds it; one of the two may be lost without anybody noticing. The
site's record asks a calculated check over four (decision 0014): with other children or another
threshold a lost region could move traffic, or a closed site come back.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from continuity import naming
from continuity.manifest import Manifest
from failover.readiness.finding import Finding, blocks, degrades
from failover.readiness.picture import (
    Calculated,
    CheckSettings,
    Picture,
    serves_name,
    warrant_names,
)

NEEDED = 3
"""Of twice "nobody closed it" and two warrants: all but one (decision 0014)."""


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
                f"`holdfast reconcile {manifest.zone} --apply` writes it again after a failover "
                "(docs/guide/failover.md, 'The site that was left'): until then the loss of the "
                "other one's region takes clients off a healthy site.",
            )


def serves(picture: Picture) -> Iterator[Finding]:
    """Judge the calculated check that the serving site's record asks."""
    manifest = picture.manifest
    reading = picture.calculated.get(serves_name(manifest.active))
    if reading is None or reading.value is None:
        return
    wrong = "; ".join(_differences(reading.value, manifest))
    if wrong:
        yield blocks(
            "serves-check-differs",
            manifest.active,
            f"the check '{serves_name(manifest.active)}', which decides whether clients are led "
            f"here, is not as declared: {wrong}",
            "Deploy the zone: until then a lost region may move traffic, or lead clients back to a "
            "site that was left.",
        )


def _differences(found: Calculated, manifest: Manifest) -> Iterator[str]:
    """Yield what is not as `stacks.latch_checks` declares it: three of four, none turned round."""
    if found.kind != "CALCULATED":
        yield f"it is of type {found.kind or 'unknown'} and asks no other checks"
        return
    if found.threshold != NEEDED:
        yield f"{found.threshold} of its checks must be healthy, should be {NEEDED}"
    if found.inverted or found.disabled:
        yield "it is inverted" if found.inverted else "it is disabled"
    not_closed = _not_closed(manifest)
    wanted = Counter([not_closed, not_closed, *_wanted(manifest).values()])
    there = Counter(found.children)
    for settings in sorted((wanted - there).elements(), key=str):
        yield f"no check on {settings.host}{settings.path} is among its children where one should"
    for settings in sorted((there - wanted).elements(), key=str):
        yield f"a check on {settings.host}{settings.path} is among them that should not be so"


def _not_closed(manifest: Manifest) -> CheckSettings:
    """Return the question that is asked twice: is the serving site not closed?"""
    standby = manifest.standby_site
    return CheckSettings(
        host=f"{standby.latch.bucket}.s3.{standby.region}.amazonaws.com",
        path=f"/{standby.latch.closed_key}",
        inverted=True,
        interval_s=manifest.traffic.check_interval_s,
        threshold=manifest.traffic.failure_threshold,
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
            search=naming.WARRANTED,
        )
        for label, (bucket, region) in zip(labels, hosts, strict=True)
    }
