from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.faults import Fault, FaultKind

Pair = Any  # the conftest's class: test files share no modules


def test_moto_alone_creates_an_instance_at_once(raw: Pair) -> None:
    raw.primary()
    assert raw.status(raw.home, "orders") == "available"
    again = raw.home.create_db_instance(
        DBInstanceIdentifier="slow",
        Engine="postgres",
        DBInstanceClass="db.m6g.large",
        AllocatedStorage=20,
        MasterUsername="holder",
        MasterUserPassword="not-a-secret",
    )
    assert again["DBInstance"]["DBInstanceStatus"] == "available"


def test_an_instance_takes_minutes_to_come_and_has_no_endpoint_before(pair: Pair) -> None:
    made = pair.home.create_db_instance(
        DBInstanceIdentifier="slow",
        Engine="postgres",
        DBInstanceClass="db.m6g.large",
        AllocatedStorage=20,
        MasterUsername="holder",
        MasterUserPassword="not-a-secret",
    )["DBInstance"]
    assert made["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in made
    pair.home.get_waiter("db_instance_available").wait(DBInstanceIdentifier="slow")
    assert pair.clock.monotonic() > 120
    assert pair.shown(pair.home, "slow")["Endpoint"]["Port"] == 5432


def test_moto_alone_gives_every_instance_the_same_resource_id(raw: Pair) -> None:
    raw.primary("one")
    raw.primary("two")
    ids = {raw.shown(raw.home, name)["DbiResourceId"] for name in ("one", "two")}
    assert len(ids) == 1


def test_every_instance_has_a_resource_id_of_its_own(pair: Pair) -> None:
    pair.primary("one")
    pair.primary("two")
    ids = {pair.shown(pair.home, name)["DbiResourceId"] for name in ("one", "two")}
    assert len(ids) == 2


def test_moto_alone_takes_a_key_of_another_region(raw: Pair) -> None:
    raw.primary(KmsKeyId=raw.away_key)
    assert raw.shown(raw.home, "orders")["KmsKeyId"] == raw.away_key


def test_a_key_of_another_region_is_refused(pair: Pair) -> None:
    with pytest.raises(ClientError, match="KMSKeyNotAccessible"):
        pair.primary(KmsKeyId=pair.away_key)
    assert pair.status(pair.home, "orders") == "gone"


def test_moto_alone_keeps_backups_where_retention_is_zero(raw: Pair) -> None:
    raw.primary(BackupRetentionPeriod=0)
    assert raw.home.describe_db_snapshots()["DBSnapshots"]


def test_without_retention_there_are_no_backups(pair: Pair) -> None:
    pair.primary(BackupRetentionPeriod=0)
    assert not pair.home.describe_db_snapshots()["DBSnapshots"]


def test_moto_alone_deletes_without_asking_for_a_final_snapshot(raw: Pair) -> None:
    raw.primary()
    raw.home.delete_db_instance(DBInstanceIdentifier="orders")
    assert raw.status(raw.home, "orders") == "gone"


def test_deletion_asks_for_a_final_snapshot_and_takes_minutes(pair: Pair) -> None:
    pair.primary()
    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is required"):
        pair.home.delete_db_instance(DBInstanceIdentifier="orders")
    pair.home.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    assert pair.status(pair.home, "orders") == "deleting"
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        pair.home.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    pair.clock.sleep(1800)
    assert pair.status(pair.home, "orders") == "gone"


def test_deletion_protection_holds(pair: Pair) -> None:
    pair.primary(DeletionProtection=True)
    with pytest.raises(ClientError, match="deletion protection"):
        pair.home.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)


def test_a_final_snapshot_outlives_its_instance(pair: Pair) -> None:
    pair.primary()
    pair.home.delete_db_instance(
        DBInstanceIdentifier="orders", FinalDBSnapshotIdentifier="farewell"
    )
    pair.clock.sleep(7200)
    kept = pair.home.describe_db_snapshots()["DBSnapshots"]
    assert [row["DBSnapshotIdentifier"] for row in kept] == ["farewell"]


def test_what_is_unknown_is_not_found(pair: Pair) -> None:
    for call in (pair.home.delete_db_instance, pair.home.reboot_db_instance):
        with pytest.raises(ClientError, match="DBInstanceNotFound"):
            call(DBInstanceIdentifier="nobody")


def test_an_instance_of_a_lost_region_stays_as_it_is_until_the_region_returns(pair: Pair) -> None:
    pair.primary()
    pair.home.reboot_db_instance(DBInstanceIdentifier="orders")
    loss = Fault(FaultKind.REGION_LOST, 5, region="eu-west-1", lasts_s=3600)
    pair.world.faults.schedule([loss], origin=pair.clock.monotonic())
    pair.clock.sleep(3600)
    assert pair.status(pair.home, "orders") == "rebooting"
    pair.clock.sleep(10)
    assert pair.status(pair.home, "orders") == "rebooting", "the loss took nothing off its time"
    pair.clock.sleep(300)
    assert pair.status(pair.home, "orders") == "available"
