"""Is there room? What the account may have in the standby region against what a recovery needs."""

from collections.abc import Iterator

from failover.readiness.finding import Finding, blocks, degrades
from failover.readiness.picture import Picture

_CORE = 1024

_DATABASE_QUOTAS = {
    "DBInstances": ("instances", "restoring every database beside its replica"),
    "ManualSnapshots": ("manual snapshots", "copying a snapshot of every database"),
}


def quotas(picture: Picture) -> Iterator[Finding]:
    """Judge the room for databases, for copies, and for the platform's tasks."""
    yield from _databases(picture)
    yield from _containers(picture)


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
