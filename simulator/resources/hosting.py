"""ECS clusters, task definitions and services.

`simulator.resources.table` gathers `HANDLERS`.
"""

import json
from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_TASK = {
    "family": "family",
    "cpu": "cpu",
    "memory": "memory",
    "networkMode": "networkMode",
    "requiresCompatibilities": "requiresCompatibilities",
    "executionRoleArn": "executionRoleArn",
    "taskRoleArn": "taskRoleArn",
}
_SERVICE = {
    "taskDefinition": "taskDefinition",
    "desiredCount": "desiredCount",
    "healthCheckGracePeriodSeconds": "healthCheckGracePeriodSeconds",
    "propagateTags": "propagateTags",
    "enableExecuteCommand": "enableExecuteCommand",
    "loadBalancers": "loadBalancers",
}
_DEPLOYMENT = {
    "deploymentCircuitBreaker": "deploymentCircuitBreaker",
    "deploymentMaximumPercent": "maximumPercent",
    "deploymentMinimumHealthyPercent": "minimumHealthyPercent",
}


def _tags(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"key": tag["Key"], "value": tag["Value"]} for tag in tags]


def _retag(call: Call) -> None:
    ecs, arn = call.client("ecs"), call.outputs["arn"]
    retag(
        call,
        lambda tags: ecs.tag_resource(resourceArn=arn, tags=_tags(tags)),
        lambda keys: ecs.untag_resource(resourceArn=arn, tagKeys=keys),
    )


def _create_cluster(call: Call) -> Created:
    names = {"name": "clusterName", "settings": "settings"}
    cluster = call.client("ecs").create_cluster(**call.arguments(names), tags=_tags(call.tags()))[
        "cluster"
    ]
    return cluster["clusterArn"], {"arn": cluster["clusterArn"]}


def _update_cluster(call: Call) -> Properties:
    if "settings" in call.changed:
        call.client("ecs").update_cluster_settings(
            cluster=call.id, settings=call.inputs["settings"]
        )
    _retag(call)
    return {}


def _delete_cluster(call: Call) -> None:
    call.client("ecs").delete_cluster(cluster=call.id)


def _create_task(call: Call) -> Created:
    task = call.client("ecs").register_task_definition(
        **call.arguments(_TASK),
        containerDefinitions=json.loads(call.inputs["containerDefinitions"]),
        tags=_tags(call.tags()),
    )["taskDefinition"]
    arn = task["taskDefinitionArn"]
    without = arn.rpartition(":")[0]
    outputs = {"arn": arn, "arnWithoutRevision": without, "revision": task["revision"]}
    return task["family"], outputs


def _update_task(call: Call) -> Properties:
    _retag(call)
    return {}


def _delete_task(call: Call) -> None:
    call.client("ecs").deregister_task_definition(taskDefinition=call.outputs["arn"])


def _network(call: Call) -> dict[str, Any]:
    given = call.inputs.get("networkConfiguration")
    if given is None:
        return {}
    public = "ENABLED" if given.get("assignPublicIp") else "DISABLED"
    settings = {
        "subnets": given["subnets"],
        "securityGroups": given["securityGroups"],
        "assignPublicIp": public,
    }
    return {"networkConfiguration": {"awsvpcConfiguration": settings}}


def _deployment(call: Call) -> dict[str, Any]:
    settings = call.arguments(_DEPLOYMENT)
    return {"deploymentConfiguration": settings} if settings else {}


def _create_service(call: Call) -> Created:
    names = {"name": "serviceName", "cluster": "cluster", "launchType": "launchType", **_SERVICE}
    service = call.client("ecs").create_service(
        **call.arguments(names), **_network(call), **_deployment(call), tags=_tags(call.tags())
    )["service"]
    return service["serviceArn"], {"arn": service["serviceArn"]}


def _update_service(call: Call) -> Properties:
    arguments = call.changes(_SERVICE)
    if "networkConfiguration" in call.changed:
        arguments |= _network(call)
    if call.changed & set(_DEPLOYMENT):
        arguments |= _deployment(call)
    if arguments:
        call.client("ecs").update_service(
            cluster=call.inputs["cluster"], service=call.inputs["name"], **arguments
        )
    _retag(call)
    return {}


def _delete_service(call: Call) -> None:
    which = {"cluster": call.inputs["cluster"], "service": call.inputs["name"]}
    ecs = call.client("ecs")
    ecs.update_service(**which, desiredCount=0)
    ecs.delete_service(**which)


HANDLERS = {
    "aws:ecs/cluster:Cluster": Handler(
        create=_create_cluster,
        update=_update_cluster,
        delete=_delete_cluster,
        applied=words("name settings tags"),
        replace_on=words("name"),
        named_by="name",
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Handler(
        create=_create_task,
        update=_update_task,
        delete=_delete_task,
        applied=words("containerDefinitions tags") | set(_TASK),
        replace_on=words("containerDefinitions") | set(_TASK),
    ),
    "aws:ecs/service:Service": Handler(
        create=_create_service,
        update=_update_service,
        delete=_delete_service,
        applied=words("name cluster launchType networkConfiguration tags")
        | set(_SERVICE)
        | set(_DEPLOYMENT),
        replace_on=words("name cluster launchType"),
        named_by="name",
    ),
}
