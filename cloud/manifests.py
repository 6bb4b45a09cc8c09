"""The recovery manifest, read from the copy that lies in a site's own bucket."""

from functools import lru_cache

from cloud.door import Door
from cloud.permitted import permitted
from continuity.manifest import Manifest
from continuity.manifest_json import load
from continuity.permissions import READ_MANIFEST


@permitted(READ_MANIFEST)
def read(door: Door, bucket: str, key: str, zone: str) -> Manifest:
    """Return a zone's manifest.

    Raises:
        Missing: there is no copy; read the other site's, or deploy the zone.
        InvalidInput: it is not a manifest of this zone and version, or was altered.
    """
    reply = door.read("s3", "GetObject", Bucket=bucket, Key=key)
    return _loaded(reply["Body"].decode("utf-8", errors="replace"), zone)


@lru_cache(maxsize=4)
def _loaded(text: str, zone: str) -> Manifest:
    """Read a text once: a function that stays warm finds the same one every quarter of an hour."""
    return load(text, zone)
