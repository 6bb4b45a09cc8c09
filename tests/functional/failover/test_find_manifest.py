"""Which copy of the manifest is taken when one of them is gone or wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cloud.failures import Missing
from continuity import manifest_json, naming
from continuity.errors import InvalidInput
from continuity.zone import SiteName
from failover.find_manifest import Whereabouts, find
from simulator.backstage import client

if TYPE_CHECKING:
    from tests.functional.failover.conftest import Rehearsal

HOME, AWAY = SiteName.HOME, SiteName.AWAY


def where(rehearsal: Rehearsal) -> Whereabouts:
    manifest = rehearsal.manifest
    regions = {name: site.region for name, site in manifest.sites.items()}
    return Whereabouts(manifest.zone, manifest.account, regions, manifest.active)


def put(rehearsal: Rehearsal, site: SiteName, text: str) -> str:
    """Put a copy into a site's bucket and return where it lies."""
    found = where(rehearsal)
    bucket = naming.bucket(found.account, found.zone, site, "manifest")
    s3 = client("s3", found.regions[site])
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": found.regions[site]}
    )
    s3.put_object(Bucket=bucket, Key=naming.MANIFEST_KEY, Body=text.encode())
    return f"s3://{bucket}/{naming.MANIFEST_KEY}"


def whole(rehearsal: Rehearsal) -> str:
    return manifest_json.dump(rehearsal.manifest)


def altered(rehearsal: Rehearsal) -> str:
    return whole(rehearsal).replace('"approvers": ', '"approvers": 1')


def test_the_standbys_copy_is_taken_and_the_serving_region_is_left_alone(
    rehearsal: Rehearsal,
) -> None:
    source = put(rehearsal, AWAY, whole(rehearsal))
    put(rehearsal, HOME, whole(rehearsal))
    found = find(rehearsal.cloud, where(rehearsal))
    assert (found.manifest, found.source, found.notes) == (rehearsal.manifest, source, ())
    home = rehearsal.manifest.serving_site.region
    assert not [call for call in rehearsal.world.calls if call.region == home]


@pytest.mark.parametrize("wrong", ["missing", "altered"])
def test_the_other_copy_is_taken_and_that_is_said(rehearsal: Rehearsal, wrong: str) -> None:
    if wrong == "altered":
        put(rehearsal, AWAY, altered(rehearsal))
    source = put(rehearsal, HOME, whole(rehearsal))
    found = find(rehearsal.cloud, where(rehearsal))
    assert (found.manifest, found.source) == (rehearsal.manifest, source)
    (note,) = found.notes
    assert note.startswith("The copy in away (eu-central-1) was passed over: ")


def test_an_altered_copy_is_the_error_when_the_other_region_is_gone(rehearsal: Rehearsal) -> None:
    put(rehearsal, AWAY, altered(rehearsal))
    rehearsal.lose_home()
    with pytest.raises(InvalidInput, match=r"digest: does not match the content"):
        find(rehearsal.cloud, where(rehearsal))


def test_no_copy_at_all_is_told_as_what_the_standby_said(rehearsal: Rehearsal) -> None:
    with pytest.raises(Missing, match=r"s3.GetObject in eu-central-1"):
        find(rehearsal.cloud, where(rehearsal))
