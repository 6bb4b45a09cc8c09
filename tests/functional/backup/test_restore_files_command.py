"""`holdfast backup restore-files` on a simulated zone: what it says before and after it acts."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from backup import catalogue, evidence_store, standing
from backup.evidence import Evidence, Verdict
from backup.points import Point, taken
from backup.verify_subject import Result, Role
from cli import backup_options, failover_options
from cli.main import main
from cli.zone_session import ZoneSession
from continuity import naming
from continuity.zone import SiteName
from failover.aws import surroundings
from failover.find_manifest import Found
from simulator import backstage
from simulator.faults import Fault, FaultKind
from simulator.world import ACCOUNT

Zone = Any  # the fixture of conftest.py, which no test can import
Run = Callable[..., tuple[int, str, str]]
BUCKET = naming.restored_bucket(ACCOUNT, "we1", SiteName.HOME, "point")


@pytest.fixture
def run(files: Zone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    outside: Any = SimpleNamespace()
    session = ZoneSession(
        surroundings(files.manifest, files.cloud, outside),
        Found(files.manifest, "at hand"),
        "arn:aws:sts::123456789012:assumed-role/holdfast-we1-backup/ana",
        files.cloud,
    )
    for module in (backup_options, failover_options):
        monkeypatch.setattr(module, "opened", lambda *_: session)

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(["backup", "restore-files", "we1", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def test_a_moment_is_planned_then_restored_then_found_there(files: Zone, run: Run) -> None:
    files.put("a", "old")
    asked = ("public", "--at", "2026-03-03T01:00:30+00:00", "--to", "restored/x")
    code, out, _ = run(*asked)
    assert code == 0
    bucket = files.bucket("public")
    assert out.splitlines() == [
        f"we1: public of home as of 2026-03-03 01:00 WET to s3://{bucket}/restored/x/",
        "  files    1, 3 bytes",
        "  to copy  1",
        "  age      30 s, within 24 h",
        "  takes    about 0 s, within 12 h",
        "nothing was done: --apply does it",
    ]
    code, out, err = run(*asked, "--apply", "--format", "json")
    assert (code, json.loads(out)["done"]["copied"]) == (0, 1)
    assert "1 of 1 files, 3 bytes" in err
    assert json.loads(run(*asked, "--format", "json")[1])["counts"]["there already"] == 1
    files.put("restored/x/a", "mine")
    assert "differs, and stays as it is: restored/x/a" in run(*asked)[1]
    code, _, err = run(*asked, "--apply")
    assert (code, "Give another prefix or bucket with --to." in err) == (5, True)

    denied = Fault(
        FaultKind.DENIED, 0, region="eu-west-1", service="s3", operation="CopyObject", times=1
    )
    files.world.faults.schedule([denied], origin=files.world.clock.monotonic())
    again = (*asked[:-1], "restored/y", "--apply")
    code, _, err = run(*again)
    assert (code, "the hold files-public stays on" in err) == (1, True), err
    assert "files-public" in holds(files)
    assert (run(*again)[0], holds(files)) == (0, {})


def test_a_point_is_restored_by_aws_backup_into_a_bucket_that_is_made_for_it(
    files: Zone, run: Run
) -> None:
    files.put("a", "old", "private")
    made = backstage.client("backup", "eu-west-1").start_backup_job(
        BackupVaultName="we1-home-vault",
        ResourceArn=f"arn:aws:s3:::{files.bucket('private')}",
        IamRoleArn="arn:aws:iam::123456789012:role/r",
    )
    files.world.clock.sleep(8 * 3600)
    point = made["RecoveryPointArn"].rpartition(":")[2]
    asked = ("private", "--point", point, "--to", f"s3://{BUCKET}")
    code, out, _ = run(*asked)
    assert (code, "nothing was done: --apply does it" in out) == (0, True)
    assert run(*asked, "--under", "a")[0] == 2
    assert f"we1: {point} in eu-west-1 to s3://{BUCKET}/, by AWS Backup" in out
    code, out, err = run(*asked, "--apply")
    assert (code, "restored by job restore-" in out) == (0, True), err
    assert "is RUNNING" in err
    assert files.bodies(BUCKET) == {"a": "old"}
    again = run(*asked, "--apply")[1]
    assert "it was begun already" in again
    files.put("b", "live", "private")
    elsewhere = f"s3://{files.manifest.sites[SiteName.HOME].safekeeping.scratch}"
    files.s3().put_object(Bucket=elsewhere[5:], Key="x", Body=b"")
    code, _, err = run("private", "--point", point, "--to", elsewhere)
    assert (code, "is not empty" in err) == (5, True)


def holds(zone: Zone) -> dict[str, str]:
    found = standing.read(zone.cloud, zone.manifest).holds
    return {one.identifier: one.reason for one in found}


def test_a_refuted_point_is_restored_for_a_reason_and_what_stops_stays_held(
    files: Zone, run: Run
) -> None:
    files.put("a", "old", "private")
    made = backstage.client("backup", "eu-west-1").start_backup_job(
        BackupVaultName="we1-home-vault",
        ResourceArn=f"arn:aws:s3:::{files.bucket('private')}",
        IamRoleArn="arn:aws:iam::123456789012:role/r",
    )
    files.world.clock.sleep(8 * 3600)
    [found] = catalogue.read(files.cloud, files.manifest).points
    home = files.manifest.serving_site
    evidence_store.add(files.cloud.at(home.region), home.lease_table, refuting(found))
    point = made["RecoveryPointArn"].rpartition(":")[2]
    asked = ("private", "--point", point, "--to", f"s3://{BUCKET}")
    code, _, err = run(*asked)
    assert (code, "With --refuted --reason TEXT it is restored nevertheless." in err) == (5, True)
    assert "warning: its content is wrong: " in run(*asked, "--refuted")[1]
    code, _, err = run(*asked, "--refuted", "--apply")
    assert (code, "Give it with --reason TEXT." in err, holds(files)) == (5, True, {})

    kms, key = backstage.client("kms", "eu-west-1"), home.key_arn.rpartition("/")[2]
    kms.disable_key(KeyId=key)
    mended = (*asked, "--refuted", "--reason", "the only one left", "--apply")
    code, _, err = run(*mended)
    assert (code, "the hold files-private stays on" in err) == (1, True)
    assert holds(files)["files-private"].endswith("content: the only one left")
    kms.enable_key(KeyId=key)
    code, _, err = run(*mended)
    assert (code, "the hold files-private is released" in err, holds(files)) == (0, True, {})
    assert files.bodies(BUCKET) == {"a": "old"}


def refuting(point: Point) -> Evidence:
    moment = taken(point) + timedelta(hours=1)
    wrong = Result("content", "1 alike", "a", met=False)
    return Evidence(
        point.series,
        point.identifier,
        taken(point),
        point.region,
        Role.NEWEST,
        "2026-03-03",
        "ana",
        moment,
        moment,
        Verdict.REFUTED,
        "content: expected 1 alike, found a",
        1,
        600.0,
        60.0,
        (wrong,),
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "restored/x"), "give exactly one of them"),
        (("--to", "restored/x", "--at", "yesterday"), "is no moment"),
        (("--to", "s3://x", "--point", "p", "--site", "away"), "restored where it lies"),
        (("--to", "restored/x", "--at", "09:00", "--refuted"), "--refuted: needs --point"),
        (("--to", "s3://not-there", "--at", "00:30"), "--to: there is no bucket not-there; name"),
        (("--to", "s3://x", "--point", "p"), "private has no point p; the newest usable ones"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    code, _, err = run("private", *arguments)
    assert (code, said in err) == (2, True), err
