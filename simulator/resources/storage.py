"""Buckets, their settings, and objects that the program writes.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_BLOCK = {
    "blockPublicAcls": "BlockPublicAcls",
    "blockPublicPolicy": "BlockPublicPolicy",
    "ignorePublicAcls": "IgnorePublicAcls",
    "restrictPublicBuckets": "RestrictPublicBuckets",
}


def _create_bucket(call: Call) -> Created:
    s3, name = call.client("s3"), call.inputs["bucket"]
    # The oldest region is the one that must not be named.
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": call.region}}
    s3.create_bucket(Bucket=name, **({} if call.region == "us-east-1" else elsewhere))
    if call.tags():
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": call.tags()})
    outputs = {
        "arn": f"arn:aws:s3:::{name}",
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{call.region}.amazonaws.com",
    }
    return name, outputs


def _update_bucket(call: Call) -> Properties:
    s3 = call.client("s3")
    retag(
        call,
        lambda tags: s3.put_bucket_tagging(Bucket=call.id, Tagging={"TagSet": tags}),
        lambda _: s3.delete_bucket_tagging(Bucket=call.id),
    )
    return {}


def _delete_bucket(call: Call) -> None:
    s3 = call.client("s3")
    if call.inputs.get("forceDestroy", False):
        _empty(s3, call.id, "")
    s3.delete_bucket(Bucket=call.id)


def _empty(s3: Any, bucket: str, prefix: str) -> None:  # noqa: ANN401 - a boto3 client
    """Delete every version of every object below a prefix."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for row in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            s3.delete_object(Bucket=bucket, Key=row["Key"], VersionId=row["VersionId"])


def _put_block(call: Call) -> Created:
    bucket = call.inputs["bucket"]
    call.client("s3").put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            name: call.inputs.get(key, False) for key, name in _BLOCK.items()
        },
    )
    return bucket, {}


def _delete_block(call: Call) -> None:
    call.client("s3").delete_public_access_block(Bucket=call.inputs["bucket"])


def _put_policy(call: Call) -> Created:
    bucket = call.inputs["bucket"]
    call.client("s3").put_bucket_policy(Bucket=bucket, Policy=call.inputs["policy"])
    return bucket, {}


def _delete_policy(call: Call) -> None:
    call.client("s3").delete_bucket_policy(Bucket=call.inputs["bucket"])


def _put_versioning(call: Call) -> Created:
    bucket = call.inputs["bucket"]
    status = call.inputs["versioningConfiguration"]["status"]
    call.client("s3").put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": status}
    )
    return bucket, {}


def _suspend_versioning(call: Call) -> None:
    """A bucket that was versioned once can only be suspended, which is what the provider does."""
    call.client("s3").put_bucket_versioning(
        Bucket=call.inputs["bucket"], VersioningConfiguration={"Status": "Suspended"}
    )


def _put_encryption(call: Call) -> Created:
    bucket = call.inputs["bucket"]
    call.client("s3").put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [_encryption_rule(row) for row in call.inputs["rules"]]
        },
    )
    return bucket, {}


def _encryption_rule(row: dict[str, Any]) -> dict[str, Any]:
    given = row["applyServerSideEncryptionByDefault"]
    names = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}
    rule: dict[str, Any] = {
        "ApplyServerSideEncryptionByDefault": {names[key]: given[key] for key in given}
    }
    if "bucketKeyEnabled" in row:
        rule["BucketKeyEnabled"] = row["bucketKeyEnabled"]
    return rule


def _delete_encryption(call: Call) -> None:
    call.client("s3").delete_bucket_encryption(Bucket=call.inputs["bucket"])


def _put_object(call: Call) -> Created:
    names = {
        "bucket": "Bucket",
        "key": "Key",
        "contentType": "ContentType",
        "serverSideEncryption": "ServerSideEncryption",
        "kmsKeyId": "SSEKMSKeyId",
    }
    tags = "&".join(f"{tag['Key']}={tag['Value']}" for tag in call.tags())
    put = call.client("s3").put_object(
        **call.arguments(names),
        Body=call.inputs["content"].encode(),
        **({"Tagging": tags} if tags else {}),
    )
    bucket, key = call.inputs["bucket"], call.inputs["key"]
    outputs = {"arn": f"arn:aws:s3:::{bucket}/{key}", "etag": put["ETag"].strip('"')}
    return key, outputs | {"versionId": put.get("VersionId", "")}


def _update_object(call: Call) -> Properties:
    return _put_object(call)[1]


def _delete_object(call: Call) -> None:
    _empty(call.client("s3"), call.inputs["bucket"], call.inputs["key"])


HANDLERS = {
    "aws:s3/bucket:Bucket": Handler(
        create=_create_bucket,
        update=_update_bucket,
        delete=_delete_bucket,
        applied=words("bucket forceDestroy tags"),
        replace_on=words("bucket"),
        named_by="bucket",
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Handler(
        create=_put_block,
        update=lambda call: _put_block(call)[1],
        delete=_delete_block,
        applied=words("bucket") | set(_BLOCK),
        replace_on=words("bucket"),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Handler(
        create=_put_policy,
        update=lambda call: _put_policy(call)[1],
        delete=_delete_policy,
        applied=words("bucket policy"),
        replace_on=words("bucket"),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Handler(
        create=_put_versioning,
        update=lambda call: _put_versioning(call)[1],
        delete=_suspend_versioning,
        applied=words("bucket versioningConfiguration"),
        replace_on=words("bucket"),
    ),
    (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ): Handler(
        create=_put_encryption,
        update=lambda call: _put_encryption(call)[1],
        delete=_delete_encryption,
        applied=words("bucket rules"),
        replace_on=words("bucket"),
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": Handler(
        create=_put_object,
        update=_update_object,
        delete=_delete_object,
        applied=words("bucket key content contentType serverSideEncryption kmsKeyId tags"),
        replace_on=words("bucket key"),
        named_by="key",
    ),
}
