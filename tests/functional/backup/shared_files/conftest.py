"""The zone of files with a shared file system in both sites, and what reads it at home."""

import io
import json
import zipfile
from dataclasses import dataclass, replace
from typing import Any

import pytest

from backup import catalogue, evidence_store, verify_loop, verify_trials
from backup.evidence import Evidence
from backup.points import Kind, Point, Series
from backup.verify import Tick
from cloud.door import Cloud
from continuity import naming
from continuity.manifest import Manifest, Site
from continuity.proving import ReadingPlace, ScratchPlace
from continuity.zone import SiteName
from simulator import backstage, shared_files
from simulator.timings import DURATIONS, Duration, Takes
from simulator.world import World

Zone = Any  # the fixture of conftest.py above, which no test can import
HOME, AWAY = "eu-west-1", "eu-central-1"
HOURS = 3600.0
ROLE = "arn:aws:iam::123456789012:role/r"
SERIES = Series("we1", "home-file-system", Kind.FILES)


@dataclass(frozen=True)
class Shared:
    """The zone in its world, and the door that the verbs go through."""

    world: World
    cloud: Cloud
    manifest: Manifest

    @property
    def home(self) -> Site:
        return self.manifest.sites[SiteName.HOME]

    @property
    def away(self) -> Site:
        return self.manifest.sites[SiteName.AWAY]

    @property
    def live(self) -> str:
        return self.home.safekeeping.file_system

    def put(self, path: str, body: bytes) -> None:
        shared_files.write(HOME, self.live, path, body)

    def taken(self) -> None:
        """Take a point of what lies there now, and wait until it is whole."""
        kept = self.home.safekeeping
        backstage.client("backup", HOME).start_backup_job(
            BackupVaultName=kept.vault, ResourceArn=kept.file_system_arn, IamRoleArn=ROLE
        )
        self.world.clock.sleep(4 * HOURS)

    def copied(self, point: Point) -> None:
        """Copy a point into the other site, and wait until it is there."""
        backstage.client("backup", HOME).start_copy_job(
            RecoveryPointArn=point.arn,
            SourceBackupVaultName=self.home.safekeeping.vault,
            DestinationBackupVaultArn=self.away.safekeeping.vault_arn,
            IamRoleArn=ROLE,
        )
        self.world.clock.sleep(12 * HOURS)

    def points(self) -> list[Point]:
        found = catalogue.read(self.cloud, self.manifest).points
        return [one for one in found if one.series == SERIES]

    def systems(self, region: str = HOME) -> dict[str, dict[str, Any]]:
        rows = backstage.client("efs", region).describe_file_systems()["FileSystems"]
        return {row["FileSystemId"]: row for row in rows}

    def tried(
        self, hours: float = 24, *, begin: bool = True, site: SiteName = SiteName.HOME
    ) -> Tick:
        """Verify as a person does, for so many hours; or only go on with what is under way."""
        work = verify_loop.work_of(self.cloud, self.manifest, site, "ana")
        until = self.cloud.clock.monotonic() + hours * HOURS
        asked = verify_loop.by_hand(work) if begin else None
        return verify_loop.run(work, asked, until, lambda _: None)

    def trials(self) -> tuple[Any, ...]:
        return verify_trials.read(self.cloud.at(HOME), self.home.lease_table)

    def evidence(self) -> tuple[Evidence, ...]:
        door = self.cloud.at(HOME)
        return evidence_store.read(door, self.home.lease_table, [SERIES]).get(SERIES, ())

    def mounted(self) -> list[dict[str, str]]:
        """Return what the reader of restored file systems mounts."""
        name = self.home.scratch.files.restored
        found = backstage.client("lambda", HOME).get_function_configuration(FunctionName=name)
        return list(found.get("FileSystemConfigs", ()))


@pytest.fixture
def shared(files: Zone) -> Shared:
    """A zone with a shared file system in both sites, away following, and a point of it at home."""
    quick = {**DURATIONS, Takes.RESTORE_FILES: Duration(240, "of these tests")}
    files.world.timings = replace(files.world.timings, durations=quick)
    with files.world.instantly():
        sites = {name: _declared(files, name) for name in SiteName}
        away = {"FileSystemId": sites[SiteName.AWAY].safekeeping.file_system}
        backstage.client("efs", AWAY).update_file_system_protection(
            **away, ReplicationOverwriteProtection="DISABLED"
        )
        backstage.client("efs", HOME).create_replication_configuration(
            SourceFileSystemId=sites[SiteName.HOME].safekeeping.file_system,
            Destinations=[{"Region": AWAY, **away}],
        )
    zone = Shared(files.world, files.cloud, replace(files.manifest, sites=sites))
    zone.put("/plans/a", b"old" * 9000)
    zone.put("/b", b"stays")
    zone.put("/c", b"stays too")
    zone.world.clock.sleep(60)
    zone.taken()
    zone.put("/plans/a", b"changed")
    return zone


def _declared(zone: Zone, name: SiteName) -> Site:
    """Return a site with a file system and readers such as the program declares."""
    site: Site = zone.manifest.sites[name]
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
    place = ScratchPlace(files=_readers(site.region, name, made["FileSystemId"]))
    return replace(site, safekeeping=kept, scratch=place)


def _readers(region: str, name: SiteName, file_system: str) -> ReadingPlace:
    ec2, efs = backstage.client("ec2", region), backstage.client("efs", region)
    network = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = tuple(
        ec2.create_subnet(
            VpcId=network, CidrBlock=f"10.1.{index}.0/24", AvailabilityZone=f"{region}{letter}"
        )["Subnet"]["SubnetId"]
        for index, letter in enumerate("ab")
    )
    reader, door = (
        ec2.create_security_group(GroupName=one, Description=one, VpcId=network)["GroupId"]
        for one in ("reader", "door")
    )
    nfs = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049}
    pairs = [{"GroupId": reader}]
    ec2.authorize_security_group_ingress(
        GroupId=door, IpPermissions=[{**nfs, "UserIdGroupPairs": pairs}]
    )
    for subnet in subnets:
        efs.create_mount_target(FileSystemId=file_system, SubnetId=subnet, SecurityGroups=[door])
    point = efs.create_access_point(ClientToken="own", FileSystemId=file_system)["AccessPointArn"]
    stands = {"SubnetIds": list(subnets), "SecurityGroupIds": [reader]}
    live, restored = (naming.in_site("we1", name, one) for one in ("reader", "scratch-reader"))
    own = [{"Arn": point, "LocalMountPath": naming.READ_AT}]
    for function, mounts in ((live, own), (restored, [])):
        _function(region, function, VpcConfig=stands, FileSystemConfigs=mounts)
    return ReadingPlace(live, restored, door, subnets)


def _function(region: str, name: str, **more: Any) -> None:  # noqa: ANN401 - boto3's
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("app.py", "")
    iam, role = backstage.client("iam", region), f"{name}-role"
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    backstage.client("lambda", region).create_function(
        FunctionName=name, Runtime="python3.13", Handler="backup.file_reader.run", Role=arn,
        Code={"ZipFile": packed.getvalue()}, **more,
    )  # fmt: skip
