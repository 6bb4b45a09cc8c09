"""Looks at what one site does for the other: schedules, alarms, copies of files, points and images.

`failover.readiness.look` calls them with a door to that site's region.
"""

from collections.abc import Iterable, Mapping

from cloud.door import Door
from cloud.failures import Missing
from cloud.paging import batches, pages
from cloud.permitted import permitted
from continuity import naming
from continuity.health_alarms import DatabaseAlarm, of_database
from continuity.permissions import (
    DESCRIBE_ALARMS,
    DESCRIBE_FILE_SYSTEM_COPIES,
    DESCRIBE_REGISTRY,
    LIST_BACKUP_PLANS,
    READ_BACKUP_PLAN,
    READ_FILE_REPLICATION,
    READ_SCHEDULE,
)
from continuity.zone import SiteName
from failover.readiness.directions import Silence

_NEXT = ("NextToken", "NextToken")
_NAMES = 100
_UNREPLICATED = "ReplicationConfigurationNotFoundError"
_INSTANCE = "DBInstanceIdentifier"


@permitted(READ_SCHEDULE)
def duties(door: Door, group: str, schedules: Iterable[str]) -> frozenset[str]:
    """Return the duties of backups whose schedule is on, by the last word of its name."""
    found = {
        name: door.read("scheduler", "GetSchedule", GroupName=group, Name=name)
        for name in schedules
    }
    return frozenset(
        name.rpartition("-")[2] for name, row in found.items() if row["State"] == "ENABLED"
    )


@permitted(DESCRIBE_ALARMS)
def lag_alarms(
    door: Door, zone: str, site: SiteName, databases: Iterable[str]
) -> Mapping[str, Silence]:
    """Return the alarms on the lag of a site's instances, by database."""
    names = {
        naming.in_site(zone, site, of_database(name, DatabaseAlarm.LAG)): name for name in databases
    }
    found: dict[str, Silence] = {}
    for some in batches(sorted(names), _NAMES):
        for page in pages(door, "cloudwatch", "DescribeAlarms", _NEXT, AlarmNames=list(some)):
            for row in page["MetricAlarms"]:
                rows = {one["Name"]: one["Value"] for one in row.get("Dimensions", ())}
                alarms = row.get("TreatMissingData") == "breaching"
                found[names[row["AlarmName"]]] = Silence(rows.get(_INSTANCE, ""), alarms)
    return found


@permitted(READ_FILE_REPLICATION)
def files(door: Door, buckets: Mapping[str, str]) -> Mapping[str, str]:
    """Return for each purpose the bucket that follows the site's, empty where none does."""
    return {purpose: _follower(door, bucket) for purpose, bucket in buckets.items()}


def _follower(door: Door, bucket: str) -> str:
    try:
        reply = door.read("s3", "GetBucketReplication", Bucket=bucket)
    except Missing as missing:
        if missing.code != _UNREPLICATED:
            raise
        return ""
    rules = reply["ReplicationConfiguration"]["Rules"]
    on = [one["Destination"]["Bucket"] for one in rules if one.get("Status") == "Enabled"]
    return str(on[0]).rpartition(":")[2] if on else ""


@permitted(LIST_BACKUP_PLANS, READ_BACKUP_PLAN)
def vaults(door: Door, plan: str) -> frozenset[str]:
    """Return the ARNs of the vaults to which a plan copies what it takes."""
    identifiers = [
        row["BackupPlanId"]
        for page in pages(door, "backup", "ListBackupPlans", _NEXT)
        for row in page["BackupPlansList"]
        if row["BackupPlanName"] == plan
    ]
    found = [door.read("backup", "GetBackupPlan", BackupPlanId=one) for one in identifiers]
    return frozenset(
        copied["DestinationBackupVaultArn"]
        for one in found
        for rule in one["BackupPlan"]["Rules"]
        for copied in rule.get("CopyActions", ())
    )


@permitted(DESCRIBE_REGISTRY)
def images(door: Door, repository: str) -> frozenset[str]:
    """Return the regions to which the registry copies what is pushed into a repository."""
    reply = door.read("ecr", "DescribeRegistry")
    rules = reply.get("replicationConfiguration", {}).get("rules", ())
    return frozenset(
        target["region"]
        for rule in rules
        for target in rule["destinations"]
        if _concerns(rule.get("repositoryFilters", ()), repository)
    )


def _concerns(filters: Iterable[Mapping[str, str]], repository: str) -> bool:
    """Say whether a rule is about a repository: one without filters is about all of them."""
    wanted = [one["filter"] for one in filters]
    return not wanted or any(repository.startswith(one) for one in wanted)


@permitted(DESCRIBE_FILE_SYSTEM_COPIES)
def file_system(door: Door, identifier: str) -> str:
    """Return the file system that follows one, empty for none."""
    try:
        reply = door.read("efs", "DescribeReplicationConfigurations", FileSystemId=identifier)
    except Missing:
        return ""
    targets = [
        target["FileSystemId"]
        for row in reply["Replications"]
        if row["SourceFileSystemId"] == identifier
        for target in row["Destinations"]
    ]
    return str(targets[0]) if targets else ""
