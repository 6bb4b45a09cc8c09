"""KMS keys and their aliases.

`simulator.resources.table` gathers `HANDLERS`.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties


def _create_key(call: Call) -> Created:
    kms = call.client("kms")
    names = {"description": "Description", "policy": "Policy"}
    key = kms.create_key(**call.arguments(names), Tags=_kms_tags(call.tags()))["KeyMetadata"]
    if call.inputs.get("enableKeyRotation"):
        kms.enable_key_rotation(KeyId=key["KeyId"])
    return key["KeyId"], {"arn": key["Arn"], "keyId": key["KeyId"]}


def _kms_tags(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]


def _update_key(call: Call) -> Properties:
    kms = call.client("kms")
    if "description" in call.changed:
        kms.update_key_description(KeyId=call.id, Description=call.inputs.get("description", ""))
    if "policy" in call.changed:
        kms.put_key_policy(KeyId=call.id, PolicyName="default", Policy=call.inputs["policy"])
    if "enableKeyRotation" in call.changed:
        turn = (
            kms.enable_key_rotation
            if call.inputs.get("enableKeyRotation")
            else (kms.disable_key_rotation)
        )
        turn(KeyId=call.id)
    retag(
        call,
        lambda tags: kms.tag_resource(KeyId=call.id, Tags=_kms_tags(tags)),
        lambda keys: kms.untag_resource(KeyId=call.id, TagKeys=keys),
    )
    return {}


def _delete_key(call: Call) -> None:
    call.client("kms").schedule_key_deletion(
        KeyId=call.id, PendingWindowInDays=call.inputs.get("deletionWindowInDays", 30)
    )


def _create_alias(call: Call) -> Created:
    kms = call.client("kms")
    name, target = call.inputs["name"], call.inputs["targetKeyId"]
    kms.create_alias(AliasName=name, TargetKeyId=target)
    key = kms.describe_key(KeyId=target)["KeyMetadata"]
    return name, {"arn": call.arn("kms", name), "targetKeyArn": key["Arn"]}


def _update_alias(call: Call) -> Properties:
    kms = call.client("kms")
    target = call.inputs["targetKeyId"]
    kms.update_alias(AliasName=call.id, TargetKeyId=target)
    return {"targetKeyArn": kms.describe_key(KeyId=target)["KeyMetadata"]["Arn"]}


def _delete_alias(call: Call) -> None:
    call.client("kms").delete_alias(AliasName=call.id)


HANDLERS = {
    "aws:kms/key:Key": Handler(
        create=_create_key,
        update=_update_key,
        delete=_delete_key,
        applied=words("description enableKeyRotation deletionWindowInDays policy tags"),
    ),
    "aws:kms/alias:Alias": Handler(
        create=_create_alias,
        update=_update_alias,
        delete=_delete_alias,
        applied=words("name targetKeyId"),
        replace_on=words("name"),
        named_by="name",
    ),
}
