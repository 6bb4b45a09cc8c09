"""Schedules, their groups, and queues for what they could not deliver.

`simulator.resources.table` gathers `HANDLERS`. Nothing fires by itself: whoever simulates nights
reads the schedules and calls what they name.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.spelling import capitalised
from simulator.resources.tagging import retag
from simulator.values import Properties

_SCHEDULE = {
    "name": "Name",
    "groupName": "GroupName",
    "description": "Description",
    "scheduleExpression": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "state": "State",
}
_QUEUE = {
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "kmsMasterKeyId": "KmsMasterKeyId",
}


def _create_group(call: Call) -> Created:
    made = call.client("scheduler").create_schedule_group(
        Name=call.inputs["name"], Tags=call.tags()
    )
    return call.inputs["name"], {"arn": made["ScheduleGroupArn"]}


def _update_group(call: Call) -> Properties:
    scheduler, arn = call.client("scheduler"), call.outputs["arn"]
    retag(
        call,
        lambda tags: scheduler.tag_resource(ResourceArn=arn, Tags=tags),
        lambda keys: scheduler.untag_resource(ResourceArn=arn, TagKeys=keys),
    )
    return {}


def _delete_group(call: Call) -> None:
    call.client("scheduler").delete_schedule_group(Name=call.id)


def _asked(call: Call) -> dict[str, Any]:
    return {
        **call.arguments(_SCHEDULE),
        "FlexibleTimeWindow": capitalised(call.inputs["flexibleTimeWindow"]),
        "Target": capitalised(call.inputs["target"]),
    }


def _create_schedule(call: Call) -> Created:
    made = call.client("scheduler").create_schedule(**_asked(call))
    return f"{call.inputs['groupName']}/{call.inputs['name']}", {"arn": made["ScheduleArn"]}


def _update_schedule(call: Call) -> Properties:
    call.client("scheduler").update_schedule(**_asked(call))
    return {}


def _delete_schedule(call: Call) -> None:
    call.client("scheduler").delete_schedule(
        Name=call.inputs["name"], GroupName=call.inputs["groupName"]
    )


def _create_queue(call: Call) -> Created:
    sqs, name = call.client("sqs"), call.inputs["name"]
    made = sqs.create_queue(
        QueueName=name, Attributes=_attributes(call), tags=dict(call.inputs.get("tags", {}))
    )
    return made["QueueUrl"], {"url": made["QueueUrl"], "arn": call.arn("sqs", name)}


def _attributes(call: Call) -> dict[str, str]:
    return {name: str(value) for name, value in call.arguments(_QUEUE).items()}


def _update_queue(call: Call) -> Properties:
    sqs = call.client("sqs")
    if call.changed & set(_QUEUE):
        sqs.set_queue_attributes(QueueUrl=call.id, Attributes=_attributes(call))
    retag(
        call,
        lambda _: sqs.tag_queue(QueueUrl=call.id, Tags=dict(call.inputs["tags"])),
        lambda keys: sqs.untag_queue(QueueUrl=call.id, TagKeys=keys),
    )
    return {}


def _delete_queue(call: Call) -> None:
    call.client("sqs").delete_queue(QueueUrl=call.id)


HANDLERS = {
    "aws:scheduler/scheduleGroup:ScheduleGroup": Handler(
        create=_create_group,
        update=_update_group,
        delete=_delete_group,
        applied=words("name tags"),
        replace_on=words("name"),
        named_by="name",
    ),
    "aws:scheduler/schedule:Schedule": Handler(
        create=_create_schedule,
        update=_update_schedule,
        delete=_delete_schedule,
        applied=frozenset(_SCHEDULE) | words("flexibleTimeWindow target"),
        replace_on=words("name groupName"),
        named_by="name",
    ),
    "aws:sqs/queue:Queue": Handler(
        create=_create_queue,
        update=_update_queue,
        delete=_delete_queue,
        applied=frozenset(_QUEUE) | words("name tags"),
        replace_on=words("name"),
        named_by="name",
    ),
}
