"""What IAM asks of calls to S3, DynamoDB, KMS and Secrets Manager.

Sources: service authorization reference of each; S3 user guide, "Protecting data with SSE-KMS": who
reads needs kms:Decrypt, who writes kms:GenerateDataKey; DynamoDB guide, "Encryption at rest: usage
notes": it uses a customer's key in the name of who calls. Assumption: writing an encrypted table
asks for both, as the guide's example of a key policy grants them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends

from simulator.call_log import Call
from simulator.rights.asked import EVERYTHING, Asked, Rule, Rules, arn, of_everything, rows, text
from simulator.world import ACCOUNT

_DECRYPT, _DATA_KEY = "kms:Decrypt", "kms:GenerateDataKey"
_TABLES = ("DescribeContinuousBackups", "DescribeTable")
_ITEMS_READ = ("GetItem", "Query", "Scan")
_ITEMS_WRITTEN = ("DeleteItem", "PutItem", "UpdateItem")
_IN_A_TRANSACTION = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_OBJECTS = {
    "DeleteObject": ("s3:DeleteObject", ""),
    "GetObject": ("s3:GetObject", _DECRYPT),
    "HeadObject": ("s3:GetObject", _DECRYPT),
    "PutObject": ("s3:PutObject", _DATA_KEY),
}
"""The action on an object, and what is asked of its key."""

_BUCKETS = {
    "HeadBucket": "s3:ListBucket",
    "ListObjects": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "ListObjectVersions": "s3:ListBucketVersions",
    "GetBucketLocation": "s3:GetBucketLocation",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
}
_KEYS = ("CreateGrant", "Decrypt", "DescribeKey", "DisableKey", "EnableKey", "GenerateDataKey")
_SECRETS = ("DescribeSecret", "GetSecretValue")


def rules() -> Rules:
    """Return the rules of what data rests in."""
    return {
        **{("s3", name): _object(*asked) for name, asked in _OBJECTS.items()},
        **{("s3", name): _bucket(action) for name, action in _BUCKETS.items()},
        **{("dynamodb", name): _table(name) for name in _TABLES},
        **{("dynamodb", name): _table(name, _DECRYPT) for name in _ITEMS_READ},
        **{("dynamodb", name): _table(name, _DECRYPT, _DATA_KEY) for name in _ITEMS_WRITTEN},
        ("dynamodb", "TransactWriteItems"): _transaction,
        ("dynamodb", "BatchGetItem"): _batch,
        **{("kms", name): _key(name) for name in _KEYS},
        **{("secretsmanager", name): _secret(name) for name in _SECRETS},
        ("s3", "ListBuckets"): of_everything("s3:ListAllMyBuckets"),
    }


def _bucket(action: str) -> Rule:
    return lambda call: [Asked(action, f"arn:aws:s3:::{text(call, 'Bucket')}")]


def _object(action: str, of_key: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        # A version that is not the current one is read by an action of its own.
        named = "Version" if action == "s3:GetObject" and text(call, "VersionId") else ""
        yield Asked(f"{action}{named}", f"arn:aws:s3:::{text(call, 'Bucket')}/{text(call, 'Key')}")
        key = written_with(call) if of_key == _DATA_KEY else _lies_under(call)
        if of_key and key:
            yield Asked(of_key, arn(call, "kms", key, "key", "/"))

    return asked


def written_with(call: Call) -> str:
    """Return the key that an object is encrypted with: the call's own, or the bucket's."""
    if text(call, "SSEKMSKeyId"):
        return text(call, "SSEKMSKeyId")
    found = s3_backends[ACCOUNT]["aws"].buckets.get(text(call, "Bucket"))
    rules = (getattr(found, "encryption", None) or {}).get("Rule", [])
    for rule in [rules] if isinstance(rules, dict) else rules:
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        return str(default.get("KMSMasterKeyID") or "")
    return ""


def _lies_under(call: Call) -> str:
    """Return the key under which an object lies; empty for none, or for no object."""
    return key_of(text(call, "Bucket"), text(call, "Key"))


def key_of(bucket: str, name: str) -> str:
    """Return the key under which an object lies; empty for none, or for no object."""
    found = s3_backends[ACCOUNT]["aws"].buckets.get(bucket)
    stored = None if found is None else found.keys.get(name)
    return str(getattr(stored, "kms_key_id", None) or "")


def _table(operation: str, *of_key: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        yield from _on_table(call, f"dynamodb:{operation}", text(call, "TableName"), of_key)

    return asked


def _transaction(call: Call) -> Iterator[Asked]:
    for row in rows(call, "TransactItems"):
        parts: Mapping[str, Any] = row  # type: ignore[assignment]
        for kind, part in parts.items():
            action = f"dynamodb:{_IN_A_TRANSACTION[kind]}"
            yield from _on_table(call, action, part["TableName"], (_DECRYPT, _DATA_KEY))


def _batch(call: Call) -> Iterator[Asked]:
    tables = call.parameters.get("RequestItems")
    for name in tables if isinstance(tables, Mapping) else ():
        yield from _on_table(call, "dynamodb:BatchGetItem", str(name), (_DECRYPT,))


def _on_table(call: Call, action: str, name: str, of_key: tuple[str, ...]) -> Iterator[Asked]:
    yield Asked(action, arn(call, "dynamodb", name, "table", "/"))
    table = dynamodb_backends[ACCOUNT][call.region].tables.get(name.rpartition("/")[2])
    rests = (table.sse_specification if table else None) or {}
    # Without a key of ours DynamoDB uses its own, and asks nobody's leave.
    key = rests.get("KMSMasterKeyId") if rests.get("Enabled") else None
    for each in of_key if key else ():
        yield Asked(each, arn(call, "kms", str(key), "key", "/"))


def _key(operation: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        given = text(call, "KeyId")
        yield Asked(
            f"kms:{operation}", arn(call, "kms", given, "key", "/") if given else EVERYTHING
        )

    return asked


def _secret(operation: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        # Secrets Manager puts six characters of its own after a name.
        name = arn(call, "secretsmanager", f"{text(call, 'SecretId')}", "secret")
        yield Asked(f"secretsmanager:{operation}", name)

    return asked
