"""The engine judges by what a client sees, so the platform must answer as a real one would."""

from datetime import timedelta
from typing import Any

import pytest

from continuity.outside import Outside, Served
from continuity.zone import SiteName
from simulator import inside
from simulator.platform import SimulatedOutside

Stage = Any  # the conftest's class: test files share no modules

NAME = "we1.example.com"
HOME, AWAY = SiteName.HOME, SiteName.AWAY
STEADY_S = 60.0  # DNS records have reached the name servers


@pytest.fixture
def outside(stage: Stage) -> Outside:
    stage.world.clock.sleep(STEADY_S)
    return SimulatedOutside(stage.world, stage.manifest)


def address(stage: Stage, site: SiteName) -> str:
    return str(stage.manifest.sites[site].hosting.load_balancer)


def primary() -> Any:  # noqa: ANN401 - a moto DBInstance
    return inside.instance("eu-west-1", "we1-orders-home-1")


def test_the_serving_site_answers_to_the_zones_name(outside: Outside) -> None:
    assert outside.served_by(NAME) is Served.HOME


def test_after_the_first_latch_the_holding_page_answers(stage: Stage, outside: Outside) -> None:
    stage.close()
    stage.world.clock.sleep(45)
    assert outside.served_by(NAME) is Served.HOLDING_PAGE


def test_after_both_latches_the_standby_answers(stage: Stage, outside: Outside) -> None:
    stage.close()
    stage.open()
    stage.world.clock.sleep(45)
    assert outside.served_by(NAME) is Served.AWAY


def test_nobody_answers_for_a_lost_region(stage: Stage, outside: Outside) -> None:
    stage.lose_home()
    stage.world.clock.sleep(1)
    assert outside.served_by(NAME) is Served.NOBODY
    assert not outside.answers(address(stage, HOME), NAME)


def test_a_holding_page_needs_its_region(stage: Stage, outside: Outside) -> None:
    stage.close()
    stage.world.clock.sleep(45)
    stage.lose("eu-central-1")
    stage.world.clock.sleep(1)
    assert outside.served_by(NAME) is Served.NOBODY


def test_a_name_that_nobody_registered_is_answered_by_nobody(outside: Outside) -> None:
    assert outside.served_by("nowhere.example.org") is Served.NOBODY


def test_both_platforms_answer_at_their_own_addresses(stage: Stage, outside: Outside) -> None:
    assert outside.answers(address(stage, HOME), NAME)
    assert outside.answers(address(stage, AWAY), NAME)
    assert not outside.answers(stage.away.hosting.holding_page, NAME)


def test_a_platform_without_tasks_does_not_answer(stage: Stage, outside: Outside) -> None:
    hosting = stage.manifest.sites[HOME].hosting
    ecs = stage.client("ecs", "eu-west-1")
    ecs.update_service(cluster=hosting.cluster, service=hosting.service, desiredCount=0)
    stage.world.clock.sleep(300)
    assert outside.served_by(NAME) is Served.NOBODY


def test_a_write_to_the_primary_is_good_and_tells_the_newest_row_before(
    stage: Stage, outside: Outside
) -> None:
    first = outside.write(address(stage, HOME), NAME, "orders")
    assert first.ok
    assert first.newest_before is None
    written_at = stage.world.clock.now()
    stage.world.clock.sleep(10)
    second = outside.write(address(stage, HOME), NAME, "orders")
    assert second.newest_before == pytest.approx(written_at, abs=timedelta(milliseconds=1))


def test_a_write_to_the_zones_name_goes_where_clients_go(stage: Stage, outside: Outside) -> None:
    assert outside.write(NAME, NAME, "orders").ok
    stage.close()
    stage.world.clock.sleep(45)
    assert "does not answer" in outside.write(NAME, NAME, "orders").reason


def test_a_write_to_a_replica_is_refused_as_postgres_refuses_it(
    stage: Stage, outside: Outside
) -> None:
    written = outside.write(address(stage, AWAY), NAME, "orders")
    assert not written.ok
    assert "25006" in written.reason


@pytest.mark.parametrize("status", ["creating", "rebooting", "stopped", "failed", "deleting"])
def test_an_instance_that_takes_no_connections_takes_no_writes(
    stage: Stage, outside: Outside, status: str
) -> None:
    primary().status = status
    written = outside.write(address(stage, HOME), NAME, "orders")
    assert not written.ok
    assert status in written.reason


@pytest.mark.parametrize("status", ["backing-up", "modifying", "storage-optimization"])
def test_an_instance_that_is_merely_busy_takes_writes(
    stage: Stage, outside: Outside, status: str
) -> None:
    primary().status = status
    assert outside.write(address(stage, HOME), NAME, "orders").ok


def test_a_fenced_application_reaches_no_database(stage: Stage, outside: Outside) -> None:
    site = stage.manifest.sites[HOME]
    pair = {"GroupId": site.application_security_group}
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [pair]}
    stage.client("ec2", "eu-west-1").revoke_security_group_ingress(
        GroupId=site.database_security_group, IpPermissions=[rule]
    )
    written = outside.write(address(stage, HOME), NAME, "orders")
    assert written.reason == "no security group of the instance admits the application"


def test_a_missing_instance_and_an_unknown_database_are_reasons_not_errors(
    stage: Stage, outside: Outside
) -> None:
    del inside.instances("eu-west-1")["we1-orders-home-1"]
    assert "no such" in outside.write(address(stage, HOME), NAME, "orders").reason
    assert "letters" in outside.write(address(stage, HOME), NAME, "letters").reason
    assert not outside.write("nobody.example.com", NAME, "orders").ok


def test_a_request_takes_time_and_a_dead_region_takes_the_whole_timeout(
    stage: Stage, outside: Outside
) -> None:
    clock = stage.world.clock
    before = clock.monotonic()
    outside.served_by(NAME)
    assert 0.0 < clock.monotonic() - before < 0.5
    stage.lose_home()
    clock.sleep(1)
    before = clock.monotonic()
    outside.served_by(NAME)
    assert clock.monotonic() - before == pytest.approx(2.0)
