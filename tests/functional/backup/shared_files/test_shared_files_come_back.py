"""Points of a shared file system restored for good: in either site, over nothing."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from cli import backup_options, failover_options
from cli.main import main
from cli.zone_session import ZoneSession
from continuity.zone import SiteName
from failover.aws import surroundings
from failover.find_manifest import Found
from simulator import backstage, shared_files
from simulator.attempt import NotSimulated
from simulator.world import World

Shared = Any  # the fixture of conftest.py, which no test can import
Run = Callable[..., tuple[int, str, str]]
HOME, AWAY = "eu-west-1", "eu-central-1"


@pytest.fixture
def run(shared: Shared, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    outside: Any = SimpleNamespace()
    session = ZoneSession(
        surroundings(shared.manifest, shared.cloud, outside),
        Found(shared.manifest, "at hand"),
        "arn:aws:sts::123456789012:assumed-role/holdfast-we1-restore/ana",
        shared.cloud,
    )
    for module in (backup_options, failover_options):
        monkeypatch.setattr(module, "opened", lambda *_: session)

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(["backup", "restore-files", "we1", "file-system", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def restored(shared: Shared, region: str) -> dict[str, dict[str, bytes]]:
    """Return what restores made, by creation token: the files below AWS Backup's directory."""
    found = {}
    for identity, row in shared.systems(region).items():
        if "-restored-" in row["CreationToken"]:
            files = shared_files.read(region, identity)
            below = {path.split("/", 2)[2]: body for path, body in files.items()}
            assert all(path.startswith("/aws-backup-restore_") for path in files)
            found[row["CreationToken"]] = below
    return found


def test_a_copied_point_comes_back_in_the_other_site_as_a_new_file_system(
    shared: Shared, run: Run
) -> None:
    [point] = shared.points()
    away = shared.manifest.sites[SiteName.AWAY]
    shared.copied(point)
    [copy] = [one.identifier for one in shared.points() if one.region == AWAY]
    asked = ("--point", copy, "--to", "efs://monday")
    code, out, err = run(*asked)
    assert code == 0, err
    assert f"we1: {copy} in eu-central-1 to efs://monday, by AWS Backup" in out
    assert restored(shared, AWAY) == {}
    code, out, err = run(*asked, "--apply", "--format", "json")
    assert code == 0, err
    whole = {"plans/a": b"old" * 9000, "b": b"stays", "c": b"stays too"}
    assert restored(shared, AWAY) == {"holdfast-we1-away-restored-monday": whole}
    row = shared.systems(AWAY)[json.loads(out)["job"]["made"].rpartition("/")[2]]
    assert (row["Encrypted"], row["KmsKeyId"]) == (True, away.key_arn)
    assert {one["Key"]: one["Value"] for one in row["Tags"]} == {
        "holdfast:zone": "we1",
        "holdfast:site": "away",
        "holdfast:restored-by": f"restore-files/{copy}",
    }
    assert shared_files.read(HOME, shared.live)["/plans/a"] == b"changed"
    assert "it was begun already" in run(*asked, "--apply")[1]
    assert len(restored(shared, AWAY)) == 1


def test_a_part_comes_back_alone_and_a_name_that_is_taken_is_refused(
    shared: Shared, run: Run
) -> None:
    [point] = shared.points()
    asked = ("--point", point.identifier, "--to", "efs://part")
    code, out, err = run(*asked, "--under", "plans", "--apply")
    assert (code, "in /aws-backup-restore_DATETIME of it" in out) == (0, True), err
    assert restored(shared, HOME) == {"holdfast-we1-home-restored-part": {"plans/a": b"old" * 9000}}
    code, _, err = run(*asked, "--apply")
    assert (code, "Give a file system that is not there yet." in err) == (5, True)
    for to in ("restored/x", "s3://bucket", "efs://UPPER", f"efs://{'x' * 60}"):
        assert run("--point", point.identifier, "--to", to)[0] == 2
    code, _, err = run("--at", "09:00", "--to", "restored/x")
    assert (code, "is no bucket of files here" in err) == (2, True)


def test_plain_moto_restores_no_file_system_and_meters_none() -> None:
    with World(1, corrected=False) as world, world.instantly():
        made = backstage.client("efs", HOME).create_file_system(CreationToken="x")
        assert made["SizeInBytes"]["Value"] == 0
        with pytest.raises(NotSimulated):
            backstage.client("backup", HOME).start_restore_job(RecoveryPointArn="x", Metadata={})
    with World(1) as world, world.instantly():
        made = backstage.client("efs", HOME).create_file_system(CreationToken="x")
        assert made["SizeInBytes"]["Value"] == shared_files.EMPTY
