"""Would the replicas do? Each database's instance in the standby site, its link and its lag."""

from collections.abc import Iterator
from datetime import timedelta

from continuity.manifest import Database
from continuity.wording import seconds_text
from failover.observation import LagPoint
from failover.readiness.finding import Finding, blocks, degrades
from failover.readiness.picture import Instance, Picture

FRESH = timedelta(minutes=5)
"""A lag measured earlier says nothing about now: RDS publishes one every minute."""

_PASSING = frozenset(
    {"backing-up", "configuring-enhanced-monitoring", "configuring-log-exports", "maintenance",
     "modifying", "rebooting", "storage-optimization", "upgrading"}
)  # fmt: skip
"""Statuses that end by themselves (RDS user guide, viewing DB instance status)."""


def replication(picture: Picture) -> Iterator[Finding]:
    """Judge every database's replica; instances that cannot be read are judged elsewhere."""
    found = picture.standby.instances.value
    if found is None:
        return
    for database in picture.manifest.databases:
        identifier = database.members[picture.manifest.standby].identifier
        instance = found.get(identifier)
        if instance is None:
            yield blocks(
                "replica-missing",
                database.name,
                f"{identifier} does not exist in {picture.standby_site.region}",
                "Deploy the zone, or rebuild the replica under the next incarnation.",
            )
            continue
        yield from _status(database, instance)
        yield from _link(picture, database, instance)
        yield from _lag(picture, database, identifier)


def _status(database: Database, instance: Instance) -> Iterator[Finding]:
    if instance.status == "available":
        return
    what = f"{instance.identifier} is {instance.status}"
    if instance.status in _PASSING:
        yield degrades(
            "replica-busy",
            database.name,
            f"{what}: a promotion would wait for that",
            "Wait until it is available, then check again.",
        )
    else:
        yield blocks(
            "replica-unavailable",
            database.name,
            f"{what}: RDS does not promote it",
            f"Bring {instance.identifier} back to available, or rebuild the replica.",
        )


def _link(picture: Picture, database: Database, instance: Instance) -> Iterator[Finding]:
    source = database.members[picture.manifest.active]
    if instance.source is None:
        yield blocks(
            "replica-standalone",
            database.name,
            f"{instance.identifier} follows nothing: it was promoted, or never was a replica",
            "If a failover ran, reconcile the zone; otherwise rebuild the replica.",
        )
        return
    if instance.source not in (source.arn, source.identifier):
        yield blocks(
            "replica-of-another",
            database.name,
            f"{instance.identifier} follows {instance.source}, not {source.identifier}",
            "Rebuild the replica from the serving site's instance.",
        )
    if not instance.replication:
        yield blocks(
            "replication-unknown",
            database.name,
            f"RDS says nothing about the replication of {instance.identifier}",
            "Look at the instance in RDS; missing is not healthy.",
        )
    for link in instance.replication:
        if not link.normal:
            said = f": {link.message}" if link.message else ""
            yield blocks(
                "replication-broken",
                database.name,
                f"the replication of {instance.identifier} is {link.status}{said}",
                "Repair what RDS names, or rebuild the replica; until then only copies are left.",
            )


def lag_s(picture: Picture, database: Database) -> float | None:
    """Return how far the replica is behind now, in seconds; None for unknown."""
    newest = _newest(picture, database.members[picture.manifest.standby].identifier)
    return None if newest is None or _unknown(picture, newest) else newest.seconds


def _newest(picture: Picture, identifier: str) -> LagPoint | None:
    points = (picture.target.lags.value or {}).get(identifier, ())
    return max(points, key=lambda point: point.at, default=None)


def _lag(picture: Picture, database: Database, identifier: str) -> Iterator[Finding]:
    if picture.target.lags.value is None:
        return
    newest = _newest(picture, identifier)
    why = _unknown(picture, newest)
    if newest is None or newest.seconds is None or why:
        yield blocks(
            "lag-unknown",
            database.name,
            f"the lag of {identifier} is unknown: {why}",
            "See that the primary replicates and publishes ReplicaLag; unknown is not zero.",
        )
        return
    objective = picture.manifest.objectives.rpo.total_seconds()
    if newest.seconds > objective:
        yield blocks(
            "lag-above-objective",
            database.name,
            f"{identifier} is {seconds_text(newest.seconds)} behind, the objective allows "
            f"{seconds_text(objective)}",
            "Find what slows the replica down; a promotion now would need consent to the loss.",
        )


def _unknown(picture: Picture, newest: LagPoint | None) -> str:
    if newest is None:
        return "nothing was measured in the last quarter of an hour"
    if newest.seconds is None:
        return "RDS reports the replica as not replicating"
    if picture.now - newest.at > FRESH:
        return f"it was last measured at {newest.at:%H:%M:%S} UTC"
    return ""
