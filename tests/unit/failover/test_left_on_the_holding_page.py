"""A site that answers at its own front while clients see the holding page is not well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from continuity.outside import Served
from failover.diagnose import Diagnosis, diagnose
from failover.observation import Reading
from failover.options import Options
from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from failover.observation import Observation
    from tests.unit.failover.conftest import FakeZone

HOUR_S = 3600


@pytest.fixture
def left(lost_zone: FakeZone) -> FakeZone:
    """Return a zone that was closed by a run which a person then ended; its home is back."""
    engine = lost_zone.engine()
    while "close-home" not in lost_zone.run().done:
        lost_zone.step(engine, approve=False)
    lost_zone.abort()
    lost_zone.recover(engine, approve=False)
    lost_zone.returns_at = lost_zone.clock.seconds
    lost_zone.clock.sleep(HOUR_S + 60)
    return lost_zone


def watch(zone: FakeZone, seconds: float) -> list[State]:
    engine, until, states = zone.engine("watcher"), zone.clock.seconds + seconds, []
    while zone.clock.seconds < until:
        states.append(zone.step(engine, approve=False).state)
    return states


def test_clients_on_the_holding_page_are_no_healthy_zone(
    picture: Callable[..., Observation],
) -> None:
    front = Reading(picture().now, value=True, error=None)
    page = Reading(picture().now, value=Served.HOLDING_PAGE, error=None)
    seen = picture(serving=front, serving_region=front, standby_region=front, public=page)
    found = diagnose(seen, Options())
    assert found.diagnosis is Diagnosis.PLATFORM_SILENT
    assert "see the holding page, although the home site answers" in found.sentence
    assert "take closed/home out of away-latch" in found.sentence


def test_whoever_watches_begins_a_run_that_waits_for_people_and_is_not_cleared(
    left: FakeZone,
) -> None:
    states = watch(left, 900)
    assert State.SUSPICIOUS in states
    assert State.WATCHING not in states
    assert sorted(left.journals) == ["we1-0001", "we1-0002"]
    assert left.run().end is None
    assert left.run().outage_at == left.journals["we1-0001"][0].at


def test_it_is_cleared_once_clients_are_led_back(left: FakeZone) -> None:
    watch(left, 300)
    left.latch_at.clear()
    watch(left, 300)
    assert left.run().outcome == "cleared"


def test_a_suspicion_is_not_cleared_by_the_front_alone(left: FakeZone) -> None:
    """The home is lost once more and returns: its front answers, and clients still wait."""
    left.lost_at, left.returns_at = left.clock.seconds, left.clock.seconds + 15
    watch(left, 120)
    assert left.run().name == "we1-0002"
    assert not left.kinds(EntryKind.CLEARED)


def test_where_clients_are_led_costs_nothing_while_all_is_well(zone: FakeZone) -> None:
    watch(zone, 600)
    assert zone.calls.count("served_by") <= 6
