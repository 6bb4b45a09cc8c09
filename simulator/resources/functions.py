"""Functions that AWS runs, and what becomes of runs that fail.

`simulator.resources.table` gathers `HANDLERS`. The code is packed and kept; nothing here runs it.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.spelling import capitalised
from simulator.resources.tagging import retag
from simulator.values import Properties

_FUNCTION = {
    "name": "FunctionName",
    "description": "Description",
    "runtime": "Runtime",
    "architectures": "Architectures",
    "handler": "Handler",
    "role": "Role",
    "timeout": "Timeout",
    "memorySize": "MemorySize",
}
_INVOKE = {
    "functionName": "FunctionName",
    "maximumRetryAttempts": "MaximumRetryAttempts",
    "maximumEventAgeInSeconds": "MaximumEventAgeInSeconds",
}


def _create(call: Call) -> Created:
    tags = dict(call.inputs.get("tags", {}))
    made = call.client("lambda").create_function(
        **call.arguments(_FUNCTION),
        Code={"ZipFile": call.inputs["code"].packed()},
        Environment=_environment(call),
        VpcConfig=_network(call),
        FileSystemConfigs=_mounts(call),
        LoggingConfig=capitalised(call.inputs["loggingConfig"]),
        Tags=tags,
    )
    outputs = {"arn": made["FunctionArn"], "sourceCodeHash": made["CodeSha256"]}
    return made["FunctionName"], outputs


def _network(call: Call) -> dict[str, list[str]]:
    """Return where a function stands inside a network; empty for one that stands in none."""
    inside = call.inputs.get("vpcConfig") or {}
    return {
        name: list(inside[key])
        for key, name in (("subnetIds", "SubnetIds"), ("securityGroupIds", "SecurityGroupIds"))
        if key in inside
    }


def _mounts(call: Call) -> list[dict[str, str]]:
    """Return what a function mounts; nothing for one that mounts nothing."""
    mount = call.inputs.get("fileSystemConfig")
    return [capitalised(mount)] if mount else []


def _environment(call: Call) -> dict[str, dict[str, str]]:
    """Return the variables, whose own names are not AWS's to spell."""
    return {"Variables": dict(call.inputs.get("environment", {}).get("variables", {}))}


def _update(call: Call) -> Properties:
    function, arn = call.client("lambda"), call.outputs["arn"]
    settings = call.changes({key: name for key, name in _FUNCTION.items() if key != "name"})
    settings.pop("Architectures", None)
    if "fileSystemConfig" in call.changed:
        settings["FileSystemConfigs"] = _mounts(call)
    if call.changed & {"environment", "loggingConfig", "vpcConfig"}:
        settings["Environment"] = _environment(call)
        settings["VpcConfig"] = _network(call)
        settings["LoggingConfig"] = capitalised(call.inputs["loggingConfig"])
    if settings:
        function.update_function_configuration(FunctionName=call.id, **settings)
    retag(
        call,
        lambda _: function.tag_resource(Resource=arn, Tags=dict(call.inputs["tags"])),
        lambda keys: function.untag_resource(Resource=arn, TagKeys=keys),
    )
    if not call.changed & {"code", "architectures"}:
        return {}
    made = function.update_function_code(FunctionName=call.id, ZipFile=call.inputs["code"].packed())
    return {"sourceCodeHash": made["CodeSha256"]}


def _delete(call: Call) -> None:
    call.client("lambda").delete_function(FunctionName=call.id)


def _put_invoking(call: Call) -> Created:
    destinations = capitalised(call.inputs.get("destinationConfig", {}))
    call.client("lambda").put_function_event_invoke_config(
        **call.arguments(_INVOKE), DestinationConfig=destinations
    )
    return call.inputs["functionName"], {}


def _delete_invoking(call: Call) -> None:
    call.client("lambda").delete_function_event_invoke_config(FunctionName=call.id)


HANDLERS = {
    "aws:lambda/function:Function": Handler(
        create=_create,
        update=_update,
        delete=_delete,
        applied=frozenset(_FUNCTION)
        | words("code environment fileSystemConfig loggingConfig tags vpcConfig"),
        replace_on=words("name"),
        named_by="name",
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": Handler(
        create=_put_invoking,
        update=lambda call: _put_invoking(call)[1],
        delete=_delete_invoking,
        applied=frozenset(_INVOKE) | words("destinationConfig"),
        replace_on=words("functionName"),
    ),
}
