"""AWS Backup: plans that restore points at random, and of what kind.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.spelling import capitalised
from simulator.resources.tagging import retag
from simulator.values import Properties

_PLAN = {
    "name": "RestoreTestingPlanName",
    "scheduleExpression": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "startWindowHours": "StartWindowHours",
}
_SELECTION = {
    "name": "RestoreTestingSelectionName",
    "protectedResourceType": "ProtectedResourceType",
    "iamRoleArn": "IamRoleArn",
    "protectedResourceArns": "ProtectedResourceArns",
    "validationWindowHours": "ValidationWindowHours",
}


def _plan(call: Call) -> dict[str, Any]:
    chosen = capitalised(call.inputs["recoveryPointSelection"])
    return {**call.arguments(_PLAN), "RecoveryPointSelection": chosen}


def _create_plan(call: Call) -> Created:
    made = call.client("backup").create_restore_testing_plan(
        RestoreTestingPlan=_plan(call), Tags=dict(call.inputs.get("tags", {}))
    )
    return made["RestoreTestingPlanName"], {"arn": made["RestoreTestingPlanArn"]}


def _update_plan(call: Call) -> Properties:
    backup, arn = call.client("backup"), call.outputs["arn"]
    asked = _plan(call)
    del asked["RestoreTestingPlanName"]
    backup.update_restore_testing_plan(RestoreTestingPlanName=call.id, RestoreTestingPlan=asked)
    retag(
        call,
        lambda _: backup.tag_resource(ResourceArn=arn, Tags=dict(call.inputs["tags"])),
        lambda keys: backup.untag_resource(ResourceArn=arn, TagKeyList=keys),
    )
    return {}


def _delete_plan(call: Call) -> None:
    call.client("backup").delete_restore_testing_plan(RestoreTestingPlanName=call.id)


def _create_selection(call: Call) -> Created:
    call.client("backup").create_restore_testing_selection(
        RestoreTestingPlanName=call.inputs["restoreTestingPlanName"],
        RestoreTestingSelection=call.arguments(_SELECTION),
    )
    return f"{call.inputs['name']}:{call.inputs['restoreTestingPlanName']}", {}


def _update_selection(call: Call) -> Properties:
    asked = call.arguments(_SELECTION)
    for fixed in ("RestoreTestingSelectionName", "ProtectedResourceType"):
        del asked[fixed]
    call.client("backup").update_restore_testing_selection(
        RestoreTestingPlanName=call.inputs["restoreTestingPlanName"],
        RestoreTestingSelectionName=call.inputs["name"],
        RestoreTestingSelection=asked,
    )
    return {}


def _delete_selection(call: Call) -> None:
    call.client("backup").delete_restore_testing_selection(
        RestoreTestingPlanName=call.inputs["restoreTestingPlanName"],
        RestoreTestingSelectionName=call.inputs["name"],
    )


HANDLERS = {
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": Handler(
        create=_create_plan,
        update=_update_plan,
        delete=_delete_plan,
        applied=frozenset(_PLAN) | words("recoveryPointSelection tags"),
        replace_on=words("name"),
        named_by="name",
    ),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": Handler(
        create=_create_selection,
        update=_update_selection,
        delete=_delete_selection,
        applied=frozenset(_SELECTION) | words("restoreTestingPlanName"),
        replace_on=words("name restoreTestingPlanName protectedResourceType"),
    ),
}
