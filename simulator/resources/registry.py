"""Container registries, and where their images are copied to.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties


def _create(call: Call) -> Created:
    names = {
        "name": "repositoryName",
        "imageTagMutability": "imageTagMutability",
        "imageScanningConfiguration": "imageScanningConfiguration",
    }
    encryption = _encryption(call.inputs.get("encryptionConfigurations", []))
    repository = call.client("ecr").create_repository(
        **call.arguments(names), **encryption, tags=call.tags()
    )["repository"]
    outputs = {
        "arn": repository["repositoryArn"],
        "registryId": repository["registryId"],
        "repositoryUrl": repository["repositoryUri"],
    }
    return repository["repositoryName"], outputs


def _encryption(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the only row of the list that the provider takes."""
    if not rows:
        return {}
    names = {"encryptionType": "encryptionType", "kmsKey": "kmsKey"}
    return {"encryptionConfiguration": {names[key]: value for key, value in rows[0].items()}}


def _update(call: Call) -> Properties:
    ecr = call.client("ecr")
    if "imageTagMutability" in call.changed:
        ecr.put_image_tag_mutability(
            repositoryName=call.id, imageTagMutability=call.inputs["imageTagMutability"]
        )
    if "imageScanningConfiguration" in call.changed:
        ecr.put_image_scanning_configuration(
            repositoryName=call.id,
            imageScanningConfiguration=call.inputs["imageScanningConfiguration"],
        )
    arn = call.outputs["arn"]
    retag(
        call,
        lambda tags: ecr.tag_resource(resourceArn=arn, tags=tags),
        lambda keys: ecr.untag_resource(resourceArn=arn, tagKeys=keys),
    )
    return {}


def _delete(call: Call) -> None:
    call.client("ecr").delete_repository(
        repositoryName=call.id, force=call.inputs.get("forceDelete", False)
    )


def _put_replication(call: Call) -> Created:
    given = call.inputs["replicationConfiguration"]
    call.client("ecr").put_replication_configuration(
        replicationConfiguration={"rules": given["rules"]}
    )
    registry = call.client("ecr").describe_registry()["registryId"]
    return registry, {"registryId": registry}


def _update_replication(call: Call) -> Properties:
    _put_replication(call)
    return {}


def _delete_replication(call: Call) -> None:
    call.client("ecr").put_replication_configuration(replicationConfiguration={"rules": []})


HANDLERS = {
    "aws:ecr/repository:Repository": Handler(
        create=_create,
        update=_update,
        delete=_delete,
        applied=words(
            "name imageTagMutability imageScanningConfiguration encryptionConfigurations "
            "forceDelete tags"
        ),
        replace_on=words("name encryptionConfigurations"),
        named_by="name",
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": Handler(
        create=_put_replication,
        update=_update_replication,
        delete=_delete_replication,
        applied=words("replicationConfiguration"),
    ),
}
