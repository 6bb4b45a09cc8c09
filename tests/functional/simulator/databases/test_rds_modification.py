from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

Pair = Any  # the conftest's class: test files share no modules


def group(pair: Pair) -> str:
    with pair.world.instantly():
        pair.home.create_db_parameter_group(
            DBParameterGroupName="own", DBParameterGroupFamily="postgres16", Description="own"
        )
    return "own"


def apply_status(pair: Pair) -> tuple[str, str]:
    (shown,) = pair.shown(pair.home, "orders")["DBParameterGroups"]
    return shown["DBParameterGroupName"], shown["ParameterApplyStatus"]


def test_moto_alone_modifies_at_once_whether_asked_to_or_not(raw: Pair) -> None:
    raw.primary()
    raw.home.modify_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.m6g.4xlarge")
    shown = raw.shown(raw.home, "orders")
    assert shown["DBInstanceClass"] == "db.m6g.4xlarge"
    assert shown["DBInstanceStatus"] == "available"


def test_a_heavy_change_waits_for_the_window_unless_applied_immediately(pair: Pair) -> None:
    pair.primary()
    big = "db.m6g.4xlarge"
    pair.home.modify_db_instance(DBInstanceIdentifier="orders", DBInstanceClass=big)
    pair.clock.sleep(3600)
    shown = pair.shown(pair.home, "orders")
    assert shown["DBInstanceClass"] == "db.m6g.large"
    assert shown["PendingModifiedValues"] == {"DBInstanceClass": big}
    pair.home.modify_db_instance(
        DBInstanceIdentifier="orders", DBInstanceClass=big, ApplyImmediately=True
    )
    assert pair.status(pair.home, "orders") == "modifying"
    pair.clock.sleep(1800)
    shown = pair.shown(pair.home, "orders")
    assert shown["DBInstanceClass"] == big
    assert not shown.get("PendingModifiedValues")


def upgrade(pair: Pair, site: str, name: str) -> None:
    getattr(pair, site).modify_db_instance(
        DBInstanceIdentifier=name, EngineVersion="16.4", ApplyImmediately=True
    )
    pair.clock.sleep(3600)


def test_moto_alone_upgrades_a_source_before_its_replica(raw: Pair) -> None:
    raw.primary()
    raw.replica()
    upgrade(raw, "home", "orders")
    assert raw.shown(raw.home, "orders")["EngineVersion"] == "16.4"


def test_a_replica_is_upgraded_before_its_source(pair: Pair) -> None:
    pair.primary()
    pair.replica()
    with pytest.raises(ClientError, match=r"DBUpgradeDependencyFailure.*orders-replica"):
        upgrade(pair, "home", "orders")
    upgrade(pair, "away", "orders-replica")
    upgrade(pair, "home", "orders")
    assert pair.shown(pair.home, "orders")["EngineVersion"] == "16.4"


def test_protection_and_retention_are_light_and_hold_at_once(pair: Pair) -> None:
    pair.primary()
    shown = pair.home.modify_db_instance(
        DBInstanceIdentifier="orders", DeletionProtection=True, BackupRetentionPeriod=14
    )["DBInstance"]
    assert shown["DeletionProtection"]
    assert shown["BackupRetentionPeriod"] == 14
    pair.clock.sleep(120)
    assert pair.status(pair.home, "orders") == "available"


def test_moto_alone_modifies_in_any_state_and_shrinks_storage(raw: Pair) -> None:
    raw.primary()
    raw.home.stop_db_instance(DBInstanceIdentifier="orders")
    raw.home.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=20)
    assert raw.shown(raw.home, "orders")["AllocatedStorage"] == 20


def test_only_what_is_available_is_modified_and_storage_never_shrinks(pair: Pair) -> None:
    pair.primary()
    with pytest.raises(ClientError, match=r"InvalidParameterCombination.*storage"):
        pair.home.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=20)
    pair.home.reboot_db_instance(DBInstanceIdentifier="orders")
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        pair.home.modify_db_instance(DBInstanceIdentifier="orders", DeletionProtection=True)


def test_moto_alone_says_that_another_parameter_group_is_in_sync(raw: Pair) -> None:
    raw.primary()
    raw.home.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName=group(raw))
    assert apply_status(raw) == ("own", "in-sync")


def test_another_parameter_group_is_pending_until_a_reboot(pair: Pair) -> None:
    pair.primary()
    pair.home.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName=group(pair))
    pair.clock.sleep(600)
    assert apply_status(pair) == ("own", "pending-reboot")
    pair.home.reboot_db_instance(DBInstanceIdentifier="orders")
    assert pair.status(pair.home, "orders") == "rebooting"
    pair.clock.sleep(600)
    assert apply_status(pair) == ("own", "in-sync")


def test_moto_alone_reboots_in_no_time(raw: Pair) -> None:
    raw.primary()
    shown = raw.home.reboot_db_instance(DBInstanceIdentifier="orders")["DBInstance"]
    assert shown["DBInstanceStatus"] == "available"


def test_moto_alone_stops_at_once(raw: Pair) -> None:
    raw.primary()
    shown = raw.home.stop_db_instance(DBInstanceIdentifier="orders")["DBInstance"]
    assert shown["DBInstanceStatus"] == "stopped"


def test_stopping_and_starting_take_minutes(pair: Pair) -> None:
    pair.primary()
    pair.home.stop_db_instance(DBInstanceIdentifier="orders")
    assert pair.status(pair.home, "orders") == "stopping"
    pair.clock.sleep(900)
    assert pair.status(pair.home, "orders") == "stopped"
    pair.home.start_db_instance(DBInstanceIdentifier="orders")
    assert pair.status(pair.home, "orders") == "starting"
    pair.clock.sleep(1800)
    assert pair.status(pair.home, "orders") == "available"
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        pair.home.start_db_instance(DBInstanceIdentifier="orders")


def test_moto_alone_renames_onto_somebody_else(raw: Pair) -> None:
    raw.primary("orders")
    raw.primary("billing")
    raw.home.modify_db_instance(DBInstanceIdentifier="orders", NewDBInstanceIdentifier="billing")
    assert raw.status(raw.home, "orders") == "gone"


def test_a_name_that_is_taken_stays_taken(pair: Pair) -> None:
    pair.primary("orders")
    pair.primary("billing")
    with pytest.raises(ClientError, match="DBInstanceAlreadyExists"):
        pair.home.modify_db_instance(
            DBInstanceIdentifier="orders", NewDBInstanceIdentifier="billing"
        )


def test_backups_that_are_kept_longer_bring_nothing_back_that_lapsed(pair: Pair) -> None:
    pair.primary(BackupRetentionPeriod=1)
    pair.clock.sleep(3 * 86_400)

    def reach() -> timedelta:
        [kept] = pair.home.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
        found: timedelta = (
            kept["RestoreWindow"]["LatestTime"] - kept["RestoreWindow"]["EarliestTime"]
        )
        return found

    assert reach() == timedelta(days=1)
    pair.home.modify_db_instance(
        DBInstanceIdentifier="orders", BackupRetentionPeriod=35, ApplyImmediately=True
    )
    assert timedelta(days=1) <= reach() < timedelta(days=1, hours=1)
    pair.clock.sleep(86_400)
    assert timedelta(days=2) <= reach() < timedelta(days=2, hours=1)
