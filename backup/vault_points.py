"""AWS Backup's recovery points as points of the catalogue: files, found by their resource's name.

`backup.catalogue` asks. Each site's files are a series of their own: a home bucket's points that
were copied into the away vault belong to the home bucket's series, on the away region's shelf.
"""

from backup.points import FILE_SYSTEM, Kind, Point, Series, Store
from cloud.vaults import USABLE, VaultPoint
from continuity.manifest import Manifest


def vault_point_of(found: VaultPoint, region: str, vault: str, manifest: Manifest) -> Point | None:
    """Return a recovery point of the catalogue; None for a resource that the zone has not."""
    resource = resources(manifest).get(found.resource)
    if resource is None:
        return None
    return Point(
        series=Series(manifest.zone, resource, Kind.FILES),
        region=region,
        store=Store.VAULT,
        identifier=found.arn.rpartition(":")[2],
        arn=found.arn,
        status=found.status,
        taken_at=found.taken_at,
        unusable=_unusable(found),
        size_gb=found.size_gb,
        key=found.key,
        source=found.copied_from,
        day=f"{found.taken_at:%Y-%m-%d}" if found.taken_at else "",
        tags={"vault": vault},
    )


def resources(manifest: Manifest) -> dict[str, str]:
    """Return what AWS Backup protects in a zone: `home-public` by the bucket's ARN, and so on."""
    found = {}
    for name, site in manifest.sites.items():
        kept = site.safekeeping
        for bucket in kept.buckets:
            found[f"arn:aws:s3:::{bucket.name}"] = f"{name}-{bucket.purpose}"
        if kept.file_system_arn:
            found[kept.file_system_arn] = f"{name}{FILE_SYSTEM}"
    return found


def _unusable(found: VaultPoint) -> str:
    if found.status not in USABLE:
        return f"it is {found.status}"
    return "" if found.taken_at else "AWS does not say of which moment it is"
