"""Points of a shared file system: tried and thrown away, restored in either site, over nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from backup import catalogue, recovered, verify_loop
from backup.evidence import Evidence, Verdict
from backup.points import Kind, Point, Series
from backup.verify import Tick
from cli import backup_options, failover_options
from cli.main import main
from cli.zone_session import ZoneSession
from continuity import naming
from continuity.zone import SiteName
from failover.aws import surroundings
from failover.find_manifest import Found
from simulator import backstage, shared_files
from simulator.attempt import NotSimulated
from simulator.timings import DURATIONS, Duration, Takes
from simulator.world import World

Zone = Any  # the fixture of conftest.py, which no test can import
Run = Callable[..., tuple[int, str, str]]
HOME, AWAY = "eu-west-1", "eu-central-1"
HOURS = 3600.0
ROLE = "arn:aws:iam::123456789012:role/r"
SERIES = Series("we1", "home-file-system", Kind.FILES)


def declared(zone: Zone, name: SiteName) -> Any:  # noqa: ANN401 - a Site
    """Return a site with a file system such as the program declares."""
    site = zone.manifest.sites[name]
    made = backstage.client("efs", site.region).create_file_system(
        CreationToken=naming.in_site("we1", name, "files"),
        Encrypted=True,
        KmsKeyId=site.key_arn,
        Tags=[{"Key": naming.TAG_ZONE, "Value": "we1"}],
    )
    kept = replace(
        site.safekeeping,
        file_system=made["FileSystemId"],
        file_system_arn=made["FileSystemArn"],
    )
    return replace(site, safekeeping=kept)


@pytest.fixture
def shared(files: Zone) -> Zone:
    """A zone with a shared file system in both sites, away following, and a point of it at home."""
    quick = {**DURATIONS, Takes.RESTORE_FILES: Duration(240, "of these tests")}
    files.world.timings = replace(files.world.timings, durations=quick)
    with files.world.instantly():
        sites = {name: declared(files, name) for name in SiteName}
        away = {"FileSystemId": sites[SiteName.AWAY].safekeeping.file_system}
        backstage.client("efs", AWAY).update_file_system_protection(
            **away, ReplicationOverwriteProtection="DISABLED"
        )
        backstage.client("efs", HOME).create_replication_configuration(
            SourceFileSystemId=sites[SiteName.HOME].safekeeping.file_system,
            Destinations=[{"Region": AWAY, **away}],
        )
    zone = replace(files, manifest=replace(files.manifest, sites=sites))
    put(zone, "/plans/a", b"old" * 9000)
    put(zone, "/b", b"stays")
    zone.world.clock.sleep(60)
    kept = sites[SiteName.HOME].safekeeping
    backstage.client("backup", HOME).start_backup_job(
        BackupVaultName=kept.vault, ResourceArn=kept.file_system_arn, IamRoleArn=ROLE
    )
    zone.world.clock.sleep(4 * HOURS)
    put(zone, "/plans/a", b"changed")
    return zone


def put(zone: Zone, path: str, body: bytes) -> None:
    shared_files.write(HOME, live(zone), path, body)


def live(zone: Zone, site: SiteName = SiteName.HOME) -> str:
    return str(zone.manifest.sites[site].safekeeping.file_system)


def systems(region: str = HOME) -> dict[str, dict[str, Any]]:
    rows = backstage.client("efs", region).describe_file_systems()["FileSystems"]
    return {row["FileSystemId"]: row for row in rows}


def tried(zone: Zone, hours: float = 24) -> Tick:
    work = verify_loop.work_of(zone.cloud, zone.manifest, SiteName.HOME, "ana")
    until = zone.cloud.clock.monotonic() + hours * HOURS
    return verify_loop.run(work, verify_loop.by_hand(work), until, lambda _: None)


def only(tick: Tick) -> Evidence:
    [found] = tick.ended
    return found


def points(zone: Zone) -> list[Point]:
    found = catalogue.read(zone.cloud, zone.manifest).points
    return [one for one in found if one.series == SERIES]


def restoring(zone: Zone) -> tuple[str, ...]:
    seen = catalogue.read(zone.cloud, zone.manifest)
    return recovered.look(zone.cloud, zone.manifest, seen).restoring


def test_a_trial_restores_a_new_one_looks_at_it_and_leaves_nothing(shared: Zone) -> None:
    assert tried(shared, hours=0.03).running
    assert restoring(shared) == ()
    found = only(tried(shared))
    assert (found.verdict, found.why, found.series) == (Verdict.PROVEN, "", SERIES)
    results = {one.name: one for one in found.results}
    assert set(results) == {"restored", "key", "size"}
    assert "nobody reads its files" in results["restored"].expected
    assert results["size"].found == f"{6144 + 2048 + 28672 + 2048 + 4096} bytes"
    assert (found.restore_s or 0) >= 240
    assert list(systems()) == [live(shared)]
    assert [bool(one.verified) for one in points(shared)] == [True]

    left = naming.scratch("we1", "files-home-file-system", "260303011500a1b2")
    for token in (left, "somebody-elses"):
        backstage.client("efs", HOME).create_file_system(CreationToken=token)
    assert tried(shared).told[0].startswith(f"{left} was left behind by a verification that died")
    tokens = {row["CreationToken"] for row in systems().values()}
    assert tokens == {"we1-home-files", "somebody-elses"}


@pytest.fixture
def run(shared: Zone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
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


def restored(region: str) -> dict[str, dict[str, bytes]]:
    """Return what restores made, by creation token: the files below AWS Backup's directory."""
    found = {}
    for identity, row in systems(region).items():
        if "-restored-" in row["CreationToken"]:
            files = shared_files.read(region, identity)
            below = {path.split("/", 2)[2]: body for path, body in files.items()}
            assert all(path.startswith("/aws-backup-restore_") for path in files)
            found[row["CreationToken"]] = below
    return found


def test_a_copied_point_comes_back_in_the_other_site_as_a_new_file_system(
    shared: Zone, run: Run
) -> None:
    [point] = points(shared)
    away = shared.manifest.sites[SiteName.AWAY]
    backstage.client("backup", HOME).start_copy_job(
        RecoveryPointArn=point.arn,
        SourceBackupVaultName="we1-home-vault",
        DestinationBackupVaultArn=away.safekeeping.vault_arn,
        IamRoleArn=ROLE,
    )
    shared.world.clock.sleep(12 * HOURS)
    [copy] = [one.identifier for one in points(shared) if one.region == AWAY]
    asked = ("--point", copy, "--to", "efs://monday")
    code, out, err = run(*asked)
    assert code == 0, err
    assert f"we1: {copy} in eu-central-1 to efs://monday, by AWS Backup" in out
    assert restored(AWAY) == {}
    code, out, err = run(*asked, "--apply", "--format", "json")
    assert code == 0, err
    whole = {"plans/a": b"old" * 9000, "b": b"stays"}
    assert restored(AWAY) == {"holdfast-we1-away-restored-monday": whole}
    row = systems(AWAY)[json.loads(out)["job"]["made"].rpartition("/")[2]]
    assert (row["Encrypted"], row["KmsKeyId"]) == (True, away.key_arn)
    assert {one["Key"]: one["Value"] for one in row["Tags"]} == {
        "holdfast:zone": "we1",
        "holdfast:site": "away",
        "holdfast:restored-by": f"restore-files/{copy}",
    }
    assert shared_files.read(HOME, live(shared))["/plans/a"] == b"changed"
    assert "it was begun already" in run(*asked, "--apply")[1]
    assert len(restored(AWAY)) == 1


def test_a_part_comes_back_alone_and_a_name_that_is_taken_is_refused(
    shared: Zone, run: Run
) -> None:
    [point] = points(shared)
    asked = ("--point", point.identifier, "--to", "efs://part")
    code, out, err = run(*asked, "--under", "plans", "--apply")
    assert (code, "in /aws-backup-restore_DATETIME of it" in out) == (0, True), err
    assert restored(HOME) == {"holdfast-we1-home-restored-part": {"plans/a": b"old" * 9000}}
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
