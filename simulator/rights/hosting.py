"""What IAM asks of calls to ECS, its autoscaling, ECR, EC2 and Lambda.

Source: service authorization reference of each. Who registers a task definition, or has a service
deploy one by name, passes its roles on to ECS, which asks for iam:PassRole (of UpdateService no
reference says so; e1s, issue 429 and pull request 430, have AWS's answer with and without a name).
"""

from collections.abc import Iterator

from moto.ecs.exceptions import TaskDefinitionNotFoundException
from moto.ecs.models import ecs_backends

from simulator.call_log import Call
from simulator.rights.asked import Asked, Rule, Rules, arn, of_everything, rows, text
from simulator.world import ACCOUNT

_ECS_LOOKING = ("DescribeTaskDefinition", "ListServices", "ListTaskDefinitions", "ListTasks")
_EC2_LOOKING = ("DescribeSecurityGroups", "DescribeSecurityGroupRules", "DescribeSubnets")
_EC2_CHANGING = (
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "DeleteSecurityGroup",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
)
_ROLES = ("executionRoleArn", "taskRoleArn")
_MADE_UP = "0123456789abcdef"
"""AWS makes up the last part of a scalable target's ARN: no policy can name it beforehand."""


def rules() -> Rules:
    """Return the rules of what runs a platform."""
    scaling = "application-autoscaling"
    return {
        **{("ecs", name): of_everything(f"ecs:{name}") for name in _ECS_LOOKING},
        **{("ec2", name): of_everything(f"ec2:{name}") for name in _EC2_LOOKING},
        **{("ec2", name): _group(name) for name in _EC2_CHANGING},
        ("ecs", "DescribeServices"): _services,
        ("ecs", "UpdateService"): _update,
        ("ecs", "DeleteService"): _service("DeleteService"),
        ("ecs", "DescribeTasks"): _tasks,
        ("ecs", "RegisterTaskDefinition"): _definition,
        ("ecr", "DescribeImages"): _images,
        (scaling, "DescribeScalableTargets"): of_everything(f"{scaling}:DescribeScalableTargets"),
        (scaling, "RegisterScalableTarget"): _target,
        ("lambda", "Invoke"): _function,
    }


def _function(call: Call) -> Iterator[Asked]:
    yield Asked(
        "lambda:InvokeFunction", arn(call, "lambda", text(call, "FunctionName"), "function")
    )


def _service_arn(call: Call, name: str) -> str:
    cluster = text(call, "cluster").rpartition("/")[2] or "default"
    return arn(call, "ecs", name, f"service/{cluster}", "/")


def _services(call: Call) -> Iterator[Asked]:
    for name in rows(call, "services"):
        yield Asked("ecs:DescribeServices", _service_arn(call, str(name)))


def _service(operation: str) -> Rule:
    return lambda call: [Asked(f"ecs:{operation}", _service_arn(call, text(call, "service")))]


def _update(call: Call) -> Iterator[Asked]:
    yield from _service("UpdateService")(call)
    named = text(call, "taskDefinition")
    if not named:
        return
    try:
        found = ecs_backends[ACCOUNT][call.region].describe_task_definition(named)
    except TaskDefinitionNotFoundException:
        return
    roles = {getattr(found, name, "") for name in ("execution_role_arn", "task_role_arn")}
    for role in sorted(roles - {""}):
        yield Asked("iam:PassRole", role)


def _tasks(call: Call) -> Iterator[Asked]:
    cluster = text(call, "cluster").rpartition("/")[2] or "default"
    for task in rows(call, "tasks"):
        yield Asked("ecs:DescribeTasks", arn(call, "ecs", str(task), f"task/{cluster}", "/"))


def _definition(call: Call) -> Iterator[Asked]:
    family = arn(call, "ecs", f"{text(call, 'family')}:1", "task-definition", "/")
    yield Asked("ecs:RegisterTaskDefinition", family)
    for role in sorted({text(call, name) for name in _ROLES} - {""}):
        yield Asked("iam:PassRole", role)


def _images(call: Call) -> Iterator[Asked]:
    name = text(call, "repositoryName")
    yield Asked("ecr:DescribeImages", arn(call, "ecr", name, "repository", "/"))


def _target(call: Call) -> Iterator[Asked]:
    made_up = arn(call, "application-autoscaling", _MADE_UP, "scalable-target", "/")
    yield Asked("application-autoscaling:RegisterScalableTarget", made_up)


def _group(operation: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        group = arn(call, "ec2", text(call, "GroupId"), "security-group", "/")
        yield Asked(f"ec2:{operation}", group)

    return asked
