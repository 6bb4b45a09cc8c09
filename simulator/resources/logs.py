"""Log groups.

`simulator.resources.table` gathers `HANDLERS`.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties


def _create(call: Call) -> Created:
    logs = call.client("logs")
    name = call.inputs["name"]
    names = {"name": "logGroupName", "kmsKeyId": "kmsKeyId", "tags": "tags"}
    logs.create_log_group(**call.arguments(names))
    _retain(call)
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    arn = next(group["arn"] for group in groups if group["logGroupName"] == name)
    return name, {"arn": arn.removesuffix(":*")}


def _update(call: Call) -> Properties:
    logs = call.client("logs")
    if "retentionInDays" in call.changed:
        _retain(call)
    if "kmsKeyId" in call.changed:
        logs.associate_kms_key(logGroupName=call.id, kmsKeyId=call.inputs["kmsKeyId"])
    retag(
        call,
        lambda _: logs.tag_log_group(logGroupName=call.id, tags=call.inputs["tags"]),
        lambda keys: logs.untag_log_group(logGroupName=call.id, tags=keys),
    )
    return {}


def _retain(call: Call) -> None:
    """Set the retention; 0 or none means for ever, which is the absence of a policy."""
    logs, days = call.client("logs"), call.inputs.get("retentionInDays", 0)
    if days:
        logs.put_retention_policy(logGroupName=call.inputs["name"], retentionInDays=days)
    else:
        logs.delete_retention_policy(logGroupName=call.inputs["name"])


def _delete(call: Call) -> None:
    call.client("logs").delete_log_group(logGroupName=call.id)


HANDLERS = {
    "aws:cloudwatch/logGroup:LogGroup": Handler(
        create=_create,
        update=_update,
        delete=_delete,
        applied=words("name retentionInDays kmsKeyId tags"),
        replace_on=words("name"),
        named_by="name",
    ),
}
