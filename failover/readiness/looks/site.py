"""Looks at what a site stands on: key, passwords, image, service, latch, manifest, tables.

`failover.readiness.look` calls them with a door to that site's region.
"""

from backup import hold
from cloud import addresses, drills, fences, latches, leases, manifests, services
from cloud.door import Door
from cloud.failures import Missing
from cloud.permitted import permitted
from continuity import manifest_json
from continuity.addresses import AddressFile
from continuity.manifest import Hosting, Site
from continuity.permissions import (
    DESCRIBE_GROUPS,
    DESCRIBE_IMAGES,
    DESCRIBE_JOURNAL_BACKUPS,
    DESCRIBE_JOURNAL_TABLE,
    DESCRIBE_KEY,
    DESCRIBE_LEASE_BACKUPS,
    DESCRIBE_LEASE_TABLE,
    DESCRIBE_SCALING,
    DESCRIBE_SECRET,
    DESCRIBE_SERVICES,
    LIST_LATCH,
    READ_ADDRESSES,
    READ_LEASE,
    READ_MANIFEST,
    READ_QUOTA,
)
from failover.readiness.picture import Drill, Held, Scaling, Secret, Service, Table

_CURRENT = "AWSCURRENT"
_FARGATE_VCPU = "L-3032A538"
"""Service Quotas' code of "Fargate On-Demand vCPU resource count"."""


@permitted(DESCRIBE_KEY)
def key(door: Door, arn: str) -> str:
    """Return the state of the site's key; everything but `Enabled` does nothing."""
    return str(door.read("kms", "DescribeKey", KeyId=arn)["KeyMetadata"]["KeyState"])


@permitted(DESCRIBE_SECRET)
def secret(door: Door, arn: str) -> Secret:
    """Return how a password's secret stands there, without its value."""
    reply = door.read("secretsmanager", "DescribeSecret", SecretId=arn)
    stages = reply.get("VersionIdsToStages", {})
    current = [version for version, names in stages.items() if _CURRENT in names]
    return Secret(
        version=current[0] if current else "",
        deleted="DeletedDate" in reply,
        replicas={
            row["Region"]: row.get("Status", "") for row in reply.get("ReplicationStatus", ())
        },
    )


@permitted(DESCRIBE_IMAGES)
def image(door: Door, reference: str) -> bool:
    """Say whether the image `REGISTRY/REPOSITORY@DIGEST` lies in the region's own registry."""
    name, _, digest = reference.partition("@")
    repository = name.partition("/")[2]
    try:
        reply = door.read(
            "ecr",
            "DescribeImages",
            repositoryName=repository,
            imageIds=[{"imageDigest": digest}],
        )
    except Missing:
        return False
    return bool(reply["imageDetails"])


@permitted(DESCRIBE_SERVICES)
def service(door: Door, hosting: Hosting) -> Service | None:
    """Return the platform's service; None where there is none."""
    found = services.describe(door, hosting.cluster, hosting.service)
    if found is None:
        return None
    return Service(found.status, found.desired, found.running, found.task_definition)


@permitted(DESCRIBE_SCALING)
def scaling(door: Door, hosting: Hosting) -> Scaling | None:
    """Return the bounds of autoscaling; None where nothing scales."""
    found = services.scaling(door, hosting.scalable_target)
    return None if found is None else Scaling(found.minimum, found.maximum)


@permitted(READ_QUOTA)
def container_quota(door: Door) -> float:
    """Return how many cores Fargate lets the account run there at once."""
    reply = door.read(
        "service-quotas", "GetServiceQuota", ServiceCode="fargate", QuotaCode=_FARGATE_VCPU
    )
    return float(reply["Quota"]["Value"])


@permitted(DESCRIBE_GROUPS, DESCRIBE_SERVICES)
def admits_application(door: Door, site: Site) -> bool:
    """Say whether the site's databases admit its application: a fence may have been left shut."""
    return fences.look(door.cloud, site).admits_application


@permitted(LIST_LATCH)
def latch(door: Door, bucket: str) -> frozenset[str]:
    """Return the objects in the site's latch bucket."""
    return latches.present(door, bucket)


@permitted(READ_ADDRESSES)
def told(door: Door, bucket: str, key: str) -> AddressFile:
    """Return what the site's tasks are told at their start of where the databases are."""
    return addresses.read(door, bucket, key)


@permitted(READ_MANIFEST)
def manifest_copy(door: Door, site: Site, zone: str) -> str:
    """Return the digest of the manifest that lies in the site, once it proved to be sound."""
    found = manifests.read(door, site.manifest_bucket, site.manifest_key, zone)
    return manifest_json.digest(found)


@permitted(
    DESCRIBE_LEASE_TABLE, DESCRIBE_JOURNAL_TABLE, DESCRIBE_LEASE_BACKUPS, DESCRIBE_JOURNAL_BACKUPS
)
def table(door: Door, name: str) -> Table:
    """Return how a controller table stands."""
    described = door.read("dynamodb", "DescribeTable", TableName=name)["Table"]
    backups = door.read("dynamodb", "DescribeContinuousBackups", TableName=name)
    kept = backups["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    return Table(described["TableStatus"], kept.get("PointInTimeRecoveryStatus") == "ENABLED")


@permitted(READ_LEASE)
def lease(door: Door, name: str) -> Held:
    """Return who holds the zone's lease there."""
    found = leases.read(door, name)
    return Held("", "") if found is None else Held(found.owner, found.run)


@permitted(READ_LEASE)
def holds(door: Door, name: str) -> tuple[str, ...]:
    """Return the holds on recovery points, each with its reason."""
    return tuple(
        f"{one.identifier} since {one.since:%Y-%m-%d %H:%M} UTC ({one.reason})"
        for one in hold.holds(door, name)
    )


@permitted(READ_LEASE)
def last_drill(door: Door, name: str) -> Drill | None:
    """Return the last drill that was recorded there; None if none ever was."""
    found = drills.last(door, name)
    return None if found is None else Drill(found.at, found.scenario, found.digests)
