"""The holds of a zone are those of both sites; a site that does not answer is held."""

from dataclasses import replace
from typing import Any

import pytest

from backup import hold, standing
from backup.hold_rules import GRACE, Hold, HoldState
from cloud.effects import Effect
from continuity.errors import HoldfastError, InvalidInput
from failover.aws import AwsHands
from simulator.faults import Fault, FaultKind
from simulator.platform import SimulatedOutside

HOME, AWAY = "eu-west-1", "eu-central-1"
Zone = Any


def state(zone: Zone) -> HoldState:
    return standing.read(zone.cloud, zone.manifest).state(zone.now)


def test_a_hold_goes_its_way_from_held_to_releasing_to_normal(zone: Zone) -> None:
    assert state(zone) is HoldState.NORMAL
    standing.place(zone.cloud, zone.manifest, Hold("INC-7", "disk full", zone.now))
    assert state(zone) is HoldState.HELD
    standing.release(zone.cloud, zone.manifest, "INC-7", by="ana", reason="replaced")
    assert state(zone) is HoldState.RELEASING
    [release] = standing.read(zone.cloud, zone.manifest).releases
    assert (release.identifier, release.by, release.reason) == ("INC-7", "ana", "replaced")
    zone.world.clock.sleep(GRACE.total_seconds())
    assert state(zone) is HoldState.NORMAL


def test_a_hold_beside_either_lease_holds_the_zone_and_is_found_by_its_name(zone: Zone) -> None:
    home = zone.manifest.sites["home"]
    old = Hold("we1-0001", "a failover to home", zone.now)
    hold.place(zone.cloud.at(home.region), home.lease_table, old)
    standing.place(zone.cloud, zone.manifest, Hold("INC-7", "disk full", zone.now))
    assert {one.identifier for one in standing.read(zone.cloud, zone.manifest).holds} == {
        "we1-0001",
        "INC-7",
    }
    found = standing.release(zone.cloud, zone.manifest, "we1-0001", by="ana", reason="over")
    assert found is Effect.MADE
    assert state(zone) is HoldState.HELD


def test_runs_of_one_number_in_both_sites_are_released_each_by_its_own_name(zone: Zone) -> None:
    away = zone.manifest
    for manifest in (away, replace(away, active=away.standby)):
        door = zone.cloud.at(manifest.standby_site.region)
        hands = AwsHands(manifest, door, SimulatedOutside(zone.world, manifest))
        hands.hold_recovery_points("we1-0001", "we1-0001 recovers we1")
    standing.release(zone.cloud, zone.manifest, "we1-0001@away", by="ana", reason="all is back")
    found = standing.read(zone.cloud, zone.manifest)
    assert [one.identifier for one in found.holds] == ["we1-0001@home"]
    assert [one.identifier for one in found.releases] == ["we1-0001@away"]


def test_a_release_of_what_is_not_on_names_what_is(zone: Zone) -> None:
    standing.place(zone.cloud, zone.manifest, Hold("INC-7", "disk full", zone.now))
    with pytest.raises(InvalidInput, match="there is no hold INC-8; holds that are on: INC-7"):
        standing.release(zone.cloud, zone.manifest, "INC-8", by="ana", reason="over")


def test_a_site_that_does_not_answer_is_held_and_releases_nothing(zone: Zone) -> None:
    standing.place(zone.cloud, zone.manifest, Hold("INC-7", "disk full", zone.now))
    lost = Fault(FaultKind.REGION_LOST, 0, region=HOME)
    zone.world.faults.schedule([lost], origin=zone.world.clock.monotonic())
    zone.world.clock.sleep(1)
    found = standing.read(zone.cloud, zone.manifest)
    assert found.unreadable == (HOME,)
    assert found.state(zone.now) is HoldState.HELD
    with pytest.raises(HoldfastError):
        standing.release(zone.cloud, zone.manifest, "INC-7", by="ana", reason="over")
    assert [one.identifier for one in standing.read(zone.cloud, zone.manifest).holds] == ["INC-7"]
