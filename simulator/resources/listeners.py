"""Listeners of load balancers: forward, redirect, or answer by themselves.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_LISTENER = {"port": "Port", "protocol": "Protocol", "sslPolicy": "SslPolicy"}
_REDIRECT = {"port": "Port", "protocol": "Protocol", "statusCode": "StatusCode", "host": "Host"}
_ANSWER = {
    "contentType": "ContentType",
    "messageBody": "MessageBody",
    "statusCode": "StatusCode",
}


def _arguments(call: Call) -> dict[str, Any]:
    arguments = call.arguments(_LISTENER)
    arguments["DefaultActions"] = [_action(row) for row in call.inputs["defaultActions"]]
    if "certificateArn" in call.inputs:
        arguments["Certificates"] = [{"CertificateArn": call.inputs["certificateArn"]}]
    return arguments


def _action(row: dict[str, Any]) -> dict[str, Any]:
    action: dict[str, Any] = {"Type": row["type"]}
    if "targetGroupArn" in row:
        action["TargetGroupArn"] = row["targetGroupArn"]
    if "redirect" in row:
        action["RedirectConfig"] = _named(row["redirect"], _REDIRECT)
    if "fixedResponse" in row:
        action["FixedResponseConfig"] = _named(row["fixedResponse"], _ANSWER)
    unknown = set(row) - {"type", "targetGroupArn", "redirect", "fixedResponse"}
    if unknown:
        raise ValueError(f"an action with {sorted(unknown)} is not simulated")
    return action


def _named(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names[key]: value for key, value in row.items()}


def _create(call: Call) -> Created:
    listener = call.client("elbv2").create_listener(
        LoadBalancerArn=call.inputs["loadBalancerArn"], **_arguments(call), Tags=call.tags()
    )["Listeners"][0]
    return listener["ListenerArn"], {"arn": listener["ListenerArn"]}


def _update(call: Call) -> Properties:
    balancing = call.client("elbv2")
    if call.changed - {"tags"}:
        balancing.modify_listener(ListenerArn=call.id, **_arguments(call))
    retag(
        call,
        lambda tags: balancing.add_tags(ResourceArns=[call.id], Tags=tags),
        lambda keys: balancing.remove_tags(ResourceArns=[call.id], TagKeys=keys),
    )
    return {}


def _delete(call: Call) -> None:
    call.client("elbv2").delete_listener(ListenerArn=call.id)


HANDLERS = {
    "aws:lb/listener:Listener": Handler(
        create=_create,
        update=_update,
        delete=_delete,
        applied=words("loadBalancerArn defaultActions certificateArn tags") | set(_LISTENER),
        replace_on=words("loadBalancerArn"),
    ),
}
