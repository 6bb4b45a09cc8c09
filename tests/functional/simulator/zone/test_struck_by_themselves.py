"""Faults that no call meets: databases that are lost or damaged, and what clients and truth see."""

from datetime import timedelta
from typing import Any

import pytest

from continuity.zone import SiteName
from simulator import inside, strikes
from simulator.content import Content
from simulator.faults import Fault, FaultKind
from simulator.platform import Platform
from simulator.traffic import CLIENTS, Traffic
from simulator.truth import DatabaseReport, Loss, Truth

Stage = Any  # the conftest's class: test files share no modules

HOME, AWAY = "eu-west-1", "eu-central-1"
PRIMARY, REPLICA = "we1-orders-home-1", "we1-orders-away-1"


@pytest.fixture
def traffic(stage: Stage) -> Traffic:
    strikes.watch(stage.world)
    stage.world.clock.sleep(60)
    traffic = Traffic(stage.world, stage.manifest)
    traffic.start()
    return traffic


def report(stage: Stage, traffic: Traffic) -> dict[str, DatabaseReport]:
    return {one.name: one for one in Truth(stage.world, traffic).report().databases}


def status(region: str, identifier: str) -> str:
    found = inside.instance(region, identifier)
    assert found is not None
    return str(found.status)


def lose(stage: Stage, *, multi_az: bool, lasts_s: float | None = None, **more: bool) -> None:
    found = inside.instance(HOME, PRIMARY)
    assert found is not None
    found.multi_az = multi_az
    row = Fault(
        FaultKind.DATABASE_LOST, 100.5, region=HOME, database="orders", lasts_s=lasts_s, **more
    )
    stage.fault(row)


def test_a_lost_database_fails_alone_and_its_replica_has_all_but_seconds(
    stage: Stage, traffic: Traffic
) -> None:
    lose(stage, multi_az=False)
    stage.world.clock.sleep(700)
    found = report(stage, traffic)
    assert status(HOME, PRIMARY) == "failed"
    assert found["orders"].outage_s == pytest.approx(600, abs=1)
    assert found["billing"].outage_s == 0
    assert found["orders"].writable == frozenset()
    (said,) = stage.client("rds", AWAY).describe_db_instances(DBInstanceIdentifier=REPLICA)[
        "DBInstances"
    ][0]["StatusInfos"]
    assert (said["Status"], said["Normal"]) == ("error", False)
    replica = inside.instance(AWAY, REPLICA)
    assert 96 * CLIENTS <= Content.of(stage.world).mark(replica).count <= 100 * CLIENTS
    assert Content.of(stage.world).lag(AWAY, REPLICA, stage.world.clock.now()) > 590


@pytest.mark.parametrize(("both_zones", "heals"), [(False, True), (True, False)])
def test_an_instance_in_two_zones_changes_over_unless_both_are_gone(
    stage: Stage, traffic: Traffic, both_zones: bool, heals: bool
) -> None:
    lose(stage, multi_az=True, both_zones=both_zones)
    stage.world.clock.sleep(400)
    found = report(stage, traffic)["orders"]
    assert (found.writable == {SiteName.HOME}) is heals
    assert (status(HOME, PRIMARY) == "available") is heals
    if heals:
        assert 59 <= found.outage_s <= 121
        assert found.lost == Loss()


def test_storage_that_is_found_again_is_as_it_was(stage: Stage, traffic: Traffic) -> None:
    lose(stage, multi_az=False, lasts_s=300)
    stage.world.clock.sleep(600)
    found = report(stage, traffic)["orders"]
    assert found.outage_s == pytest.approx(300, abs=1)
    assert found.lost == Loss()
    assert status(HOME, PRIMARY) == "available"


def test_damage_reaches_the_replica_and_clients_go_on_unaware(
    stage: Stage, traffic: Traffic
) -> None:
    stage.fault(Fault(FaultKind.DATA_CORRUPTED, 300.5, database="orders"))
    stage.world.clock.sleep(600)
    content = Content.of(stage.world)
    found = report(stage, traffic)
    assert content.mark(inside.instance(HOME, PRIMARY)).damaged
    assert content.mark(inside.instance(AWAY, REPLICA)).damaged
    assert found["orders"].outage_s == 0
    assert found["orders"].lost.rows == 300 * CLIENTS
    assert found["billing"].lost == Loss()


def test_a_snapshot_taken_before_the_damage_is_clean_and_a_later_one_is_not(
    stage: Stage, traffic: Traffic
) -> None:
    rds = stage.client("rds", HOME)
    stage.fault(Fault(FaultKind.DATA_CORRUPTED, 600.5, database="orders"))
    damaged = {}
    for name in ("before", "after"):
        stage.world.clock.sleep(60)
        rds.create_db_snapshot(DBInstanceIdentifier=PRIMARY, DBSnapshotIdentifier=name)
        stage.world.clock.sleep(1000)
        rds.restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier=name, DBSnapshotIdentifier=name
        )
        damaged[name] = Content.of(stage.world).mark(inside.instance(HOME, name)).damaged
    assert damaged == {"before": False, "after": True}
    assert traffic.outages.zone == ()


def test_what_was_restored_to_before_the_damage_lost_only_what_was_good(
    stage: Stage, traffic: Traffic
) -> None:
    clock, rds = stage.world.clock, stage.client("rds", HOME)
    stage.fault(Fault(FaultKind.DATA_CORRUPTED, 900.5, database="orders"))
    began = clock.now()
    clock.sleep(1800)
    rds.modify_db_instance(
        DBInstanceIdentifier=PRIMARY, NewDBInstanceIdentifier="aside", ApplyImmediately=True
    )
    clock.sleep(900)
    subnets = stage.manifest.sites[SiteName.HOME].subnet_group
    groups = [stage.manifest.sites[SiteName.HOME].database_security_group]
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="aside",
        TargetDBInstanceIdentifier=PRIMARY,
        RestoreTime=began + timedelta(minutes=14),
        DBSubnetGroupName=subnets,
        VpcSecurityGroupIds=groups,
    )
    clock.sleep(4 * 3600)
    found = report(stage, traffic)["orders"]
    assert found.writable == {SiteName.HOME}
    assert found.lost.rows == pytest.approx(60 * CLIENTS, abs=CLIENTS)
    assert found.lost.seconds == pytest.approx(60, abs=1)


def test_a_platform_without_tasks_answers_nobody_until_it_is_deployed_anew(
    stage: Stage, traffic: Traffic
) -> None:
    clock, ecs = stage.world.clock, stage.client("ecs", HOME)
    stage.fault(Fault(FaultKind.TASKS_LOST, 0, region=HOME))
    clock.sleep(600)
    platform = Platform(stage.world, stage.manifest)
    assert not platform.has_tasks(SiteName.HOME)
    hosting = stage.manifest.sites[SiteName.HOME].hosting
    ecs.update_service(cluster=hosting.cluster, service=hosting.service, forceNewDeployment=True)
    clock.sleep(300)
    assert platform.has_tasks(SiteName.HOME)
    assert traffic.outages.zone[0].ended is not None
