"""What the program declares for shared file systems is enough to read what a trial restores."""

from functools import partial
from typing import Any

import pytest

from backup import catalogue, verify_loop
from backup.evidence import Verdict
from cloud import mounts
from cloud.failures import Denied
from simulator import shared_files

Zone = Any  # the fixture of conftest.py, which no test can import


def test_the_schedule_and_people_read_a_copy_beside_what_follows_by_their_rights(
    sharing_zone: Zone,
) -> None:
    zone, aws = sharing_zone, sharing_zone.aws
    kept, there = zone.home.safekeeping, zone.away.safekeeping
    shared_files.write(zone.home.region, kept.file_system, "/plans/a", b"old" * 9000)
    zone.world.clock.sleep(60)
    backup = aws("backup", zone.home.region)
    point = backup.start_backup_job(
        BackupVaultName=kept.vault,
        ResourceArn=kept.file_system_arn,
        IamRoleArn=kept.service_role_arn,
    )["RecoveryPointArn"]
    zone.world.clock.sleep(12 * 3600)
    backup.start_copy_job(
        RecoveryPointArn=point,
        SourceBackupVaultName=kept.vault,
        DestinationBackupVaultArn=there.vault_arn,
        IamRoleArn=kept.service_role_arn,
    )
    zone.world.clock.sleep(12 * 3600)
    for role in ("backup", "restore"):
        cloud = zone.signed_in(role)
        [copy] = [
            one
            for one in catalogue.read(cloud, zone.manifest).points
            if one.series.shared and one.region == zone.away.region
        ]
        work = verify_loop.work_of(cloud, zone.manifest, zone.manifest.standby, role)
        asked = verify_loop.by_hand(work, point=copy.identifier)
        tick = verify_loop.run(work, asked, float("inf"), lambda _: None)
        assert (tick.running, tick.troubles) == ((), ())
        assert [(one.verdict, one.why) for one in tick.ended] == [(Verdict.PROVEN, "")]
        assert "1 alike" in [one.found for one in tick.ended[0].results]
        own = [one["FileSystemId"] for one in aws("efs").describe_file_systems()["FileSystems"]]
        assert own == [there.file_system]


@pytest.mark.parametrize("role", ["backup", "restore"])
def test_nobody_cuts_off_the_file_system_of_the_zone_or_opens_it_anew(
    sharing_zone: Zone, role: str
) -> None:
    door = sharing_zone.signed_in(role).at(sharing_zone.away.region)
    live = sharing_zone.away.safekeeping.file_system
    place = sharing_zone.away.scratch.files
    assert len(mounts.targets(door, live)) == len(place.subnets)
    [point] = mounts.access_points(door, live)
    for change in (
        partial(mounts.make_target, subnet=place.subnets[0], group=place.security_group),
        partial(mounts.make_access_point, token="t"),  # noqa: S106 - a name
    ):
        with pytest.raises(Denied, match="may not elasticfilesystem:"):
            change(door, live)
    with pytest.raises(Denied, match="may not elasticfilesystem:"):
        mounts.delete_access_point(door, point.identifier)
    with pytest.raises(Denied, match="may not elasticfilesystem:"):
        mounts.delete_target(door, mounts.targets(door, live)[0].identifier)
