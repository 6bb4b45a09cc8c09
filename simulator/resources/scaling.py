"""Application auto scaling: targets and target-tracking policies.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_WHAT = {
    "serviceNamespace": "ServiceNamespace",
    "resourceId": "ResourceId",
    "scalableDimension": "ScalableDimension",
}
_LIMITS = {"minCapacity": "MinCapacity", "maxCapacity": "MaxCapacity"}


def _create_target(call: Call) -> Created:
    tags = call.inputs.get("tags", {})
    made = call.client("application-autoscaling").register_scalable_target(
        **call.arguments({**_WHAT, **_LIMITS}), **({"Tags": tags} if tags else {})
    )
    return call.inputs["resourceId"], {"arn": made.get("ScalableTargetARN", "")}


def _update_target(call: Call) -> Properties:
    scaling = call.client("application-autoscaling")
    if call.changed & set(_LIMITS):
        scaling.register_scalable_target(**call.arguments({**_WHAT, **_LIMITS}))
    arn = call.outputs["arn"]
    retag(
        call,
        lambda _: scaling.tag_resource(ResourceARN=arn, Tags=call.inputs["tags"]),
        lambda keys: scaling.untag_resource(ResourceARN=arn, TagKeys=keys),
    )
    return {}


def _delete_target(call: Call) -> None:
    call.client("application-autoscaling").deregister_scalable_target(**call.arguments(_WHAT))


def _tracking(given: dict[str, Any]) -> dict[str, Any]:
    metric = given["predefinedMetricSpecification"]
    names = {"predefinedMetricType": "PredefinedMetricType", "resourceLabel": "ResourceLabel"}
    tracking: dict[str, Any] = {
        "TargetValue": float(given["targetValue"]),
        "PredefinedMetricSpecification": {names[key]: metric[key] for key in metric},
    }
    cooldowns = {"scaleInCooldown": "ScaleInCooldown", "scaleOutCooldown": "ScaleOutCooldown"}
    return tracking | {name: given[key] for key, name in cooldowns.items() if key in given}


def _put_policy(call: Call) -> Created:
    names = {**_WHAT, "name": "PolicyName", "policyType": "PolicyType"}
    made = call.client("application-autoscaling").put_scaling_policy(
        **call.arguments(names),
        TargetTrackingScalingPolicyConfiguration=_tracking(
            call.inputs["targetTrackingScalingPolicyConfiguration"]
        ),
    )
    return call.inputs["name"], {"arn": made["PolicyARN"]}


def _update_policy(call: Call) -> Properties:
    return _put_policy(call)[1]


def _delete_policy(call: Call) -> None:
    call.client("application-autoscaling").delete_scaling_policy(
        PolicyName=call.inputs["name"], **call.arguments(_WHAT)
    )


HANDLERS = {
    "aws:appautoscaling/target:Target": Handler(
        create=_create_target,
        update=_update_target,
        delete=_delete_target,
        applied=words("tags") | set(_WHAT) | set(_LIMITS),
        replace_on=frozenset(_WHAT),
        named_by="resourceId",
    ),
    "aws:appautoscaling/policy:Policy": Handler(
        create=_put_policy,
        update=_update_policy,
        delete=_delete_policy,
        applied=words("name policyType targetTrackingScalingPolicyConfiguration") | set(_WHAT),
        replace_on=words("name policyType") | set(_WHAT),
        named_by="name",
    ),
}
