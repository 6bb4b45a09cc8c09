"""Lambda runs a function that a schedule or a topic asked for, in this process, on virtual time.

`simulator.schedules` and `corrections.sns` call `invoke`. Whoever has the code gives it to `CODE`:
the simulator knows what was declared (handler, role, variables, where failures go), not what it
does. A run signs with the function's own role, so that IAM judges it where a world is enforced.

Source: Lambda guide, "Asynchronous invocation": the caller hears nothing of what becomes of a run;
a run that fails is repeated as often as the function says, and its event then goes to the
destination for failures.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import lambda_backends

from continuity.errors import HoldfastError
from simulator import backstage, inside, service_counts
from simulator.callers import Credentials, credentials
from simulator.per_world import PerWorld
from simulator.world import World

Function = Any
"""A moto `LambdaFunction`; moto is untyped here."""

_SESSION = "lambda"
_INVOCATIONS, _ERRORS = ("AWS/Lambda", "Invocations"), ("AWS/Lambda", "Errors")
_VISIBLE = ("AWS/SQS", "ApproximateNumberOfMessagesVisible")


@dataclass(frozen=True)
class Surroundings:
    """What a function's code finds: its own name, what it signs with, and its variables."""

    arn: str
    handler: str
    region: str
    signs: Credentials
    environment: Mapping[str, str]


Code = Callable[[Surroundings, Mapping[str, Any]], object]

CODE: PerWorld[Code] = PerWorld()
"""Who runs the code of functions; without anybody a function does nothing, and well."""


def invoke(world: World, arn: str, event: str) -> str:
    """Run a function to its end; return what it failed with, empty where it went well."""
    region = arn.split(":")[3]
    function = lambda_backends[inside.ACCOUNT][region].get_function(arn)
    name = str(function.function_name)
    service_counts.put(world, region, _INVOCATIONS, 1.0, FunctionName=name)
    error = _run(world, function, region, json.loads(event or "{}"))
    service_counts.put(world, region, _ERRORS, 1.0 if error else 0.0, FunctionName=name)
    if error:
        _hand_over(world, function, event, error)
    return error


def dead_letter(world: World, queue: str, body: Mapping[str, object]) -> None:
    """Put a message into a queue, named by its ARN; a queue that is gone takes none."""
    region, name = queue.split(":")[3], queue.rpartition(":")[2]
    sqs = backstage.client("sqs", region)
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    waiting = sqs.get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]["ApproximateNumberOfMessages"]
    service_counts.put(world, region, _VISIBLE, float(waiting), QueueName=name)


def _run(world: World, function: Function, region: str, event: Mapping[str, Any]) -> str:
    code = CODE.of(world)
    if code is None:
        return ""
    try:
        code(_surroundings(world, function, region), event)
    except HoldfastError as error:
        return str(error)
    return ""


def _surroundings(world: World, function: Function, region: str) -> Surroundings:
    """Return what the function finds; it goes on signing with what it took when it was new."""
    kept: dict[int, Credentials] = vars(world).setdefault("_function_credentials", {})
    arn = str(function.function_arn)
    if id(function) not in kept:
        role = str(function.role).rpartition("/")[2]
        kept[id(function)] = credentials(world, role, _SESSION, region)
    variables = {**function.environment_vars, "AWS_REGION": region}
    return Surroundings(arn, str(function.handler), region, kept[id(function)], variables)


def _hand_over(world: World, function: Function, event: str, error: str) -> None:
    """Send a run that failed to where its function says."""
    configured = backstage.client("lambda", function.region).list_function_event_invoke_configs(
        FunctionName=function.function_name
    )["FunctionEventInvokeConfigs"]
    for config in configured:
        queue = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
        if queue:
            body = {
                "requestContext": {
                    "functionArn": str(function.function_arn),
                    "condition": "RetriesExhausted",
                },
                "requestPayload": json.loads(event or "{}"),
                "responsePayload": {"errorMessage": error},
            }
            dead_letter(world, queue, body)
