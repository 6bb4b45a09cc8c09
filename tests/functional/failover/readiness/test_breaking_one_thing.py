"""Each thing broken in AWS itself: the looks see it, and exactly its finding appears."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from moto.backends import get_backend

from backup import hold
from backup.evidence import Verdict
from cloud import drills, latches
from continuity import manifest_json, naming
from simulator import limits
from simulator.corrections import rds_offers
from simulator.faults import Fault, FaultKind

Zone = Any  # the fixture of conftest.py, which no test can import
Broken = Callable[[Zone], AbstractContextManager[None]]
EVERY = ("accounts", "orders", "catalogue", "messages", "reporting")


def moto(zone: Zone, service: str, region: str = "") -> Any:  # noqa: ANN401 - moto is untyped
    return get_backend(service)[zone.manifest.account][region or zone.away.region]


def instance(zone: Zone) -> Any:  # noqa: ANN401 - moto is untyped
    return moto(zone, "rds").databases["we1-orders-away-1"]


def attribute(name: str, value: object) -> Broken:
    """Return what gives the replica of orders another attribute."""

    @contextmanager
    def broken(zone: Zone) -> Iterator[None]:
        replica = instance(zone)
        before = getattr(replica, name)
        setattr(replica, name, value)
        yield
        setattr(replica, name, before)

    return broken


def fault(kind: FaultKind, **fields: Any) -> Broken:  # noqa: ANN401 - any field
    """Return what lets the world suffer for ten minutes."""

    @contextmanager
    def broken(zone: Zone) -> Iterator[None]:
        zone.fault(Fault(kind, 0, lasts_s=600, **fields))
        zone.world.clock.sleep(400)
        yield
        zone.world.clock.sleep(900)

    return broken


@contextmanager
def no_replica(zone: Zone) -> Iterator[None]:
    databases = moto(zone, "rds").databases
    gone = databases.pop("we1-orders-away-1")
    yield
    databases[gone.db_instance_identifier] = gone


@contextmanager
def backups_not_replicated(zone: Zone) -> Iterator[None]:
    source = zone.manifest.databases[1].members[zone.manifest.active].arn
    rds = zone.aws("rds")
    with zone.world.instantly():
        rds.stop_db_instance_automated_backups_replication(SourceDBInstanceArn=source)
    yield
    with zone.world.instantly():
        rds.start_db_instance_automated_backups_replication(
            SourceDBInstanceArn=source, KmsKeyId=zone.away.key_arn, BackupRetentionPeriod=14
        )


@contextmanager
def another_parameter(zone: Zone) -> Iterator[None]:
    group = zone.manifest.databases[1].members[zone.manifest.standby].parameter_group
    changed = {"ParameterName": "work_mem", "ParameterValue": "65536", "ApplyMethod": "immediate"}
    zone.aws("rds").modify_db_parameter_group(DBParameterGroupName=group, Parameters=[changed])
    yield
    del moto(zone, "rds").db_parameter_groups[group].parameters["work_mem"]


@contextmanager
def class_withheld(zone: Zone) -> Iterator[None]:
    rds_offers.withhold(zone.world, zone.away.region, "db.r6g.2xlarge")
    yield
    rds_offers._WITHHELD.give(zone.world, frozenset())


def quota(name: str, maximum: int) -> Broken:
    @contextmanager
    def broken(zone: Zone) -> Iterator[None]:
        limits.change(zone.world, zone.away.region, name, maximum)
        yield
        limits.change(zone.world, zone.away.region, name, limits.USUAL[name])

    return broken


def key_disabled(site: str) -> Broken:
    @contextmanager
    def broken(zone: Zone) -> Iterator[None]:
        where = getattr(zone, site)
        kms, key = zone.aws("kms", where.region), where.key_arn.rpartition("/")[2]
        kms.disable_key(KeyId=key)
        yield
        kms.enable_key(KeyId=key)

    return broken


@contextmanager
def secret_not_replicated(zone: Zone) -> Iterator[None]:
    kept = moto(zone, "secretsmanager", zone.home.region).secrets["holdfast/we1/orders"]
    kept.replicas[0].config["Status"] = "Failed"
    yield
    kept.replicas[0].config["Status"] = "InSync"


@contextmanager
def no_image(zone: Zone) -> Iterator[None]:
    repository = moto(zone, "ecr").repositories["holdfast/we1/platform"]
    kept, repository.images = repository.images, []
    yield
    repository.images = kept


@contextmanager
def nothing_runs(zone: Zone) -> Iterator[None]:
    hosting = zone.away.hosting
    for tasks in (0, 1):
        with zone.world.instantly():
            zone.aws("ecs").update_service(
                cluster=hosting.cluster, service=hosting.service, desiredCount=tasks
            )
        if not tasks:
            yield


@contextmanager
def narrow_serving_bounds(zone: Zone) -> Iterator[None]:
    scaling = zone.aws("application-autoscaling", zone.home.region)
    target = {
        "ServiceNamespace": "ecs",
        "ScalableDimension": "ecs:service:DesiredCount",
        "ResourceId": zone.home.hosting.scalable_target,
    }
    scaling.register_scalable_target(**target, MinCapacity=4, MaxCapacity=12)
    yield
    scaling.register_scalable_target(**target, MinCapacity=4, MaxCapacity=24)


@contextmanager
def fence_left_shut(zone: Zone) -> Iterator[None]:
    ec2, group = zone.aws("ec2"), zone.away.database_security_group
    [found] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    rule = {"GroupId": group, "IpPermissions": found["IpPermissions"]}
    ec2.revoke_security_group_ingress(**rule)
    yield
    ec2.authorize_security_group_ingress(**rule)


@contextmanager
def latch_thrown(zone: Zone) -> Iterator[None]:
    latch = zone.away.latch
    door = zone.signed_in("failover").at(zone.away.region)
    latches.put(door, latch.bucket, latch.closed_key)
    zone.signed_in("readiness")
    zone.world.clock.sleep(60)
    yield
    door.change("s3", "DeleteObject", Bucket=latch.bucket, Key=latch.closed_key)
    zone.world.clock.sleep(60)


@contextmanager
def check_not_inverted(zone: Zone) -> Iterator[None]:
    route53, check = zone.aws("route53"), zone.home.not_closed_check
    route53.update_health_check(HealthCheckId=check, Inverted=False)
    yield
    route53.update_health_check(HealthCheckId=check, Inverted=True)


@contextmanager
def two_are_enough(zone: Zone) -> Iterator[None]:
    route53, check = zone.aws("route53"), zone.home.serves_check
    route53.update_health_check(HealthCheckId=check, HealthThreshold=2)
    yield
    route53.update_health_check(HealthCheckId=check, HealthThreshold=3)


@contextmanager
def no_holding_record(zone: Zone) -> Iterator[None]:
    route53, hosted = zone.aws("route53"), zone.manifest.traffic.hosted_zone_id
    rows = route53.list_resource_record_sets(HostedZoneId=hosted)["ResourceRecordSets"]
    [record] = [row for row in rows if row.get("SetIdentifier") == "holding"]
    for action in ("DELETE", "CREATE"):
        change = {"Action": action, "ResourceRecordSet": record}
        route53.change_resource_record_sets(HostedZoneId=hosted, ChangeBatch={"Changes": [change]})
        if action == "DELETE":
            yield


def copied(text: Callable[[Zone], str]) -> Broken:
    """Return what puts another text in the place of the standby's manifest."""

    @contextmanager
    def broken(zone: Zone) -> Iterator[None]:
        place = {"Bucket": zone.away.manifest_bucket, "Key": zone.away.manifest_key}
        zone.aws("s3").put_object(**place, Body=text(zone).encode())
        yield
        zone.aws("s3").put_object(**place, Body=manifest_json.dump(zone.manifest).encode())

    return broken


def older(zone: Zone) -> str:
    return manifest_json.dump(replace(zone.manifest, approvers=1))


@contextmanager
def journal_not_recoverable(zone: Zone) -> Iterator[None]:
    for enabled in (False, True):
        zone.aws("dynamodb").update_continuous_backups(
            TableName=zone.away.journal_table,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
        )
        if not enabled:
            yield


@contextmanager
def held(zone: Zone) -> Iterator[None]:
    door, table = zone.cloud.at(zone.away.region), zone.away.lease_table
    hold.place(door, table, hold.Hold("legal", "litigation", datetime(2026, 3, 1, tzinfo=UTC)))
    yield
    hold.lift(door, table, "legal")


@contextmanager
def never_drilled(zone: Zone) -> Iterator[None]:
    door = zone.signed_in("failover").at(zone.away.region)
    table = zone.away.lease_table
    kept = drills.last(door, table)
    door.change("dynamodb", "DeleteItem", TableName=table, Key={"name": {"S": drills.KEY}})
    zone.signed_in("readiness")
    yield
    assert kept is not None
    drills.record(door, table, kept)


@contextmanager
def wrong_content(zone: Zone) -> Iterator[None]:
    zone.world.clock.sleep(1)
    zone.tried("orders", Verdict.REFUTED)
    yield
    zone.world.clock.sleep(1)
    zone.tried("orders", Verdict.PROVEN)


@contextmanager
def may_not_promote(zone: Zone) -> Iterator[None]:
    iam, role = zone.aws("iam"), naming.role("we1", "failover")
    names = {"RoleName": role, "PolicyName": role}
    granted = iam.get_role_policy(**names)["PolicyDocument"]
    text = json.dumps(granted)
    iam.put_role_policy(**names, PolicyDocument=text.replace('"rds:PromoteReadReplica", ', ""))
    yield
    iam.put_role_policy(**names, PolicyDocument=text)


AWAY = "eu-central-1"
KEYLESS = {("no-usable-copy", name) for name in EVERY}
CASES: dict[str, tuple[Broken, set[tuple[str, str]]]] = {
    "the replica's disk is full": (
        attribute("status", "storage-full"), {("replica-unavailable", "orders")}),
    "the replica is gone": (no_replica, {("replica-missing", "orders")}),
    "the replica is of another class": (
        attribute("db_instance_class", "db.t4g.micro"), {("class-differs", "orders")}),
    "the replica has another version": (
        attribute("engine_version", "16.9"), {("version-differs", "orders")}),
    "the replica does not receive": (
        fault(FaultKind.REPLICA_BROKEN, database="orders"),
        {("replication-broken", "orders"), ("lag-unknown", "orders")}),
    "nobody measures the lag": (
        fault(FaultKind.LAG_UNKNOWN, database="orders"), {("lag-unknown", "orders")}),
    "backups are not replicated": (
        backups_not_replicated, {("backups-not-replicated", "orders")}),
    "a parameter differs": (another_parameter, {("parameters-differ", "orders")}),
    "a class is not offered": (class_withheld, {("class-not-offered", "orders")}),
    "no room for databases": (
        quota(limits.DB_INSTANCES, 9), {("database-quota-short", AWAY)}),
    "no room for tasks": (
        quota(limits.FARGATE_CORES, 5), {("container-quota-short", AWAY)}),
    "the serving key is off": (key_disabled("home"), {("key-not-usable", "home")}),
    "the standby's key is off": (
        key_disabled("away"), {("key-not-usable", "away")} | KEYLESS),
    "a password is not replicated": (
        secret_not_replicated, {("secret-not-replicated", "orders")}),
    "the image is missing": (no_image, {("image-missing", "away")}),
    "nothing runs in the standby": (
        nothing_runs, {("standby-not-warm", "away"), ("scaling-bounds-differ", "away")}),
    "the serving bounds are narrow": (
        narrow_serving_bounds, {("scaling-bounds-differ", "home")}),
    "a fence was left shut": (fence_left_shut, {("databases-fenced", "away")}),
    "a latch is thrown": (
        latch_thrown, {("latch-thrown", "away"), ("health-check-tripped", "home")}),
    "a check is not inverted": (
        check_not_inverted, {("health-check-differs", "home"), ("serves-check-differs", "home")}),
    "any two checks let the site serve": (
        two_are_enough, {("serves-check-differs", "home")}),
    "the holding page has no record": (
        no_holding_record, {("record-differs", "standby.we1.holdfast.example")}),
    "the standby's manifest is older": (
        copied(older), {("manifest-copies-differ", "we1"), ("manifest-not-current", "away")}),
    "the standby's manifest is garbage": (
        copied(lambda _: "{}"), {("unreadable", "standby manifest copy")}),
    "the journal cannot be restored": (
        journal_not_recoverable, {("table-not-recoverable", "holdfast-we1-away-journal")}),
    "recovery points are held": (held, {("recovery-points-held", "we1")}),
    "nobody drilled": (never_drilled, {("drill-missing", "we1")}),
    "a trial found wrong content": (wrong_content, {("proof-refuted", "orders")}),
    "the role may not promote": (may_not_promote, {("permission-missing", "databases")}),
    "we may not list snapshots": (
        fault(FaultKind.DENIED, service="rds", operation="DescribeDBSnapshots"),
        {("unreadable", "target copies")}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_seen(zone: Zone, case: str) -> None:
    broken, expected = CASES[case]
    with broken(zone):
        found = zone.check()
    assert {(one.name, one.subject) for one in found.findings} == expected
