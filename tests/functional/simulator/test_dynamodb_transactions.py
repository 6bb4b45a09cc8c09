"""Transactions: their tokens mean nothing in plain moto (`corrected=False`)."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.world import World

REGION = "eu-central-1"


def make_table(*, ranged: bool = True) -> Any:  # noqa: ANN401 - a boto3 client
    api = client("dynamodb", REGION)
    names = [("run", "S", "HASH"), ("sequence", "N", "RANGE")][: 2 if ranged else 1]
    api.create_table(
        TableName="journal",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind, _ in names
        ],
        KeySchema=[{"AttributeName": name, "KeyType": role} for name, _, role in names],
    )
    return api


def key(sequence: int) -> dict[str, Any]:
    return {"run": {"S": "r"}, "sequence": {"N": str(sequence)}}


def append(sequence: int) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": "journal",
            "Item": key(sequence) | {"said": {"S": "first"}},
            "ConditionExpression": "attribute_not_exists(#s)",
            "ExpressionAttributeNames": {"#s": "sequence"},
        }
    }


def update(sequence: int, text: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": "journal",
            "Key": key(sequence),
            "UpdateExpression": "SET said = :text",
            "ExpressionAttributeValues": {":text": {"S": text}},
        }
    }


def said(api: Any, sequence: int) -> str | None:  # noqa: ANN401 - a boto3 client
    found = api.get_item(TableName="journal", Key=key(sequence)).get("Item")
    return str(found["said"]["S"]) if found else None


@pytest.fixture
def api() -> Iterator[Any]:
    with World(seed=1):
        yield make_table()


def test_repeating_a_token_is_a_success_and_does_nothing() -> None:
    def repeated(*, corrected: bool) -> str:
        with World(seed=1, corrected=corrected):
            api = make_table()
            api.transact_write_items(TransactItems=[append(1)], ClientRequestToken="token")
            try:
                api.transact_write_items(TransactItems=[append(1)], ClientRequestToken="token")
            except ClientError as error:
                return str(error.response["Error"]["Code"])
            return ""

    assert repeated(corrected=False) == "TransactionCanceledException"
    assert repeated(corrected=True) == ""


def test_a_token_is_good_for_one_request_and_ten_minutes() -> None:
    with World(seed=1) as world:
        api = make_table()
        api.transact_write_items(TransactItems=[append(1)], ClientRequestToken="token")
        with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
            api.transact_write_items(TransactItems=[append(2)], ClientRequestToken="token")
        world.clock.sleep(601)
        with pytest.raises(ClientError, match="TransactionCanceled"):
            api.transact_write_items(TransactItems=[append(1)], ClientRequestToken="token")


def test_a_refused_transaction_leaves_no_token_behind(api: Any) -> None:  # noqa: ANN401 - a boto3 client
    api.transact_write_items(TransactItems=[append(1)])
    for _ in range(2):
        with pytest.raises(ClientError, match="TransactionCanceled"):
            api.transact_write_items(TransactItems=[append(1)], ClientRequestToken="token")


def test_a_refused_transaction_undoes_puts_updates_and_deletes(api: Any) -> None:  # noqa: ANN401 - a boto3 client
    api.transact_write_items(TransactItems=[append(1)])
    api.transact_write_items(TransactItems=[append(2)])
    delete = {"Delete": {"TableName": "journal", "Key": key(2)}}
    impossible = {
        "ConditionCheck": {
            "TableName": "journal",
            "Key": key(9),
            "ConditionExpression": "attribute_exists(said)",
        }
    }

    with pytest.raises(ClientError, match="TransactionCanceled"):
        api.transact_write_items(
            TransactItems=[append(3), update(1, "changed"), delete, impossible]
        )

    assert [said(api, number) for number in (1, 2, 3)] == ["first", "first", None]


def test_an_update_is_undone_in_a_table_without_a_sort_key() -> None:
    with World(seed=1):
        api = make_table(ranged=False)
        owner = {"run": {"S": "lease"}}
        api.put_item(TableName="journal", Item=owner | {"said": {"S": "first"}})
        change = update(1, "changed")
        change["Update"]["Key"] = owner
        taken = {
            "Put": {
                "TableName": "journal",
                "Item": {"run": {"S": "other"}},
                "ConditionExpression": "attribute_exists(#r)",
                "ExpressionAttributeNames": {"#r": "run"},
            }
        }

        with pytest.raises(ClientError, match="TransactionCanceled"):
            api.transact_write_items(TransactItems=[change, taken])

        assert api.get_item(TableName="journal", Key=owner)["Item"]["said"] == {"S": "first"}


def test_a_backup_of_a_table_is_still_a_copy_of_its_own(api: Any) -> None:  # noqa: ANN401 - a boto3 client
    api.transact_write_items(TransactItems=[append(1)])
    arn = api.create_backup(TableName="journal", BackupName="backup")["BackupDetails"]["BackupArn"]
    api.transact_write_items(TransactItems=[update(1, "changed")])

    api.restore_table_from_backup(TargetTableName="restored", BackupArn=arn)

    found = api.get_item(TableName="restored", Key=key(1))["Item"]
    assert found["said"] == {"S": "first"}
