"""S3 replication: moto stores its rules and moves nothing.

Source: S3 user guide, "Replicating objects within and across Regions" (replicas keep key, version,
creation time, metadata and tags), "What does Amazon S3 replicate?" (nothing that was there before
the rule, no replica again, markers where the rule says so, no deletion of a version) and
"Replication time control" (99.9 % within 15 minutes).

Nothing runs while time passes: what is on its way lies with the bucket that it goes to, and arrives
when that bucket is next asked for. A region that is lost sends nothing meanwhile.
"""

import heapq
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, S3Backend

from simulator.correction import Correction
from simulator.timings import Takes
from simulator.world import current

_put_object = S3Backend.put_object
_set_delete_marker = S3Backend._set_delete_marker
_get_bucket = S3Backend.get_bucket

_ON = "Enabled"
_order = count()


@dataclass(order=True)
class Sent:
    """One version on its way: it arrives once its source region was up for `due_s` seconds."""

    due_s: float
    order: int
    region: str = field(compare=False)
    version: Any = field(compare=False)  # a FakeKey or a FakeDeleteMarker of moto
    key_id: str = field(compare=False, default="")


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    why = "a bucket with a replication rule sends what is written to it to another bucket, later"
    return [
        Correction(S3Backend, "put_object", put_object, why),
        Correction(S3Backend, "_set_delete_marker", set_delete_marker, why),
        Correction(S3Backend, "get_bucket", get_bucket, "replicas arrive by themselves"),
    ]


def put_object(self: S3Backend, bucket_name: str, *args: Any, **kwargs: Any) -> FakeKey:  # noqa: ANN401 - moto's own
    """Store an object, and send it on its way where a rule says so."""
    made = _put_object(self, bucket_name, *args, **kwargs)
    _send(self, bucket_name, made)
    return made


def set_delete_marker(self: S3Backend, bucket_name: str, key_name: str) -> FakeDeleteMarker:
    """Hide an object, and send the marker on its way where a rule says so."""
    made = _set_delete_marker(self, bucket_name, key_name)
    _send(self, bucket_name, made)
    return made


def get_bucket(self: S3Backend, bucket_name: str) -> FakeBucket:
    """Return a bucket with everything that has arrived in it by now."""
    bucket = _get_bucket(self, bucket_name)
    waiting = vars(bucket).get("on_its_way")
    while waiting and waiting[0].due_s <= _up_s(waiting[0].region):
        _arrive(self, bucket, heapq.heappop(waiting))
    return bucket


def _send(backend: S3Backend, name: str, version: Any) -> None:  # noqa: ANN401 - moto's own
    source = backend.buckets[name]
    for rule in (getattr(source, "replication", None) or {}).get("Rule", ()):
        if _applies(rule, version):
            destination = rule["Destination"]
            target = backend.buckets.get(destination["Bucket"].rpartition(":")[2])
            key = destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID", "")
            if target is not None:
                region = source.region_name
                sent = Sent(_up_s(region) + _takes_s(), next(_order), region, version, key)
                heapq.heappush(vars(target).setdefault("on_its_way", []), sent)


def _applies(rule: dict[str, Any], version: Any) -> bool:  # noqa: ANN401 - moto's own
    prefix = (rule.get("Filter") or {}).get("Prefix") or rule.get("Prefix") or ""
    marked = (rule.get("DeleteMarkerReplication") or {}).get("Status") == _ON
    wanted = marked or not isinstance(version, FakeDeleteMarker)
    return rule["Status"] == _ON and wanted and str(version.name).startswith(prefix)


def _takes_s() -> float:
    world = current()
    if world.instant:
        return 0.0
    return world.timings.draw(Takes.REPLICATE_OBJECT, world.random("durations/replicate-object"))


def _up_s(region: str) -> float:
    return current().faults.up_s(region)


def _arrive(backend: S3Backend, bucket: FakeBucket, sent: Sent) -> None:
    """Put a version in its place among the others, unless it is there or was deleted meanwhile."""
    source = sent.version
    known = bucket.keys.getlist(source.name, [])
    gone = getattr(source, "disposed", False)
    if gone or source.version_id in {one.version_id for one in known}:
        return
    copied = _replica(backend, bucket, sent)
    copied.last_modified = source.last_modified
    ordered = sorted([*known, copied], key=lambda one: one.last_modified)
    bucket.keys.setlist(source.name, ordered)


def _replica(backend: S3Backend, bucket: FakeBucket, sent: Sent) -> Any:  # noqa: ANN401 - moto's own
    source = sent.version
    if isinstance(source, FakeDeleteMarker):
        marker = FakeDeleteMarker(key=source)
        marker._version_id = source.version_id
        return marker
    copied = FakeKey(
        name=source.name,
        bucket_name=bucket.name,
        value=source.value,
        account_id=source.account_id,
        region_name=bucket.region_name,
        storage=source.storage_class,
        etag=source.etag.strip('"'),
        is_versioned=True,
        version_id=source.version_id,
        encryption="aws:kms" if sent.key_id else source.encryption,
        kms_key_id=sent.key_id or source.kms_key_id,
        checksum_value=source.checksum_value,
        checksum_type=source.checksum_type,
    )
    copied.checksum_algorithm = source.checksum_algorithm
    copied.set_metadata(dict(source.metadata))
    backend.tagger.copy_tags(source.arn, copied.arn)
    return copied
