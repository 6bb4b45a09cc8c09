"""What IAM asks of calls that restore files: copies inside S3, new buckets, AWS Backup's restores.

Sources: service authorization reference of S3, AWS Backup and Amazon EFS; S3 API reference,
CopyObject, UploadPartCopy and GetObjectTagging (a version is read by other actions than the current
object, and tags by their own); AWS Backup guide, "Access control" (who begins a restore passes the
role).
"""

from collections.abc import Iterator, Mapping

from simulator.call_log import Call
from simulator.rights.asked import Asked, Rule, Rules, arn, of_everything, text
from simulator.rights.storage import key_of, written_with

_DECRYPT, _DATA_KEY = "kms:Decrypt", "kms:GenerateDataKey"
_OF_BUCKETS = {
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "CreateBucket": "s3:CreateBucket",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "PutBucketVersioning": "s3:PutBucketVersioning",
}
_OF_SYSTEMS = ("DescribeFileSystems", "DeleteFileSystem", "TagResource")
_JOBS = ("DescribeRestoreJob", "ListRestoreJobs", "GetRestoreJobMetadata")


def rules() -> Rules:
    """Return the rules of what a restore of files does."""
    return {
        **{("s3", name): _bucket(action) for name, action in _OF_BUCKETS.items()},
        **{("backup", name): of_everything(f"backup:{name}") for name in _JOBS},
        ("backup", "StartRestoreJob"): _restore,
        **{("efs", name): _system for name in _OF_SYSTEMS},
        ("s3", "CopyObject"): _copy,
        ("s3", "UploadPartCopy"): _copy,
        ("s3", "CreateMultipartUpload"): _begin,
        ("s3", "CompleteMultipartUpload"): _object("s3:PutObject"),
        ("s3", "AbortMultipartUpload"): _object("s3:AbortMultipartUpload"),
        ("s3", "GetObjectTagging"): _tags,
        ("s3", "DeleteObjects"): _delete,
    }


def _bucket(action: str) -> Rule:
    return lambda call: [Asked(action, f"arn:aws:s3:::{text(call, 'Bucket')}")]


def _object(action: str) -> Rule:
    return lambda call: [Asked(action, _named(call.parameters))]


def _begin(call: Call) -> Iterator[Asked]:
    yield from _put(call)
    if text(call, "Tagging"):
        yield Asked("s3:PutObjectTagging", _named(call.parameters))


def _copy(call: Call) -> Iterator[Asked]:
    source = call.parameters["CopySource"]
    if not isinstance(source, Mapping):
        raise TypeError(f"{call.name}: a source is named by a mapping here, not by {source!r}")
    yield Asked(f"s3:GetObject{_version(source)}", _named(source))
    sealed = key_of(str(source["Bucket"]), str(source["Key"]))
    if sealed:
        yield Asked(_DECRYPT, arn(call, "kms", sealed, "key", "/"))
    yield from _put(call)
    if call.operation == "CopyObject":
        yield Asked(f"s3:GetObject{_version(source)}Tagging", _named(source))
        yield Asked("s3:PutObjectTagging", _named(call.parameters))


def _put(call: Call) -> Iterator[Asked]:
    yield Asked("s3:PutObject", _named(call.parameters))
    key = written_with(call)
    if key:
        yield Asked(_DATA_KEY, arn(call, "kms", key, "key", "/"))


def _tags(call: Call) -> Iterator[Asked]:
    yield Asked(f"s3:GetObject{_version(call.parameters)}Tagging", _named(call.parameters))


def _delete(call: Call) -> Iterator[Asked]:
    given = call.parameters.get("Delete")
    for row in given.get("Objects", ()) if isinstance(given, Mapping) else ():
        place = {"Bucket": text(call, "Bucket"), **row}
        yield Asked(f"s3:DeleteObject{_version(row)}", _named(place))


def _restore(call: Call) -> Iterator[Asked]:
    yield Asked("backup:StartRestoreJob", text(call, "RecoveryPointArn"))
    yield Asked("iam:PassRole", text(call, "IamRoleArn"))


def _system(call: Call) -> list[Asked]:
    """Without a name AWS asks for all of the region's."""
    named = text(call, "FileSystemId") or text(call, "ResourceId") or "*"
    resource = arn(call, "elasticfilesystem", named, "file-system", "/")
    return [Asked(f"elasticfilesystem:{call.operation}", resource)]


def _named(place: Mapping[str, object]) -> str:
    return f"arn:aws:s3:::{place['Bucket']}/{place['Key']}"


def _version(place: Mapping[str, object]) -> str:
    return "Version" if place.get("VersionId") else ""
