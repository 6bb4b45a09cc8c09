"""Tags: each service takes the same pairs in a shape of its own.

The handlers of this package call it when they create and when they update.
"""

from collections.abc import Callable

from simulator.resources.handler import Call


def retag(
    call: Call,
    put: Callable[[list[dict[str, str]]], object],
    drop: Callable[[list[str]], object],
) -> None:
    """Bring an existing object's tags to what the inputs say; nothing happens if they are equal."""
    if "tags" not in call.changed:
        return
    removed = sorted(set(call.before.get("tags", {})) - set(call.inputs.get("tags", {})))
    if removed:
        drop(removed)
    if call.tags():
        put(call.tags())


def ec2_specification(call: Call, kind: str) -> list[dict[str, object]]:
    """Return what EC2 takes on creation; it refuses a specification without tags."""
    return [{"ResourceType": kind, "Tags": call.tags()}] if call.tags() else []


def retag_ec2(call: Call) -> None:
    """Bring the tags of an EC2 object to what the inputs say."""
    ec2 = call.client("ec2")
    retag(
        call,
        lambda tags: ec2.create_tags(Resources=[call.id], Tags=tags),
        lambda keys: ec2.delete_tags(Resources=[call.id], Tags=[{"Key": key} for key in keys]),
    )


def retag_by_arn(call: Call, service: str, argument: str) -> None:
    """Bring tags up to date with the services whose calls differ only in how they take the ARN."""
    client = call.client(service)
    put = getattr(client, _PUT[service])
    drop = getattr(client, _DROP[service])
    arn = {argument: call.outputs["arn"]}
    retag(call, lambda tags: put(**arn, Tags=tags), lambda keys: drop(**arn, TagKeys=keys))


_PUT = {
    "rds": "add_tags_to_resource",
    "dynamodb": "tag_resource",
    "secretsmanager": "tag_resource",
    "sesv2": "tag_resource",
}
_DROP = {
    "rds": "remove_tags_from_resource",
    "dynamodb": "untag_resource",
    "secretsmanager": "untag_resource",
    "sesv2": "untag_resource",
}
