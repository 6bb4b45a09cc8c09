"""Is there room? What the account may have against what a recovery needs, and rebuilding after it.

Redundancy is rebuilt in the region that was left: a replica and replicated backups per database.
"""

from collections.abc import Iterator

from failover.readiness.finding import Finding, blocks, degrades
from failover.readiness.picture import Picture

_CORE = 1024

_DATABASE_QUOTAS = {
    "DBInstances": ("instances", "restoring every database beside its replica"),
    "ManualSnapshots": ("manual snapshots", "copying a snapshot of every database"),
}

REPLICATED_BACKUPS = 20
"""How many automated backups an account may replicate to one region (RDS user guide, "Replicating
automated backups"). No API tells what AWS has raised it to."""


def quotas(picture: Picture) -> Iterator[Finding]:
    """Judge the room for databases, for copies, and for the platform's tasks."""
    yield from _databases(picture)
    yield from _containers(picture)


def left(picture: Picture) -> Iterator[Finding]:
    """Judge the room for rebuilding where the zone serves now, once it has been left."""
    needed, region = len(picture.manifest.databases), picture.manifest.serving_site.region
    instances = (picture.left_quotas.value or {}).get("DBInstances")
    if instances is not None and instances.room < needed:
        yield degrades(
            "rebuilding-quota-short",
            region,
            f"{instances.used} of {instances.maximum} instances are used in {region}; rebuilding "
            f"replicas beside the old primaries takes {needed} more",
            "Ask AWS to raise the quota of instances there before it is needed.",
        )
    used = picture.left_backups.value
    if used is not None and used + needed > REPLICATED_BACKUPS:
        yield degrades(
            "replicated-backups-short",
            region,
            f"{used} automated backups are replicated to {region}, turning replication round takes "
            f"{needed} more, and AWS allows {REPLICATED_BACKUPS} unless it was asked for more",
            "Ask AWS Support how many are allowed there, and for more, before it is needed.",
        )


def _databases(picture: Picture) -> Iterator[Finding]:
    found = picture.target.database_quotas.value
    if found is None:
        return
    needed = len(picture.manifest.databases)
    region = picture.standby_site.region
    for name, (things, purpose) in _DATABASE_QUOTAS.items():
        quota = found.get(name)
        if quota is None:
            yield blocks(
                "quota-unknown",
                region,
                f"RDS does not say how many {things} the account may have in {region}",
                "Look at the quota in Service Quotas; missing is not unlimited.",
            )
        elif quota.room < needed:
            yield degrades(
                "database-quota-short",
                region,
                f"{quota.used} of {quota.maximum} {things} are used in {region}; {purpose} needs "
                f"{needed} more",
                f"Ask AWS to raise the quota of {things} there, or remove what nobody needs.",
            )


def _containers(picture: Picture) -> Iterator[Finding]:
    cores, hosting = picture.target.container_quota.value, picture.standby_site.hosting
    if cores is None:
        return
    if not hosting.cpu:
        yield blocks(
            "task-size-unknown",
            picture.manifest.standby,
            "the manifest does not say how large a task is, so no quota can be judged",
            "Deploy the zone again, so that the manifest is written by this program.",
        )
        return
    least, most = (
        count * hosting.cpu / _CORE for count in (hosting.serving_desired, hosting.serving_maximum)
    )
    if cores < most:
        finding = blocks if cores < least else degrades
        yield finding(
            "container-quota-short",
            picture.standby_site.region,
            f"Fargate lets the account run {cores:g} cores; serving takes {least:g}, "
            f"at its peak {most:g}",
            "Ask AWS to raise 'Fargate On-Demand vCPU resource count' in that region.",
        )
