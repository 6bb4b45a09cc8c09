"""A trial of a shared file system reads what came back, and holds it against what is known."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from backup import catalogue, recovered
from backup.evidence import Evidence, Verdict
from cloud.door import Door
from cloud.failures import Busy, Call
from continuity import naming
from continuity.zone import SiteName
from simulator import backstage
from simulator.faults import Fault, FaultKind

Shared = Any  # the fixture of conftest.py, which no test can import
HOME = "eu-west-1"


def results(found: Evidence) -> dict[str, tuple[str, str]]:
    return {one.name: (one.expected, one.found) for one in found.results}


def nothing_is_left(shared: Shared) -> None:
    assert list(shared.systems()) == [shared.live]
    assert shared.mounted() == []
    assert shared.trials() == ()
    efs = backstage.client("efs", HOME)
    points = efs.describe_access_points()["AccessPoints"]
    assert {one["FileSystemId"] for one in points} == {shared.live}


def test_a_trial_reads_what_came_back_compares_it_and_leaves_nothing(shared: Shared) -> None:
    assert shared.tried(hours=0.03).running
    seen = catalogue.read(shared.cloud, shared.manifest)
    assert recovered.look(shared.cloud, shared.manifest, seen).restoring == ()
    shared.world.clock.sleep(2 * 3600)  # the restore ends, and nobody looks
    [found] = shared.tried().ended
    assert (found.verdict, found.why) == (Verdict.PROVEN, "")
    told = results(found)
    assert told["files"] == (
        "at least the 2 files of 14 bytes that nobody touched since",
        "3 of 27014 bytes",
    )
    assert told["readable"][1] == "3 read of 3"
    assert told["content"] == ("2 alike, all that nobody touched since", "2 alike")
    assert (found.restore_s or 0) >= 240
    nothing_is_left(shared)
    assert [bool(one.verified) for one in shared.points()] == [True]


def test_a_torn_point_is_refuted_and_the_one_before_it_is_tried(shared: Shared) -> None:
    shared.world.clock.sleep(3600)
    fault = Fault(FaultKind.DATA_CORRUPTED, 0, region=HOME, database="file-system", lasts_s=7200)
    shared.world.faults.schedule([fault], origin=shared.world.clock.monotonic())
    shared.world.clock.sleep(60)
    shared.taken()
    torn, good = shared.tried(hours=48).ended[:2]
    assert (torn.verdict, good.verdict) == (Verdict.REFUTED, Verdict.PROVEN)
    assert results(torn)["content"] == (
        "3 alike, all that nobody touched since",
        "1 alike, lacking plans/a, other bytes in b",
    )
    assert "found 2 of 14 bytes" in torn.why
    nothing_is_left(shared)


def test_the_other_site_compares_a_copy_with_what_follows_there(shared: Shared) -> None:
    [point] = shared.points()
    shared.copied(point)
    [found] = shared.tried(site=SiteName.AWAY).ended
    assert (found.verdict, found.region) == (Verdict.PROVEN, "eu-central-1")
    assert results(found)["content"][1] == "2 alike"

    backstage.client("efs", HOME).delete_replication_configuration(SourceFileSystemId=shared.live)
    shared.world.clock.sleep(24 * 3600)
    [again] = shared.tried(site=SiteName.AWAY).ended
    assert again.verdict is Verdict.PROVEN
    assert results(again)["files"][0].startswith(
        "some; not compared: the file system of this point"
    )
    assert results(again)["content"][0] == "0 alike, nothing being compared"
    assert results(again)["readable"][1] == "3 read of 3"


def test_what_cannot_be_mounted_for_an_hour_is_given_up_and_says_nothing_of_the_point(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = Door.change

    def refusing(door: Door, service: str, called: str, /, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        if called == "CreateMountTarget":
            raise Busy(Call(service, HOME, called), "it is not available")
        return change(door, service, called, **arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Door, "change", refusing)
        found, *_ = shared.tried(hours=1.5).ended
    assert (found.verdict, "could not be led to" in found.why) == (Verdict.UNPROVEN, True)
    shared.tried(begin=False)
    nothing_is_left(shared)


def test_what_a_dead_verification_left_mounted_is_taken_off_and_deleted(shared: Shared) -> None:
    left = naming.scratch("we1", "files-home-file-system", "260303011500a1b2")
    place, efs = shared.home.scratch.files, backstage.client("efs", HOME)
    with shared.world.instantly():
        made = efs.create_file_system(CreationToken=left)["FileSystemId"]
        efs.create_file_system(CreationToken="somebody-elses")
        for subnet in place.subnets:
            efs.create_mount_target(FileSystemId=made, SubnetId=subnet)
        point = efs.create_access_point(ClientToken="t", FileSystemId=made)["AccessPointArn"]
        backstage.client("lambda", HOME).update_function_configuration(
            FunctionName=place.restored,
            FileSystemConfigs=[{"Arn": point, "LocalMountPath": naming.READ_AT}],
        )
    with pytest.raises(ClientError, match="FileSystemInUse"):
        efs.delete_file_system(FileSystemId=made)
    told: list[str] = []
    for _ in range(6):
        told += shared.tried(hours=0.01).told
        shared.tried(begin=False)
        shared.world.clock.sleep(600)
    assert any(one.startswith(f"{left} was left behind by a verification") for one in told)
    tokens = {row["CreationToken"] for row in shared.systems().values()}
    assert tokens == {"we1-home-files", "somebody-elses"}
    assert shared.mounted() == []
