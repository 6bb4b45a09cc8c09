"""What buckets are told beside their contents: who owns, what expires, where copies go.

`simulator.resources.table` gathers `HANDLERS`; `storage` has the buckets themselves. Replication
is stored and not acted on here: whoever simulates time moves objects by it.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.spelling import capitalised

_ODD = {
    "id": "ID",
    "abortIncompleteMultipartUpload": "AbortIncompleteMultipartUpload",
    "replicaKmsKeyId": "ReplicaKmsKeyID",
}


def _put_ownership(call: Call) -> Created:
    bucket = call.inputs["bucket"]
    call.client("s3").put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [capitalised(call.inputs["rule"])]}
    )
    return bucket, {}


def _delete_ownership(call: Call) -> None:
    call.client("s3").delete_bucket_ownership_controls(Bucket=call.inputs["bucket"])


def _put_lifecycle(call: Call) -> Created:
    bucket = call.inputs["bucket"]
    rules: list[dict[str, Any]] = capitalised(call.inputs["rules"], _ODD)
    call.client("s3").put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": rules}
    )
    return bucket, {}


def _delete_lifecycle(call: Call) -> None:
    call.client("s3").delete_bucket_lifecycle(Bucket=call.inputs["bucket"])


def _put_replication(call: Call) -> Created:
    bucket = call.inputs["bucket"]
    rules: list[dict[str, Any]] = capitalised(call.inputs["rules"], _ODD)
    call.client("s3").put_bucket_replication(
        Bucket=bucket, ReplicationConfiguration={"Role": call.inputs["role"], "Rules": rules}
    )
    return bucket, {}


def _delete_replication(call: Call) -> None:
    call.client("s3").delete_bucket_replication(Bucket=call.inputs["bucket"])


HANDLERS = {
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Handler(
        create=_put_ownership,
        update=lambda call: _put_ownership(call)[1],
        delete=_delete_ownership,
        applied=words("bucket rule"),
        replace_on=words("bucket"),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Handler(
        create=_put_lifecycle,
        update=lambda call: _put_lifecycle(call)[1],
        delete=_delete_lifecycle,
        applied=words("bucket rules"),
        replace_on=words("bucket"),
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": Handler(
        create=_put_replication,
        update=lambda call: _put_replication(call)[1],
        delete=_delete_replication,
        applied=words("bucket role rules"),
        replace_on=words("bucket"),
    ),
}
