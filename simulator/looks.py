"""What an answer shows and may change: while two looks are alike, AWS answers word for word alike.

`simulator.repeated_answers` compares them. Everything is read from the state behind the API, at
the moment of the call, whoever changed it: nothing has to be told that it did.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from moto.backup.models import backup_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.dynamodb.models import dynamodb_backends
from moto.kms.models import kms_backends
from moto.rds.models import rds_backends
from moto.s3.models import s3_backends

from simulator import alarms, inside
from simulator.call_log import Call
from simulator.corrections import backup_points, backup_restores
from simulator.world import current

Look = object
"""Compared, and nothing else; None where nobody can say what an answer shows."""


def of(call: Call) -> Look | None:
    """Return what the answer to a call shows now; None where it must be asked for."""
    look = _LOOKS.get(call.name)
    return look(call) if look is not None else None


def snapshot(one: Any) -> tuple[object, ...]:  # noqa: ANN401 - a moto DBSnapshot
    """Return everything that AWS shows of a snapshot and that may change."""
    status = one.status
    return (
        one.db_snapshot_identifier,
        status,
        _DONE if status == "available" else one.percent_progress,
        one.created,
        one.original_snapshot_create_time,
        tuple(map(_PAIR, one.tags)),
    )


_DONE = 100
_PAIR = itemgetter("Key", "Value")


def instance(one: Any) -> tuple[object, ...]:  # noqa: ANN401 - a moto DBInstance
    """Return what AWS shows of an instance and may change, but up to when it can be restored."""
    group = vars(one).get("db_subnet_group")
    return (
        *map(_plain, vars(one).values()),
        *map(_plain, vars(group).values() if group else ()),
        repr(one.status_infos),
        one.storage_operation_status,
        one.storage_operation_percent_progress,
        one.latest_restorable_time is None,
    )


def _plain(value: object) -> object:
    return value if isinstance(value, _PLAIN) else repr(value)


_PLAIN = str | int | float | None


def _snapshots(call: Call) -> Look | None:
    known = rds_backends[inside.ACCOUNT][call.region].database_snapshots
    name = call.parameters.get("DBSnapshotIdentifier")
    if name is None:
        return [(id(one), snapshot(one)) for one in known.values()]
    one = known.get(str(name))
    return (id(one), snapshot(one)) if one is not None else None


def _item(call: Call) -> Look | None:
    return _items(call.region, {call.parameters["TableName"]: [call.parameters["Key"]]})


def _batch(call: Call) -> Look | None:
    wanted: Any = call.parameters["RequestItems"]
    return _items(call.region, {table: asked["Keys"] for table, asked in wanted.items()})


def _items(region: str, wanted: Mapping[Any, list[Any]]) -> Look | None:
    backend = dynamodb_backends[inside.ACCOUNT][region]
    if not all(table in backend.tables for table in wanted):
        return None
    found = [backend.get_item(table, key) for table, keys in wanted.items() for key in keys]
    return [None if one is None else _attributes(one.attrs) for one in found]


def _attributes(attributes: Mapping[str, Any]) -> Look:
    """Return an item's content; texts as they are, for they may be long and are rarely replaced."""
    return [
        (name, one.type, one.value if isinstance(one.value, str) else repr(one))
        for name, one in attributes.items()
    ]


def _key(call: Call) -> Look | None:
    backend = kms_backends[inside.ACCOUNT][call.region]
    key = backend.keys.get(str(call.parameters["KeyId"]).rpartition("/")[2])
    return None if key is None else repr(key.to_dict())


def _copies(call: Call) -> Look | None:
    jobs = backup_points.jobs(backup_backends[inside.ACCOUNT][call.region])
    return [(name, job.state) for name, job in jobs.items()]


def _points(call: Call) -> Look | None:
    vault = backup_backends[inside.ACCOUNT][call.region].vaults.get(
        str(call.parameters["BackupVaultName"])
    )
    if vault is None:
        return None
    return [(arn, one.status, one.completed) for arn, one in backup_points.points(vault).items()]


def _destination(call: Call) -> Look | None:
    jobs = backup_restores.jobs(backup_backends[inside.ACCOUNT][call.region])
    job = jobs.get(str(call.parameters["RestoreJobId"]))
    return None if job is None else repr(job.metadata)


def _object(call: Call) -> Look | None:
    if set(call.parameters) != {"Bucket", "Key"}:
        return None
    bucket = _bucket(call)
    found = bucket.keys.get(str(call.parameters["Key"])) if bucket is not None else None
    return (id(found), found.version_id, found.etag, found.last_modified) if found else None


def _files(call: Call) -> Look | None:
    """Return every version in a bucket: lists show some of them, and nothing else."""
    bucket = _bucket(call)
    if bucket is None:
        return None
    return [
        (name, id(one), one.version_id, one.last_modified, getattr(one, "etag", ""))
        for name in bucket.keys
        for one in bucket.keys.getlist(name)
    ]


def _lifecycle(call: Call) -> Look | None:
    bucket = _bucket(call)
    return None if bucket is None else [repr(vars(rule)) for rule in bucket.rules]


def _bucket(call: Call) -> Any:  # noqa: ANN401 - a moto FakeBucket
    return s3_backends[inside.ACCOUNT]["aws"].buckets.get(str(call.parameters["Bucket"]))


def _alarms(call: Call) -> Look | None:
    """Return what alarms that are asked for by name say at this moment."""
    names: Any = call.parameters.get("AlarmNames")
    if not names or set(call.parameters) - {"AlarmNames", "MaxRecords"}:
        return None
    known = cloudwatch_backends[inside.ACCOUNT][call.region].alarms
    found = [known[name] for name in names if name in known]
    for one in found:
        alarms.refresh(current(), call.region, one)
    return [
        (
            id(one),
            one.state_value,
            one.state_updated_timestamp,
            one.configuration_updated_timestamp,
            one.actions_enabled,
        )
        for one in found
    ]


_LOOKS: Mapping[str, Callable[[Call], Look | None]] = {
    "cloudwatch.DescribeAlarms": _alarms,
    "rds.DescribeDBSnapshots": _snapshots,
    "dynamodb.GetItem": _item,
    "dynamodb.BatchGetItem": _batch,
    "kms.DescribeKey": _key,
    "backup.ListCopyJobs": _copies,
    "backup.ListRecoveryPointsByBackupVault": _points,
    "backup.GetRestoreJobMetadata": _destination,
    "s3.GetBucketLifecycleConfiguration": _lifecycle,
    "s3.GetObject": _object,
    "s3.ListObjectVersions": _files,
    "s3.ListObjectsV2": _files,
}
