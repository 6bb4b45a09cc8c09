"""A disabled KMS key, as AWS lets it hurt: databases stop, tables refuse, KMS says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from simulator import backstage, missing_keys
from simulator.faults import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.functional.simulator.databases.conftest import Pair

HOME, AWAY = "eu-west-1", "eu-central-1"
REPLICA = "orders-replica"
INACCESSIBLE = "inaccessible-encryption-credentials-recoverable"
NOTICED_S = 1800


@pytest.fixture
def keyed(pair: Pair) -> Pair:
    pair.primary()
    pair.replica()
    missing_keys.watch(pair.world)
    return pair


def lose_key(pair: Pair, lasts_s: float | None = None) -> None:
    fault = Fault(FaultKind.KEY_MISSING, 0, region=AWAY, lasts_s=lasts_s)
    pair.world.faults.schedule([fault], origin=pair.clock.monotonic())
    pair.clock.sleep(1)


def test_databases_of_the_region_stop_and_those_elsewhere_do_not(keyed: Pair) -> None:
    lose_key(keyed)
    assert keyed.status(keyed.away, REPLICA) == "available"
    keyed.clock.sleep(NOTICED_S)
    assert keyed.status(keyed.away, REPLICA) == INACCESSIBLE
    assert keyed.status(keyed.home, "orders") == "available"
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        keyed.away.promote_read_replica(DBInstanceIdentifier=REPLICA)


def test_a_promotion_under_way_never_ends(keyed: Pair) -> None:
    lose_key(keyed)
    keyed.clock.sleep(30)
    keyed.away.promote_read_replica(DBInstanceIdentifier=REPLICA)
    keyed.clock.sleep(NOTICED_S)
    assert keyed.status(keyed.away, REPLICA) == INACCESSIBLE


def test_an_enabled_key_does_not_start_what_has_stopped(keyed: Pair) -> None:
    lose_key(keyed, lasts_s=NOTICED_S)
    keyed.clock.sleep(2 * NOTICED_S)
    assert keyed.status(keyed.away, REPLICA) == INACCESSIBLE


def test_a_key_that_is_back_in_time_was_never_missed(keyed: Pair) -> None:
    lose_key(keyed, lasts_s=20)
    keyed.clock.sleep(NOTICED_S)
    assert keyed.status(keyed.away, REPLICA) == "available"


def test_kms_itself_refuses_while_the_key_is_disabled(keyed: Pair) -> None:
    kms = backstage.client("kms", AWAY)
    lose_key(keyed, lasts_s=60)
    with pytest.raises(ClientError, match="DisabledException"):
        kms.encrypt(KeyId=keyed.away_key, Plaintext=b"x")
    keyed.clock.sleep(60)
    assert kms.encrypt(KeyId=keyed.away_key, Plaintext=b"x")["CiphertextBlob"]


@pytest.fixture
def read(keyed: Pair) -> Callable[[str, str], object]:
    """Return a reader of two tables in each region: one under the site's key, one under AWS's."""
    for region in (HOME, AWAY):
        key = backstage.client("kms", region).create_key()["KeyMetadata"]["Arn"]
        for name, settings in (
            ("keyed", {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}),
            ("free", {"Enabled": False}),
        ):
            backstage.client("dynamodb", region).create_table(
                TableName=name,
                KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
                SSESpecification=settings,
            )
    assert keyed.clock
    clients = {region: boto3.client("dynamodb", region_name=region) for region in (HOME, AWAY)}  # noqa: TID251 - the caller, not the simulator
    return lambda region, name: clients[region].get_item(
        TableName=name, Key={"name": {"S": "lease"}}
    )


def test_tables_under_the_key_refuse_once_what_they_cached_has_run_out(
    keyed: Pair, read: Callable[[str, str], object]
) -> None:
    lose_key(keyed)
    keyed.clock.sleep(200)
    assert read(AWAY, "keyed")
    keyed.clock.sleep(200)
    assert read(HOME, "keyed")
    with pytest.raises(ClientError, match=r"AccessDeniedException.*The KMS key arn:.* is disabled"):
        read(AWAY, "keyed")


def test_a_table_under_a_key_that_aws_owns_has_none_to_lose(
    keyed: Pair, read: Callable[[str, str], object]
) -> None:
    lose_key(keyed)
    keyed.clock.sleep(NOTICED_S)
    assert read(AWAY, "free")


def test_what_was_stopped_for_its_key_starts_again_once_the_key_is_back(keyed: Pair) -> None:
    lose_key(keyed, lasts_s=NOTICED_S + 60)
    keyed.clock.sleep(NOTICED_S)
    with pytest.raises(ClientError, match="KMSKeyNotAccessibleFault"):
        keyed.away.start_db_instance(DBInstanceIdentifier=REPLICA)
    keyed.clock.sleep(NOTICED_S)
    assert keyed.status(keyed.away, REPLICA) == INACCESSIBLE
    keyed.away.start_db_instance(DBInstanceIdentifier=REPLICA)
    keyed.clock.sleep(NOTICED_S)
    assert keyed.status(keyed.away, REPLICA) == "available"


def copied(pair: Pair) -> str:
    """Take a snapshot at home, lose the key of the other region, and copy: the code of AWS's no."""
    with pair.world.instantly():
        pair.home.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="monday")
    backstage.client("kms", AWAY).disable_key(KeyId=pair.away_key.rpartition("/")[2])
    try:
        pair.away.copy_db_snapshot(
            SourceDBSnapshotIdentifier=f"arn:aws:rds:{HOME}:123456789012:snapshot:monday",
            TargetDBSnapshotIdentifier="monday",
            SourceRegion=HOME,
            KmsKeyId=pair.away_key,
        )
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_moto_alone_copies_a_snapshot_under_a_disabled_key(raw: Pair) -> None:
    raw.primary()
    assert copied(raw) == ""


def test_no_snapshot_is_copied_under_a_key_that_is_disabled(pair: Pair) -> None:
    pair.primary()
    assert copied(pair) == "KMSKeyNotAccessibleFault"
