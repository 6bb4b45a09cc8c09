"""Encryption at rest, and with which key: one of the site where the data lies.

A key of the other region would be lost together with it. What must be readable when a key is gone
is encrypted by its service alone, which these rules accept where decision 0014 says so.
"""

from collections.abc import Iterator

from continuity import naming
from policy.access import is_latch
from policy.declared import Declared
from policy.rule import ResourceRule, StackRule, Wrong
from policy.stack import (
    BUCKET,
    FILE_SYSTEM,
    INSTANCE,
    KEY,
    LOG_GROUP,
    UNKNOWN,
    VAULT,
    Resource,
    Stack,
)

_ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - the name of a type, not a secret
_COPIES = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
_STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_KEYS = {
    INSTANCE: "kmsKeyId",
    _COPIES: "kmsKeyId",
    LOG_GROUP: "kmsKeyId",
    FILE_SYSTEM: "kmsKeyId",
    VAULT: "kmsKeyArn",
    _SECRET: "kmsKeyId",
    "aws:sns/topic:Topic": "kmsMasterKeyId",
    "aws:sqs/queue:Queue": "kmsMasterKeyId",
}
"""The property that names the key of each kind."""


def _has_key(resource: Resource, _: Declared) -> Iterator[str]:
    name = _KEYS[resource.type]
    key = resource.get(name)
    if key is None and _is_told_with(resource):
        return
    if key is None:
        yield f"is not encrypted with the zone's key; set {_snake(name)} to the key of its site."
    elif isinstance(key, str) and _region_of(key) not in ("", resource.region):
        yield (
            f"stands in {resource.region} and is encrypted with a key of {_region_of(key)}, whose "
            "loss would take it along; use the key of its own site."
        )


def _is_told_with(resource: Resource) -> bool:
    """Say whether it is a channel's token: who tells that a site's key is gone must not need it."""
    named = resource.text("name").startswith(naming.CHANNEL_SECRETS)
    return named and resource.type == _SECRET


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _region_of(key: str) -> str:
    """Return the region in a key's ARN; empty for what is no ARN, which is always a neighbour."""
    parts = key.split(":")
    return parts[3] if key.startswith("arn:") and len(parts) > len("arn") else ""


def _own_key(stack: Stack) -> Iterator[Wrong]:
    for resource in (one for one in stack.resources if one.type in _KEYS):
        name = _KEYS[resource.type]
        keys = [one for one in stack.behind(resource, name) if one.type == KEY]
        for key in (one for one in keys if one.region != resource.region):
            yield Wrong(
                f"stands in {resource.region} and takes its key from {key.name} in {key.region}; "
                "use the key of its own site.",
                resource,
            )


def _key_turns(key: Resource, _: Declared) -> Iterator[str]:
    if key.is_not("enableKeyRotation", True):
        yield "is never renewed; set enable_key_rotation to True."
    days = key.get("deletionWindowInDays")
    if isinstance(days, int) and days < _DAYS_TO_REGRET:
        yield (
            f"could be gone {days} days after a mistake, and all its data with it; "
            f"set deletion_window_in_days to {_DAYS_TO_REGRET}."
        )


_DAYS_TO_REGRET = 30  # the longest that KMS offers


def _buckets(stack: Stack) -> Iterator[Wrong]:
    """S3 encrypts everything by itself; a latch, read by anybody, is the one left to that."""
    for bucket in stack.of(BUCKET):
        if is_latch(bucket.text("bucket")):
            continue
        if not stack.belonging(_ENCRYPTION, "bucket", bucket):
            yield Wrong(
                "does not say how it is encrypted; give it a server-side encryption configuration.",
                bucket,
            )


def _file_system(resource: Resource, _: Declared) -> Iterator[str]:
    if resource.is_not("encrypted", True):
        yield "is not encrypted, which can never be changed later; set encrypted to True."


def _stream(resource: Resource, _: Declared) -> Iterator[str]:
    rows = resource.rows("serverSideEncryption")
    if resource.is_known("serverSideEncryption") and not any(
        row.get("enabled") in (True, UNKNOWN) for row in rows
    ):
        yield "keeps logs in the clear while they wait; enable its server-side encryption."


RULES = (
    ResourceRule(
        "encrypted-with-our-key",
        "What stores data names a key of its own region.",
        tuple(_KEYS),
        _has_key,
    ),
    StackRule(
        "key-of-its-site", "The key that a resource is given is declared in its region.", _own_key
    ),
    ResourceRule(
        "keys-last", "Keys are renewed every year, and take 30 days to go.", (KEY,), _key_turns
    ),
    StackRule(
        "buckets-encrypted", "Every bucket but the latch says how it is encrypted.", _buckets
    ),
    ResourceRule("files-encrypted", "File systems are encrypted.", (FILE_SYSTEM,), _file_system),
    ResourceRule(
        "logs-encrypted-on-their-way", "Logs are encrypted while they wait.", (_STREAM,), _stream
    ),
)
