"""Files come back as they were at a moment: beside the live ones, over nothing, however often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup import files_plan, files_restore
from backup.files_plan import Asked, Fate, FilesPlan
from backup.files_restore import Progress, Restored
from cloud import object_copies, objects
from cloud.failures import Conflict
from cloud.object_copies import Origin, Target
from continuity import naming
from continuity.errors import InvalidInput, Refusal
from continuity.zone import SiteName

Zone = Any  # the fixture of conftest.py, which no test can import
HOME, AWAY = "eu-west-1", "eu-central-1"
MORNING = datetime(2026, 3, 3, 1, 3, tzinfo=UTC)
ASKED = Asked(SiteName.HOME, "public", MORNING, "restored/morning")
OLD = {"a": "old", "b/1": "gone soon", "c": "same"}


@pytest.fixture
def damaged(files: Zone) -> Zone:
    """Three files of this morning; since then one changed, one went, and one came."""
    files.put("a", OLD["a"], Metadata={"of": "a"}, Tagging="owner=ana", ContentType="text/x")
    files.put("b/1", OLD["b/1"])
    files.put("c", OLD["c"])
    files.world.clock.sleep(3600)
    files.put("a", "DAMAGED")
    files.s3().delete_object(Bucket=files.bucket("public"), Key="b/1")
    files.put("new", "later")
    return files


def planned(zone: Zone, asked: Asked = ASKED, **more: Any) -> FilesPlan:  # noqa: ANN401
    return files_plan.plan(zone.cloud, zone.manifest, replace(asked, **more))


def restored(zone: Zone, plan: FilesPlan, told: list[Progress] | None = None) -> Restored:
    return files_restore.apply(zone.cloud, plan, ([] if told is None else told).append)


def test_a_morning_comes_back_beside_the_live_files_with_all_that_belongs_to_them(
    damaged: Zone,
) -> None:
    live = damaged.bodies(damaged.bucket("public"))
    told: list[Progress] = []
    plan = planned(damaged)
    assert (plan.shown.size, plan.shown.complete, plan.within_rpo) == (16, True, True)
    assert plan.age == timedelta(seconds=3720)
    done = restored(damaged, plan, told)
    assert (done.copied, done.size, done.well, done.unproven) == (3, 16, True, ())
    assert [(one.files, one.of, one.left) for one in told] == [(3, 3, timedelta())]
    bucket = damaged.bucket("public")
    assert damaged.bodies(bucket, "restored/morning/") == OLD
    assert {key: body for key, body in damaged.bodies(bucket).items() if key in live} == live
    head = damaged.s3().head_object(Bucket=bucket, Key="restored/morning/a")
    assert (head["Metadata"], head["ContentType"]) == ({"of": "a"}, "text/x")
    assert head["SSEKMSKeyId"] == damaged.manifest.sites[SiteName.HOME].key_arn
    tags = damaged.s3().get_object_tagging(Bucket=bucket, Key="restored/morning/a")["TagSet"]
    assert tags == [{"Key": "owner", "Value": "ana"}]


def test_asked_again_nothing_is_copied_and_what_is_missing_is_made_good(damaged: Zone) -> None:
    restored(damaged, planned(damaged))
    bucket = damaged.bucket("public")
    damaged.s3().delete_object(Bucket=bucket, Key="restored/morning/c")
    again = planned(damaged)
    assert [len(again.of(fate)) for fate in (Fate.COPY, Fate.THERE)] == [1, 2]
    done = restored(damaged, again)
    assert (done.copied, done.there) == (1, 2)
    assert damaged.bodies(bucket, "restored/morning/") == OLD


def test_a_file_of_another_content_is_refused_by_its_name_and_stays(damaged: Zone) -> None:
    damaged.put("restored/morning/c", "mine")
    plan = planned(damaged)
    with pytest.raises(Refusal, match=r"same names: restored/morning/c\. Nothing is ever"):
        restored(damaged, plan)
    assert damaged.bodies(damaged.bucket("public"), "restored/morning/") == {"c": "mine"}


def test_what_comes_to_lie_there_after_the_plan_is_not_overwritten_either(damaged: Zone) -> None:
    plan = planned(damaged)
    damaged.put("restored/morning/a", OLD["a"])
    damaged.put("restored/morning/c", "mine")
    done = restored(damaged, plan)
    assert (done.copied, done.there, done.well) == (1, 1, False)
    [failed] = done.failed
    assert (failed.subject, "left as it is" in failed.sentence) == ("restored/morning/c", True)
    assert damaged.bodies(damaged.bucket("public"), "restored/morning/")["c"] == "mine"


def test_a_part_of_them_goes_into_a_bucket_of_its_own_which_is_made_private(damaged: Zone) -> None:
    name = naming.restored_bucket("123456789012", "we1", SiteName.HOME, "morning")
    plan = planned(damaged, to=f"s3://{name}", under="b/")
    assert plan.place.made
    for _ in range(2):
        restored(damaged, plan)
    assert damaged.bodies(name) == {"b/1": OLD["b/1"]}
    s3 = damaged.s3()
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert all(block.values())


def test_the_other_site_gives_back_the_same_morning(damaged: Zone) -> None:
    damaged.world.clock.sleep(1800)
    plan = planned(damaged, site=SiteName.AWAY)
    restored(damaged, plan)
    found = damaged.bodies(damaged.bucket("public", "away"), "restored/morning/", AWAY)
    assert found == OLD


def test_where_and_when_make_no_sense_nothing_is_looked_at(files: Zone) -> None:
    tomorrow = files.now + timedelta(days=1)
    with pytest.raises(Refusal, match="has not come yet"):
        planned(files, moment=tomorrow)
    live = f"s3://{files.bucket('private', 'away')}/x"
    for to in ("elsewhere/", "restored/", live, f"s3://{files.bucket('public')}"):
        with pytest.raises(InvalidInput, match="has live files"):
            planned(files, to=to)
    with pytest.raises(InvalidInput, match="there are: public, private, configuration"):
        planned(files, purpose="pictures")
    with pytest.raises(InvalidInput, match="names no bucket"):
        planned(files, to="s3:///x")


def test_a_moment_older_than_the_lifecycle_keeps_is_told(damaged: Zone) -> None:
    damaged.world.clock.sleep(181 * 86400)
    assert not planned(damaged).shown.complete
    assert not planned(damaged).within_rpo


def test_what_is_too_large_for_one_copy_comes_in_parts_with_all_that_belongs_to_it(
    files: Zone,
) -> None:
    bucket, body = files.bucket("private"), "x" * (6 * 1024**2)
    files.put("big", body, "private", Metadata={"of": "big"}, Tagging="owner=ana")
    door = files.cloud.at(HOME)
    content = objects.content(door, bucket, "big")
    origin = Origin(bucket, "big", "", content)
    target = Target(bucket, "restored/x/big", files.manifest.sites[SiteName.HOME].key_arn)
    told = object_copies.in_parts(door, origin, target, part=5 * 1024**2)
    assert told == content.checksum != ""
    copied = objects.content(door, bucket, target.key)
    assert (copied.size, copied.headers["Metadata"]) == (content.size, {"of": "big"})
    assert copied.tags == 1
    with pytest.raises(Conflict):
        object_copies.in_parts(door, origin, target, part=5 * 1024**2)
    assert "Uploads" not in files.s3().list_multipart_uploads(Bucket=bucket)
