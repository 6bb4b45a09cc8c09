"""Lambda runs a function that a schedule or a topic asked for, in this process, on virtual time.

`simulator.schedules` and `corrections.sns` call `invoke`. Whoever has the code gives it to `CODE`:
the simulator knows what was declared (handler, role, variables, where failures go), not what it
does. A run signs with the function's own role, so that IAM judges it where a world is enforced.

Sources: Lambda guide, "Asynchronous invocation" and "Error handling": the caller hears nothing of
what becomes of a run; one that fails is repeated after a minute and again after two more, as often
as the function says and for as long as its event may be old, and its event then goes to the
destination for failures.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.sqs.models import sqs_backends

from continuity.errors import HoldfastError
from simulator import backstage, inside, service_counts
from simulator.attempt import NotSimulated
from simulator.callers import Credentials, credentials
from simulator.per_world import PerWorld
from simulator.queued_messages import VISIBLE
from simulator.world import World

Function = Any
"""A moto `LambdaFunction`; moto is untyped here."""

SESSION = "lambda"
"""What the sessions of functions are called."""

_REPEATS, _REPEATED_AFTER_S = 2, (60.0, 120.0)
_OLDEST_S = 6 * 3600.0
"""What Lambda does where a function says nothing."""

_INVOCATIONS, _ERRORS = ("AWS/Lambda", "Invocations"), ("AWS/Lambda", "Errors")


@dataclass(frozen=True)
class Surroundings:
    """What a function's code finds: its own name, what it signs with, and its variables."""

    arn: str
    handler: str
    region: str
    signs: Credentials
    environment: Mapping[str, str]


class NoCode(NotSimulated):
    """Nobody knows what a function's handler does."""


Code = Callable[[Surroundings, Mapping[str, Any]], object]

CODE: PerWorld[Code] = PerWorld()
"""Who runs the code of functions; without anybody a function does nothing, and well."""


def invoke(world: World, arn: str, event: str) -> str:
    """Run a function to its end, repeats included; return what it failed with, empty if it did not.

    A region that is lost repeats nothing before it is back.
    """
    region, clock = arn.split(":")[3], world.clock
    said = _asynchronously(function_of(arn))
    until = clock.monotonic() + float(said.get("MaximumEventAgeInSeconds", _OLDEST_S))
    error = _once(world, arn, event)
    for wait_s in _REPEATED_AFTER_S[: int(said.get("MaximumRetryAttempts", _REPEATS))]:
        if not error:
            return ""
        clock.sleep(wait_s)
        while world.faults.region_lost(region) and clock.monotonic() < until:
            clock.sleep(wait_s)
        if clock.monotonic() < until:
            error = _once(world, arn, event)
    if error:
        _hand_over(world, arn, event, error)
    return error


def function_of(arn: str) -> Function | None:
    """Return the function of this ARN, if there is one."""
    service, region = arn.split(":")[2:4]
    known = lambda_backends[inside.ACCOUNT][region].list_functions() if service == "lambda" else ()
    return next((one for one in known if one.function_arn == arn), None)


def _asynchronously(function: Function | None) -> Mapping[str, Any]:
    """Return what a function says of runs that nobody waits for; moto keeps every saying of it."""
    said = function.event_invoke_config if function is not None else ()
    configured: Mapping[str, Any] = said[-1].config if said else {}
    return configured


def _once(world: World, arn: str, event: str) -> str:
    function = function_of(arn)
    if function is None:
        return f"{arn} does not exist any more"
    region, name = arn.split(":")[3], str(function.function_name)
    service_counts.put(world, region, _INVOCATIONS, 1.0, FunctionName=name)
    error = _run(world, function, region, json.loads(event or "{}"))
    service_counts.put(world, region, _ERRORS, 1.0 if error else 0.0, FunctionName=name)
    return error


def keys(world: World) -> frozenset[str]:
    """Return the access keys that functions of a world have signed with."""
    return frozenset(one.access_key for one in _kept(world).values())


def dead_letter(world: World, queue: str, body: Mapping[str, object]) -> None:
    """Put a message into a queue, named by its ARN; a queue that is gone takes none."""
    region, name = queue.split(":")[3], queue.rpartition(":")[2]
    if name not in sqs_backends[inside.ACCOUNT][region].queues:
        return
    sqs = backstage.client("sqs", region)
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    waiting = sqs.get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]["ApproximateNumberOfMessages"]
    service_counts.put(world, region, VISIBLE, float(waiting), QueueName=name)


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
    """Return what the function finds; it goes on signing with what it took as its role."""
    kept = _kept(world)
    arn, role = str(function.function_arn), str(function.role).rpartition("/")[2]
    if (arn, role) not in kept:
        kept[arn, role] = credentials(world, role, SESSION, region)
    variables = {**function.environment_vars, "AWS_REGION": region}
    return Surroundings(arn, str(function.handler), region, kept[arn, role], variables)


def _kept(world: World) -> dict[tuple[str, str], Credentials]:
    """Return what functions have signed with so far, by ARN and role."""
    found: dict[tuple[str, str], Credentials] = vars(world).setdefault("_function_credentials", {})
    return found


def _hand_over(world: World, arn: str, event: str, error: str) -> None:
    """Send a run that failed to where its function says."""
    said = _asynchronously(function_of(arn))
    queue = said.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
    if queue:
        body = {
            "requestContext": {"functionArn": arn, "condition": "RetriesExhausted"},
            "requestPayload": json.loads(event or "{}"),
            "responsePayload": {"errorMessage": error},
        }
        dead_letter(world, queue, body)
