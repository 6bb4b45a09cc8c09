"""Points of files are restored into the scratch bucket, compared file by file, and thrown away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backup import catalogue, recovered, verify_loop
from backup.evidence import Evidence, Verdict
from backup.points import Kind, Point, Series
from backup.verify import Tick, Work
from continuity.zone import SiteName
from simulator import backstage
from simulator.corrections import backup_points
from simulator.timings import DURATIONS, Duration, Takes
from simulator.world import ACCOUNT

Zone = Any  # the fixture of conftest.py, which no test can import
HOME, AWAY = "eu-west-1", "eu-central-1"
HOURS = 3600.0


def back_up(zone: Zone, region: str = HOME) -> str:
    site = "home" if region == HOME else "away"
    made = backstage.client("backup", region).start_backup_job(
        BackupVaultName=f"we1-{site}-vault",
        ResourceArn=f"arn:aws:s3:::{zone.bucket('private', site)}",
        IamRoleArn="arn:aws:iam::123456789012:role/r",
    )
    return str(made["RecoveryPointArn"])


def copied(zone: Zone, arn: str) -> None:
    backstage.client("backup", HOME).start_copy_job(
        RecoveryPointArn=arn,
        SourceBackupVaultName="we1-home-vault",
        DestinationBackupVaultArn=zone.manifest.sites[SiteName.AWAY].safekeeping.vault_arn,
        IamRoleArn="arn:aws:iam::123456789012:role/r",
    )


@pytest.fixture
def files(files: Zone) -> Zone:
    """The zone, in which AWS Backup is quick: an hour of looking costs seconds here."""
    quick = {**DURATIONS, Takes.RESTORE_FILES: Duration(240, "of these tests")}
    files.world.timings = replace(files.world.timings, durations=quick)
    return files


@pytest.fixture
def taken(files: Zone) -> Zone:
    """A zone with one usable point of two files, both of which changed since."""
    files.put("a", "old", "private")
    files.put("b", "stays", "private")
    files.world.clock.sleep(60)
    back_up(files)
    files.world.clock.sleep(4 * HOURS)
    files.put("a", "changed", "private")
    files.s3().delete_object(Bucket=files.bucket("private"), Key="b")
    return files


def work(zone: Zone, site: SiteName = SiteName.HOME) -> Work:
    return verify_loop.work_of(zone.cloud, zone.manifest, site, "ana")


def tried(zone: Zone, site: SiteName = SiteName.HOME, hours: float = 24) -> Tick:
    doing = work(zone, site)
    until = zone.cloud.clock.monotonic() + hours * HOURS
    return verify_loop.run(doing, verify_loop.by_hand(doing), until, lambda _: None)


def only(tick: Tick) -> Evidence:
    [found] = tick.ended
    return found


def kept_point(region: str = HOME) -> Any:  # noqa: ANN401 - the simulator's own
    name = "we1-home-vault" if region == HOME else "we1-away-vault"
    vault = backup_points.backup_backends[ACCOUNT][region].vaults[name]
    return next(iter(backup_points.points(vault).values()))


def listed(zone: Zone) -> list[Point]:
    found = catalogue.read(zone.cloud, zone.manifest).points
    return [one for one in found if one.series.resource == "home-private"]


def restoring(zone: Zone) -> tuple[str, ...]:
    found = catalogue.read(zone.cloud, zone.manifest)
    return recovered.look(zone.cloud, zone.manifest, found).restoring


def scratch(zone: Zone, region: str = HOME) -> list[Any]:
    site = "home" if region == HOME else "away"
    name = zone.manifest.sites[SiteName(site)].safekeeping.scratch
    return list(zone.s3(region).list_object_versions(Bucket=name).get("Versions", []))


def test_a_good_point_is_proven_with_how_long_it_took_and_nothing_is_left(taken: Zone) -> None:
    found = only(tried(taken))
    assert (found.verdict, found.why) == (Verdict.PROVEN, "")
    assert found.series == Series("we1", "home-private", Kind.FILES)
    assert {one.name: one.found for one in found.results} == {
        "files": "2",
        "sizes": "as they were",
        "known": "all",
        "versions": "all",
        "content": "2 alike",
    }
    assert 240 <= (found.restore_s or 0) < 600
    assert found.ended - found.began >= timedelta(seconds=found.restore_s or 0)
    assert scratch(taken) == []
    told = verify_loop.times(taken.cloud, taken.manifest, SiteName.HOME)
    assert told.point_of_files("home-private", 0).seconds == found.restore_s
    assert told.point_of_files("home-public", 0).source.startswith("assumption")
    [point] = listed(taken)
    assert (point.usable, point.verified[:10]) == (True, f"{found.ended:%Y-%m-%d}")
    seen = catalogue.read(taken.cloud, taken.manifest)
    proven = recovered.look(taken.cloud, taken.manifest, seen).proven
    assert proven == {"home-private (files)": point.taken_at}


def test_a_copy_is_proven_in_the_other_region_against_that_regions_own_files(taken: Zone) -> None:
    copied(taken, kept_point().arn)
    taken.world.clock.sleep(12 * HOURS)
    found = only(tried(taken, SiteName.AWAY))
    assert (found.verdict, found.region) == (Verdict.PROVEN, AWAY)
    assert [bool(one.verified) for one in listed(taken)] == [True, True]
    assert scratch(taken, AWAY) == []


def test_a_point_that_lacks_a_file_or_holds_another_content_is_refuted(taken: Zone) -> None:
    point = kept_point()
    a, b = point.content
    point.content = (type(a)(**{**vars(a), "body": b"bad", "checksum": "", "algorithm": ""}),)
    found = only(tried(taken))
    assert found.verdict is Verdict.REFUTED
    wrong = {one.name: one.found for one in found.results if one.met is False}
    assert wrong == {"files": "1, lacking b", "content": "a"}
    assert b.key == "b"
    assert scratch(taken) == []
    [point] = listed(taken)
    assert (point.usable, point.counts) == (False, False)
    assert point.unusable.endswith("files content")


def test_what_changed_while_the_point_was_taken_may_be_either(files: Zone) -> None:
    files.put("a", "before", "private")
    back_up(files)
    files.put("a", "meanwhile", "private")
    files.put("new", "meanwhile", "private")
    files.world.clock.sleep(4 * HOURS)
    assert only(tried(files)).verdict is Verdict.PROVEN


def test_a_restore_that_aws_gives_up_proves_nothing_and_says_why(taken: Zone) -> None:
    key = taken.manifest.sites[SiteName.HOME].key_arn
    backstage.client("kms", HOME).disable_key(KeyId=key.rpartition("/")[2])
    first, *_ = tried(taken).ended
    assert first.verdict is Verdict.UNPROVEN
    assert "is Disabled" in first.why


def without_scratch(zone: Zone) -> Zone:
    """Return the zone as a manifest has it that was written before there were trials of files."""
    sites = {
        name: replace(site, safekeeping=replace(site.safekeeping, scratch=""))
        for name, site in zone.manifest.sites.items()
    }
    return replace(zone, manifest=replace(zone.manifest, sites=sites))


def test_a_restore_that_somebody_began_by_hand_is_seen_until_it_ends(taken: Zone) -> None:
    begun = backstage.client("backup", HOME).start_restore_job(
        RecoveryPointArn=kept_point().arn,
        IamRoleArn="arn:aws:iam::123456789012:role/r",
        Metadata={"DestinationBucketName": "elsewhere", "NewBucket": "true"},
    )
    seen = (f"AWS Backup {begun['RestoreJobId']}",)
    assert restoring(taken) == seen
    assert restoring(without_scratch(taken)) == seen
    taken.world.clock.sleep(4 * HOURS)
    assert restoring(taken) == ()


def test_who_died_in_the_middle_is_followed_and_what_died_left_is_swept(taken: Zone) -> None:
    assert tried(taken, hours=0.03).running
    assert restoring(taken) == ()
    taken.world.clock.sleep(12 * HOURS)
    assert len(scratch(taken)) == 2
    assert only(verify_loop.run(work(taken), None, float("inf"), lambda _: None)).verdict is (
        Verdict.PROVEN
    )
    jobs = backstage.client("backup", HOME).list_restore_jobs()["RestoreJobs"]
    assert len(jobs) == 1
    name = taken.manifest.sites[SiteName.HOME].safekeeping.scratch
    taken.s3().put_object(Bucket=name, Key="left", Body=b"")
    told: list[str] = []
    verify_loop.run(work(taken), None, float("inf"), told.append)
    assert scratch(taken) == []
    assert [name in one for one in told] == [True]
