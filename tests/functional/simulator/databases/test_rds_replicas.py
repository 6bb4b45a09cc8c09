from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.faults import Fault, FaultKind

Pair = Any  # the conftest's class: test files share no modules


def test_moto_alone_looks_the_subnet_group_up_in_the_sources_region(raw: Pair) -> None:
    raw.primary()
    raw.subnet_group("eu-central-1", "isolated")
    with pytest.raises(ClientError, match="DBSubnetGroupNotFound"):
        raw.replica(DBSubnetGroupName="isolated")


def test_a_replicas_subnet_group_is_of_its_own_region(pair: Pair) -> None:
    pair.primary()
    vpc = pair.subnet_group("eu-central-1", "isolated")
    pair.replica(DBSubnetGroupName="isolated")
    shown = pair.shown(pair.away, "orders-replica")
    assert shown["DBSubnetGroup"]["VpcId"] == vpc
    with pytest.raises(ClientError, match="DBSubnetGroupNotFound"):
        pair.replica("other", DBSubnetGroupName="elsewhere")


def test_moto_alone_takes_any_key_and_keeps_the_sources_without_one(raw: Pair) -> None:
    raw.primary()
    raw.replica("foreign", KmsKeyId=raw.home_key)
    raw.away.create_db_instance_read_replica(
        DBInstanceIdentifier="keyless", SourceDBInstanceIdentifier=raw.home_arn
    )
    for name in ("foreign", "keyless"):
        assert raw.shown(raw.away, name)["KmsKeyId"] == raw.home_key


def test_a_replica_is_encrypted_with_a_key_of_its_own_region(pair: Pair) -> None:
    pair.primary()
    pair.replica()
    assert pair.shown(pair.away, "orders-replica")["KmsKeyId"] == pair.away_key
    with pytest.raises(ClientError, match="cross region unencrypted read replica"):
        pair.away.create_db_instance_read_replica(
            DBInstanceIdentifier="keyless", SourceDBInstanceIdentifier=pair.home_arn
        )
    with pytest.raises(ClientError, match="KMSKeyNotAccessible"):
        pair.replica("foreign", KmsKeyId=pair.home_key)


TAGS = [{"Key": "holdfast:database", "Value": "orders"}]


def test_moto_alone_copies_the_source(raw: Pair) -> None:
    raw.primary(Tags=TAGS, MultiAZ=True)
    raw.replica()
    shown = raw.shown(raw.away, "orders-replica")
    assert shown["TagList"] == TAGS
    assert shown["MultiAZ"]
    assert shown["BackupRetentionPeriod"] == 7
    assert shown["AvailabilityZone"] == "eu-west-1a"


def test_a_replica_is_somebody_of_its_own(pair: Pair) -> None:
    pair.primary(Tags=TAGS, MultiAZ=True, EnableCloudwatchLogsExports=["postgresql"])
    pair.replica()
    source, shown = pair.shown(pair.home, "orders"), pair.shown(pair.away, "orders-replica")
    assert shown["TagList"] == []
    assert not shown["MultiAZ"]
    assert shown["BackupRetentionPeriod"] == 0
    assert shown["AvailabilityZone"] == "eu-central-1a"
    assert shown["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres16"
    assert "EnabledCloudwatchLogsExports" not in shown or not shown["EnabledCloudwatchLogsExports"]
    assert shown["DbiResourceId"] != source["DbiResourceId"]
    assert source["ReadReplicaDBInstanceIdentifiers"] == [shown["DBInstanceArn"]]
    assert shown["ReadReplicaSourceDBInstanceIdentifier"] == pair.home_arn


def test_a_cross_region_postgresql_replica_takes_no_parameter_group(pair: Pair) -> None:
    pair.primary()
    pair.away.create_db_parameter_group(
        DBParameterGroupName="own", DBParameterGroupFamily="postgres16", Description="own"
    )
    with pytest.raises(ClientError, match="parameter group can't be specified"):
        pair.replica(DBParameterGroupName="own")


def test_moto_alone_replicates_what_has_no_backups_and_overwrites_names(raw: Pair) -> None:
    raw.primary(BackupRetentionPeriod=0)
    raw.replica()
    raw.replica()
    assert raw.status(raw.away, "orders-replica") == "available"


def test_a_source_needs_backups_and_a_name_is_used_once(pair: Pair) -> None:
    pair.primary(BackupRetentionPeriod=0)
    with pytest.raises(ClientError, match=r"InvalidDBInstanceState.*Automated backups"):
        pair.replica()
    with pair.world.instantly():
        pair.home.modify_db_instance(DBInstanceIdentifier="orders", BackupRetentionPeriod=7)
    pair.replica()
    with pytest.raises(ClientError, match="DBInstanceAlreadyExists"):
        pair.replica()


def test_a_replica_takes_its_time_and_then_says_that_it_replicates(pair: Pair) -> None:
    pair.primary()
    pair.away.create_db_instance_read_replica(
        DBInstanceIdentifier="orders-replica",
        SourceDBInstanceIdentifier=pair.home_arn,
        KmsKeyId=pair.away_key,
    )
    assert pair.shown(pair.away, "orders-replica")["StatusInfos"] == []
    pair.clock.sleep(86_400)
    assert pair.shown(pair.away, "orders-replica")["StatusInfos"] == [
        {"StatusType": "read replication", "Normal": True, "Status": "replicating"}
    ]


def test_moto_alone_never_says_how_replication_goes(raw: Pair) -> None:
    raw.primary()
    raw.replica()
    assert "StatusInfos" not in raw.shown(raw.away, "orders-replica")


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.REGION_LOST, 0, region="eu-west-1"),
        Fault(FaultKind.REPLICA_BROKEN, 0, database="orders"),
        Fault(FaultKind.REPLICA_BROKEN, 0, database="orders-replica"),
    ],
)
def test_broken_replication_shows(pair: Pair, fault: Fault) -> None:
    pair.primary()
    pair.replica(Tags=TAGS)
    pair.world.faults.schedule([fault], origin=pair.clock.monotonic())
    pair.clock.sleep(1)
    (info,) = pair.shown(pair.away, "orders-replica")["StatusInfos"]
    assert (info["Normal"], info["Status"]) == (False, "error")
    assert "Replication has stopped" in info["Message"]


def test_moto_alone_fails_on_deleting_a_replica_abroad_and_deletes_it_all_the_same(
    raw: Pair,
) -> None:
    raw.primary()
    raw.replica()
    with pytest.raises(ValueError, match="not in list"):
        raw.away.delete_db_instance(DBInstanceIdentifier="orders-replica", SkipFinalSnapshot=True)
    assert raw.status(raw.away, "orders-replica") == "gone"


def test_a_replica_abroad_can_be_deleted_and_its_source_forgets_it(pair: Pair) -> None:
    pair.primary()
    pair.replica()
    with pytest.raises(ClientError, match="SkipFinalSnapshot must be specified"):
        pair.away.delete_db_instance(
            DBInstanceIdentifier="orders-replica", FinalDBSnapshotIdentifier="no"
        )
    pair.away.delete_db_instance(DBInstanceIdentifier="orders-replica", SkipFinalSnapshot=True)
    pair.clock.sleep(1800)
    assert pair.status(pair.away, "orders-replica") == "gone"
    assert pair.shown(pair.home, "orders")["ReadReplicaDBInstanceIdentifiers"] == []


def test_a_replica_whose_source_is_deleted_is_not_promoted_by_that(pair: Pair) -> None:
    pair.primary()
    pair.replica()
    pair.home.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    pair.clock.sleep(1800)
    shown = pair.shown(pair.away, "orders-replica")
    assert shown["StatusInfos"][0]["Status"] == "terminated"
    assert shown["ReadReplicaSourceDBInstanceIdentifier"] == pair.home_arn


def test_a_replica_of_the_same_region_stands_alone_once_its_source_is_gone(pair: Pair) -> None:
    pair.primary()
    with pair.world.instantly():
        pair.home.create_db_instance_read_replica(
            DBInstanceIdentifier="orders-reader", SourceDBInstanceIdentifier="orders"
        )
    assert pair.shown(pair.home, "orders-reader")["KmsKeyId"] == pair.home_key
    pair.home.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    pair.clock.sleep(1800)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in pair.shown(pair.home, "orders-reader")
