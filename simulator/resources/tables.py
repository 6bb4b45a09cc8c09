"""DynamoDB tables.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag_by_arn
from simulator.values import Properties


def _create(call: Call) -> Created:
    dynamodb, name = call.client("dynamodb"), call.inputs["name"]
    names = {
        "name": "TableName",
        "billingMode": "BillingMode",
        "deletionProtectionEnabled": "DeletionProtectionEnabled",
    }
    table = dynamodb.create_table(
        **call.arguments(names),
        **_encryption(call),
        KeySchema=_key_schema(call),
        AttributeDefinitions=[
            {"AttributeName": row["name"], "AttributeType": row["type"]}
            for row in call.inputs["attributes"]
        ],
        Tags=call.tags(),
    )["TableDescription"]
    dynamodb.get_waiter("table_exists").wait(TableName=name)
    if "pointInTimeRecovery" in call.inputs:
        _set_recovery(call)
    return name, {"arn": table["TableArn"]}


def _key_schema(call: Call) -> list[dict[str, str]]:
    kinds = {"hashKey": "HASH", "rangeKey": "RANGE"}
    return [
        {"AttributeName": call.inputs[key], "KeyType": kind}
        for key, kind in kinds.items()
        if key in call.inputs
    ]


def _encryption(call: Call) -> dict[str, Any]:
    given = call.inputs.get("serverSideEncryption")
    if given is None:
        return {}
    settings: dict[str, Any] = {"Enabled": given["enabled"]}
    if "kmsKeyArn" in given:
        settings |= {"SSEType": "KMS", "KMSMasterKeyId": given["kmsKeyArn"]}
    return {"SSESpecification": settings}


def _set_recovery(call: Call) -> None:
    enabled = call.inputs.get("pointInTimeRecovery", {}).get("enabled", False)
    call.client("dynamodb").update_continuous_backups(
        TableName=call.inputs["name"],
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
    )


def _update(call: Call) -> Properties:
    dynamodb = call.client("dynamodb")
    arguments = call.changes(
        {"billingMode": "BillingMode", "deletionProtectionEnabled": "DeletionProtectionEnabled"}
    )
    if "serverSideEncryption" in call.changed:
        arguments |= _encryption(call)
    if arguments:
        dynamodb.update_table(TableName=call.id, **arguments)
    if "pointInTimeRecovery" in call.changed:
        _set_recovery(call)
    retag_by_arn(call, "dynamodb", "ResourceArn")
    return {}


def _delete(call: Call) -> None:
    call.client("dynamodb").delete_table(TableName=call.id)


HANDLERS = {
    "aws:dynamodb/table:Table": Handler(
        create=_create,
        update=_update,
        delete=_delete,
        applied=words(
            "name billingMode hashKey rangeKey attributes pointInTimeRecovery "
            "serverSideEncryption deletionProtectionEnabled tags"
        ),
        replace_on=words("name hashKey rangeKey attributes"),
        named_by="name",
    ),
}
