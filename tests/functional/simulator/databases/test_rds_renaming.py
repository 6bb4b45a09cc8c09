from typing import Any

import pytest
from botocore.exceptions import ClientError

Pair = Any  # the conftest's class: test files share no modules

SLOWEST_S = 600


def rename(pair: Pair, client: Any, name: str, new: str, **more: bool) -> dict[str, Any]:  # noqa: ANN401 - boto3's clients have no common type
    asked = {"ApplyImmediately": True} | more
    changed: dict[str, Any] = client.modify_db_instance(
        DBInstanceIdentifier=name, NewDBInstanceIdentifier=new, **asked
    )["DBInstance"]
    assert pair.world is not None
    return changed


def test_moto_alone_renames_at_once(raw: Pair) -> None:
    raw.primary()
    rename(raw, raw.home, "orders", "aside")
    assert raw.status(raw.home, "aside") == "available"


def test_a_rename_reboots_and_then_the_old_name_is_free(pair: Pair) -> None:
    pair.primary(Tags=[{"Key": "holdfast:database", "Value": "orders"}])
    before = pair.shown(pair.home, "orders")
    assert rename(pair, pair.home, "orders", "aside")["DBInstanceStatus"] == "renaming"
    assert pair.status(pair.home, "aside") == "gone"
    pair.clock.sleep(SLOWEST_S)
    after = pair.shown(pair.home, "aside")
    assert pair.status(pair.home, "orders") == "gone"
    assert after["DBInstanceStatus"] == "available"
    assert after["TagList"] == before["TagList"]
    assert after["DbiResourceId"] == before["DbiResourceId"]
    assert after["DBInstanceArn"] == before["DBInstanceArn"].replace(":orders", ":aside")
    old, new = before["Endpoint"]["Address"], after["Endpoint"]["Address"]
    assert new == old.replace("orders.", "aside.")
    pair.primary()
    assert pair.shown(pair.home, "orders")["Endpoint"]["Address"] == old


def test_a_rename_that_may_wait_waits(pair: Pair) -> None:
    pair.primary()
    rename(pair, pair.home, "orders", "aside", ApplyImmediately=False)
    pair.clock.sleep(SLOWEST_S)
    shown = pair.shown(pair.home, "orders")
    assert shown["PendingModifiedValues"]["DBInstanceIdentifier"] == "aside"


@pytest.mark.parametrize("renamed", ["orders", "orders-replica"])
def test_replication_follows_a_rename_of_either_side(pair: Pair, renamed: str) -> None:
    pair.primary()
    pair.replica()
    rename(pair, pair.home if renamed == "orders" else pair.away, renamed, "aside")
    pair.clock.sleep(SLOWEST_S)
    names = {"orders": "orders", "orders-replica": "orders-replica", renamed: "aside"}
    primary = pair.shown(pair.home, names["orders"])
    replica = pair.shown(pair.away, names["orders-replica"])
    assert primary["ReadReplicaDBInstanceIdentifiers"] == [replica["DBInstanceArn"]]
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == primary["DBInstanceArn"]
    assert replica["StatusInfos"][0]["Status"] == "replicating"


@pytest.mark.parametrize("name", ["-wrong", "two--hyphens", "9th"])
def test_a_name_that_rds_does_not_take_is_refused(pair: Pair, name: str) -> None:
    pair.primary()
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        rename(pair, pair.home, "orders", name)


def test_what_is_not_available_cannot_be_renamed(pair: Pair) -> None:
    pair.primary()
    pair.home.reboot_db_instance(DBInstanceIdentifier="orders")
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        rename(pair, pair.home, "orders", "aside")
