"""AWS Backup's points of files in the same catalogue: read, kept, deleted, in virtual time."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from backup import catalogue, keep, prune, standing, verify_trust
from backup.freshness import freshness
from backup.keep import PrunePlan, Terms
from backup.points import Kind, Series
from backup.prune import Fate
from cli.backup_json import listing_json
from cli.backup_options import Looked
from cli.backup_text import listing_text
from cli.backup_trust import trust_json, trust_text
from continuity import naming
from continuity.safekeeping import Bucket, Safekeeping
from simulator import backstage
from simulator.attempt import NotSimulated
from simulator.corrections import backup_points
from simulator.world import ACCOUNT, World

HOME, AWAY = "eu-west-1", "eu-central-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-backup"
Zone = Any


@pytest.fixture
def files(zone: Zone) -> Zone:
    """The zone with a vault in each site, and a bucket of private files in each."""
    sites = {}
    for name, site in zone.manifest.sites.items():
        vault = naming.in_site("we1", name, "vault")
        with zone.world.instantly():
            backup(site.region).create_backup_vault(
                BackupVaultName=vault, EncryptionKeyArn=site.key_arn
            )
        bucket = Bucket("private", naming.bucket(ACCOUNT, "we1", name, "private"))
        kept = Safekeeping(vault=vault, vault_arn=vault_arn(name), buckets=(bucket,))
        sites[name] = replace(site, safekeeping=kept)
    return replace(zone, manifest=replace(zone.manifest, sites=sites))


def backup(region: str = HOME) -> Any:  # noqa: ANN401 - a boto3 client
    return backstage.client("backup", region)


def vault_arn(site: str) -> str:
    region = {"home": HOME, "away": AWAY}[site]
    return f"arn:aws:backup:{region}:{ACCOUNT}:backup-vault:we1-{site}-vault"


def back_up() -> str:
    made = backup().start_backup_job(
        BackupVaultName="we1-home-vault",
        ResourceArn=f"arn:aws:s3:::{naming.bucket(ACCOUNT, 'we1', 'home', 'private')}",
        IamRoleArn=ROLE,
    )
    return str(made["RecoveryPointArn"])


def copy(arn: str) -> None:
    backup().start_copy_job(
        RecoveryPointArn=arn,
        SourceBackupVaultName="we1-home-vault",
        DestinationBackupVaultArn=vault_arn("away"),
        IamRoleArn=ROLE,
    )


def history(zone: Zone, days: int) -> list[str]:
    """Let there be a complete point of every night before, the newest of an hour ago first."""
    with zone.world.instantly():
        arns = [back_up() for _ in range(days)]
    vault = backup_points.backup_backends[ACCOUNT][HOME].vaults["we1-home-vault"]
    for age, arn in enumerate(arns):
        backup_points.points(vault)[arn].created = zone.now - timedelta(hours=1, days=age)
    return arns


def planned(zone: Zone) -> PrunePlan:
    found = catalogue.read(zone.cloud, zone.manifest)
    return keep.plan(
        found,
        standing.read(zone.cloud, zone.manifest),
        Terms.of(zone.manifest, capped=False),
    )


def test_plain_moto_has_no_recovery_points() -> None:
    with World(1, corrected=False) as world, world.instantly():
        backup().create_backup_vault(BackupVaultName="vault")
        with pytest.raises(NotSimulated):
            backup().list_recovery_points_by_backup_vault(BackupVaultName="vault")


def test_a_point_takes_its_time_and_a_copy_keeps_its_moment(files: Zone) -> None:
    arn = back_up()
    [point] = [one for one in catalogue.read(files.cloud, files.manifest).points if one.ours]
    assert (point.unusable, point.in_the_making) == ("it is CREATING", True)
    files.world.clock.sleep(4 * 3600)
    copy(arn)
    found = catalogue.read(files.cloud, files.manifest)
    assert arn in found.in_flight
    files.world.clock.sleep(8 * 3600)
    found = catalogue.read(files.cloud, files.manifest)
    ours = [one for one in found.points if one.ours]
    assert {one.series for one in ours} == {Series("we1", "home-private", Kind.FILES)}
    assert {(one.region, one.usable) for one in ours} == {(HOME, True), (AWAY, True)}
    assert len({one.taken_at for one in ours}) == 1
    assert arn not in found.in_flight
    assert (
        next(one for one in ours if one.region == AWAY).key == files.manifest.sites["away"].key_arn
    )


def test_points_of_files_are_kept_by_the_same_rule_and_deleted_by_us(files: Zone) -> None:
    arns = history(files, 40)
    plan = planned(files)
    assert sorted(one.reason for one in plan.decisions if one.kept and one.point.ours)[:5] == [
        f"daily {place}/5" for place in range(1, 6)
    ]
    done = list(prune.apply(files.cloud, files.manifest, plan))
    assert {one.fate for one in done} == {Fate.DELETED}
    listed = backup().list_recovery_points_by_backup_vault(BackupVaultName="we1-home-vault")
    left = {row["RecoveryPointArn"] for row in listed["RecoveryPoints"]}
    assert left == {one.point.arn for one in plan.decisions if one.kept} & set(arns)


def test_a_source_of_a_copy_is_neither_planned_nor_deleted(files: Zone) -> None:
    arns = history(files, 12)
    plan = planned(files)
    victim = plan.deletions[0].point.arn
    copy(victim)
    skipped = next(prune.apply(files.cloud, files.manifest, plan))
    assert (skipped.fate, skipped.sentence) == (Fate.SKIPPED, "a copy has begun")
    reasons = {one.point.arn: one.reason for one in planned(files).decisions}
    assert reasons[victim] == "copy in flight"
    assert victim in arns
    with pytest.raises(ClientError, match="is being made"):
        backup().delete_recovery_point(BackupVaultName="we1-home-vault", RecoveryPointArn=victim)


def test_what_is_gone_and_what_the_zone_has_not_is_left_alone(files: Zone) -> None:
    history(files, 12)
    plan = planned(files)
    victim = plan.deletions[0].point.arn
    backup().delete_recovery_point(BackupVaultName="we1-home-vault", RecoveryPointArn=victim)
    assert next(prune.apply(files.cloud, files.manifest, plan)).sentence == "it was gone already"
    backup().start_backup_job(
        BackupVaultName="we1-home-vault", ResourceArn="arn:aws:s3:::others", IamRoleArn=ROLE
    )
    found = catalogue.read(files.cloud, files.manifest)
    assert {one.series.resource for one in found.points if one.ours} == {"home-private"}


def test_a_list_tells_of_files_what_it_tells_of_databases(files: Zone) -> None:
    arns = history(files, 7)
    backup().delete_recovery_point(BackupVaultName="we1-home-vault", RecoveryPointArn=arns[2])
    seen = Looked(
        SimpleNamespace(cloud=files.cloud, around=SimpleNamespace(manifest=files.manifest)),
        catalogue.read(files.cloud, files.manifest),
        standing.read(files.cloud, files.manifest),
    )
    fresh = freshness(files.manifest, seen.catalogue)
    plan = planned(files)
    told = listing_json(seen, plan, fresh, {})
    rows = {row["name"]: row for row in told["files"]}
    assert {name: row["objective_met"] for name, row in rows.items()} == {
        "away-private": False,
        "home-private": True,
    }
    assert rows["home-private"]["age_s"] == pytest.approx(3600, abs=60)
    assert told["gaps"] == {"home-private (files)": ["2026-03-01"]}
    text = listing_text(seen, plan, fresh, {})
    assert "  home-private (files)  1.0 h old, in eu-west-1  yes\n" in text
    assert "  away-private (files)  none                     no\n" in text
    assert "home-private (files) has no point of 2026-03-01\n" in text
    trust = verify_trust.read(files.cloud, files.manifest)
    assert "  home-private (files)  never   -      -\n" in trust_text(trust, files.now)
    assert {row["series"] for row in trust_json(trust, files.now)} == {
        "accounts",
        "orders",
        "away-private (files)",
        "home-private (files)",
    }
