"""Secrets, their replicas in other regions, and their values.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any
from uuid import UUID

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag_by_arn
from simulator.values import Properties
from simulator.world import current


def _create_secret(call: Call) -> Created:
    names = {"name": "Name", "description": "Description", "kmsKeyId": "KmsKeyId"}
    replicas = _replicas(call.inputs.get("replicas", []))
    secret = call.client("secretsmanager").create_secret(
        **call.arguments(names),
        **({"AddReplicaRegions": replicas} if replicas else {}),
        Tags=call.tags(),
    )
    return secret["ARN"], {"arn": secret["ARN"]}


def _replicas(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {"region": "Region", "kmsKeyId": "KmsKeyId"}
    return [{names[key]: value for key, value in row.items() if key in names} for row in rows]


def _update_secret(call: Call) -> Properties:
    secrets = call.client("secretsmanager")
    about = call.changes({"description": "Description", "kmsKeyId": "KmsKeyId"})
    if about:
        secrets.update_secret(SecretId=call.id, **about)
    if "replicas" in call.changed:
        _drop_replicas(call, keep={row["region"] for row in call.inputs.get("replicas", [])})
        before = {row["region"] for row in call.before.get("replicas", [])}
        added = [row for row in call.inputs.get("replicas", []) if row["region"] not in before]
        if added:
            secrets.replicate_secret_to_regions(
                SecretId=call.id, AddReplicaRegions=_replicas(added)
            )
    retag_by_arn(call, "secretsmanager", "SecretId")
    return {}


def _drop_replicas(call: Call, keep: set[str]) -> None:
    gone = [row["region"] for row in call.before.get("replicas", []) if row["region"] not in keep]
    if gone:
        call.client("secretsmanager").remove_regions_from_replication(
            SecretId=call.id, RemoveReplicaRegions=gone
        )


def _delete_secret(call: Call) -> None:
    _drop_replicas(call, keep=set())
    days = call.inputs.get("recoveryWindowInDays", 30)
    when = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    call.client("secretsmanager").delete_secret(SecretId=call.id, **when)


def _create_version(call: Call) -> Created:
    secret = call.inputs["secretId"]
    token = UUID(int=current().random("secret versions").getrandbits(128))
    version = call.client("secretsmanager").put_secret_value(
        SecretId=secret,
        SecretString=call.inputs["secretString"],
        ClientRequestToken=str(token),  # becomes the version; botocore's own would be random
    )
    identity = version["VersionId"]
    return f"{secret}|{identity}", {"arn": version["ARN"], "versionId": identity}


def _leave_version(_: Call) -> None:
    """AWS keeps the current version of a secret as long as the secret; so does the provider."""


HANDLERS = {
    "aws:secretsmanager/secret:Secret": Handler(
        create=_create_secret,
        update=_update_secret,
        delete=_delete_secret,
        applied=words("name description kmsKeyId recoveryWindowInDays replicas tags"),
        replace_on=words("name"),
        named_by="name",
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Handler(
        create=_create_version,
        delete=_leave_version,
        applied=words("secretId secretString"),
    ),
}
