"""Looks at database instances, their copies, and what the region offers for them.

`failover.readiness.look` calls them with a door to one site's region.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cloud import metrics
from cloud.databases import PAGE, of_zone
from cloud.door import Door
from cloud.paging import batches, pages
from cloud.permitted import permitted
from continuity.manifest import Database
from continuity.permissions import (
    DESCRIBE_BACKUPS,
    DESCRIBE_DATABASES,
    DESCRIBE_OFFERS,
    DESCRIBE_PARAMETERS,
    DESCRIBE_RDS_QUOTAS,
    DESCRIBE_SNAPSHOTS,
    READ_METRICS,
)
from failover.observation import LagPoint
from failover.readiness.picture import (
    MULTI_AZ,
    SINGLE_AZ,
    Copy,
    CopyKind,
    Instance,
    Quota,
    Replication,
)

_MARKER = ("Marker", "Marker")


@permitted(DESCRIBE_DATABASES)
def instances(door: Door, identifiers: Iterable[str]) -> Mapping[str, Instance]:
    """Return the instances that exist there, by identifier, 100 a call."""
    found: dict[str, Instance] = {}
    for names in batches(sorted(identifiers), PAGE):
        wanted = [{"Name": "db-instance-id", "Values": list(names)}]
        for page in pages(
            door, "rds", "DescribeDBInstances", _MARKER, Filters=wanted, MaxRecords=PAGE
        ):
            rows = map(_instance, page["DBInstances"])
            found.update((row.identifier, row) for row in rows)
    return found


@permitted(DESCRIBE_DATABASES)
def tagged(door: Door, zone: str) -> Mapping[str, Mapping[str, str]]:
    """Return the tags of every instance there that carries the zone's name, by identifier."""
    return {one.identifier: one.tags for one in of_zone(door, zone)}


@permitted(READ_METRICS)
def lags(door: Door, identifiers: Iterable[str]) -> Mapping[str, tuple[LagPoint, ...]]:
    """Return the lag of the last quarter of an hour, newest first; none is unknown, not zero."""
    return {
        name: tuple(LagPoint(point.at, point.seconds) for point in points)
        for name, points in metrics.replica_lag(door, identifiers).items()
    }


@permitted(DESCRIBE_BACKUPS, DESCRIBE_SNAPSHOTS)
def copies(door: Door, identifiers: Iterable[str]) -> tuple[Copy, ...]:
    """Return every recovery point of these instances, of both sites, that lies there."""
    names = set(identifiers)
    received = [
        _backups(row)
        for page in pages(
            door, "rds", "DescribeDBInstanceAutomatedBackups", _MARKER, MaxRecords=PAGE
        )
        for row in page["DBInstanceAutomatedBackups"]
        if row.get("Region", door.region) != door.region
    ]
    taken = [
        _snapshot(row)
        for page in pages(door, "rds", "DescribeDBSnapshots", _MARKER, MaxRecords=PAGE)
        for row in page["DBSnapshots"]
    ]
    return tuple(copy for copy in (*received, *taken) if copy.instance in names)


@permitted(DESCRIBE_BACKUPS)
def replicated_backups(door: Door) -> int:
    """Return how many automated backups other regions replicate there, of the whole account."""
    return sum(
        row.get("Region", door.region) != door.region
        for page in pages(
            door, "rds", "DescribeDBInstanceAutomatedBackups", _MARKER, MaxRecords=PAGE
        )
        for row in page["DBInstanceAutomatedBackups"]
    )


@permitted(DESCRIBE_PARAMETERS)
def parameters(door: Door, group: str) -> Mapping[str, str]:
    """Return what a parameter group changes of the engine's defaults."""
    found = pages(
        door, "rds", "DescribeDBParameters", _MARKER, DBParameterGroupName=group, Source="user"
    )
    return {
        row["ParameterName"]: row.get("ParameterValue", "")
        for page in found
        for row in page["Parameters"]
    }


@permitted(DESCRIBE_OFFERS)
def offers(door: Door, database: Database, instance_class: str) -> frozenset[str]:
    """Return as what this version and class can be ordered there: nothing, single or Multi-AZ."""
    found = pages(
        door,
        "rds",
        "DescribeOrderableDBInstanceOptions",
        _MARKER,
        Engine=database.engine,
        EngineVersion=database.engine_version,
        DBInstanceClass=instance_class,
        Vpc=True,
    )
    rows = [row for page in found for row in page["OrderableDBInstanceOptions"]]
    return frozenset(MULTI_AZ if row.get("MultiAZCapable") else SINGLE_AZ for row in rows)


@permitted(DESCRIBE_RDS_QUOTAS)
def quotas(door: Door) -> Mapping[str, Quota]:
    """Return RDS's quotas by AWS's names, `DBInstances`, `ManualSnapshots` among them."""
    reply = door.read("rds", "DescribeAccountAttributes")
    return {
        row["AccountQuotaName"]: Quota(row["Used"], row["Max"]) for row in reply["AccountQuotas"]
    }


def _instance(row: Mapping[str, Any]) -> Instance:
    groups = row.get("DBParameterGroups") or [{}]
    return Instance(
        identifier=row["DBInstanceIdentifier"],
        status=row["DBInstanceStatus"],
        source=row.get("ReadReplicaSourceDBInstanceIdentifier") or None,
        engine_version=row.get("EngineVersion", ""),
        instance_class=row.get("DBInstanceClass", ""),
        storage_gb=row.get("AllocatedStorage", 0),
        key=row.get("KmsKeyId", ""),
        parameter_group=groups[0].get("DBParameterGroupName", ""),
        parameter_status=groups[0].get("ParameterApplyStatus", ""),
        replication=tuple(
            Replication(one.get("Status", ""), one.get("Normal", False), one.get("Message", ""))
            for one in row.get("StatusInfos", ())
        ),
    )


def _backups(row: Mapping[str, Any]) -> Copy:
    return Copy(
        CopyKind.BACKUPS,
        identifier=row.get("DBInstanceAutomatedBackupsArn", ""),
        instance=row["DBInstanceIdentifier"],
        status=row.get("Status", ""),
        newest=row.get("RestoreWindow", {}).get("LatestTime"),
        key=row.get("KmsKeyId", ""),
        retention_days=row.get("BackupRetentionPeriod"),
    )


def _snapshot(row: Mapping[str, Any]) -> Copy:
    """A copy's own age counts from the moment whose data it holds, not from its copying."""
    return Copy(
        CopyKind.SNAPSHOT,
        identifier=row["DBSnapshotIdentifier"],
        instance=row["DBInstanceIdentifier"],
        status=row.get("Status", ""),
        newest=row.get("OriginalSnapshotCreateTime") or row.get("SnapshotCreateTime"),
        key=row.get("KmsKeyId", ""),
        arrived=row.get("SnapshotCreateTime"),
    )
