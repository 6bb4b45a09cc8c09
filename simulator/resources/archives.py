"""Streams that carry logs out of CloudWatch, and what is let into them.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_TARGET = {
    "bucketArn": "BucketARN",
    "roleArn": "RoleARN",
    "prefix": "Prefix",
    "errorOutputPrefix": "ErrorOutputPrefix",
    "compressionFormat": "CompressionFormat",
    "fileExtension": "FileExtension",
}
_FILTER = {
    "logGroup": "logGroupName",
    "name": "filterName",
    "filterPattern": "filterPattern",
    "destinationArn": "destinationArn",
    "roleArn": "roleArn",
}


def _target(given: Properties) -> dict[str, Any]:
    known = set(_TARGET) | {"bufferingInterval", "bufferingSize", "kmsKeyArn"}
    if unknown := set(given) - known:
        raise ValueError(f"the simulated world ignores extendedS3Configuration.{min(unknown)}")
    target: dict[str, Any] = {name: given[key] for key, name in _TARGET.items() if key in given}
    if "kmsKeyArn" in given:
        key = {"AWSKMSKeyARN": given["kmsKeyArn"]}
        target["EncryptionConfiguration"] = {"KMSEncryptionConfig": key}
    return target | {
        "BufferingHints": {
            "IntervalInSeconds": given.get("bufferingInterval", 300),
            "SizeInMBs": given.get("bufferingSize", 5),
        }
    }


def _encryption(given: Properties) -> dict[str, Any]:
    if not given.get("enabled"):
        return {}
    asked = {"KeyType": given.get("keyType", "AWS_OWNED_CMK")}
    if "keyArn" in given:
        asked["KeyARN"] = given["keyArn"]
    return {"DeliveryStreamEncryptionConfigurationInput": asked}


def _create_stream(call: Call) -> Created:
    made = call.client("firehose").create_delivery_stream(
        DeliveryStreamName=call.inputs["name"],
        DeliveryStreamType="DirectPut",
        ExtendedS3DestinationConfiguration=_target(call.inputs["extendedS3Configuration"]),
        **_encryption(call.inputs.get("serverSideEncryption", {})),
        **({"Tags": call.tags()} if call.tags() else {}),
    )
    return made["DeliveryStreamARN"], {"arn": made["DeliveryStreamARN"]}


def _update_stream(call: Call) -> Properties:
    firehose, name = call.client("firehose"), call.inputs["name"]
    if "extendedS3Configuration" in call.changed:
        shown = firehose.describe_delivery_stream(DeliveryStreamName=name)
        described = shown["DeliveryStreamDescription"]
        firehose.update_destination(
            DeliveryStreamName=name,
            CurrentDeliveryStreamVersionId=described["VersionId"],
            DestinationId=described["Destinations"][0]["DestinationId"],
            ExtendedS3DestinationUpdate=_target(call.inputs["extendedS3Configuration"]),
        )
    retag(
        call,
        lambda tags: firehose.tag_delivery_stream(DeliveryStreamName=name, Tags=tags),
        lambda keys: firehose.untag_delivery_stream(DeliveryStreamName=name, TagKeys=keys),
    )
    return {}


def _delete_stream(call: Call) -> None:
    call.client("firehose").delete_delivery_stream(DeliveryStreamName=call.inputs["name"])


def _put_filter(call: Call) -> Created:
    call.client("logs").put_subscription_filter(**call.arguments(_FILTER))
    return f"{call.inputs['logGroup']}|{call.inputs['name']}", {}


def _delete_filter(call: Call) -> None:
    call.client("logs").delete_subscription_filter(
        logGroupName=call.inputs["logGroup"], filterName=call.inputs["name"]
    )


HANDLERS = {
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Handler(
        create=_create_stream,
        update=_update_stream,
        delete=_delete_stream,
        applied=words("name destination extendedS3Configuration serverSideEncryption tags"),
        replace_on=words("name destination serverSideEncryption"),
        named_by="name",
    ),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": Handler(
        create=_put_filter,
        update=lambda call: _put_filter(call)[1],
        delete=_delete_filter,
        applied=frozenset(_FILTER),
        replace_on=words("logGroup name"),
    ),
}
