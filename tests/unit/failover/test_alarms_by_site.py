"""Alarms are read site by site: a silent serving region hides nothing of the standby."""

from __future__ import annotations

from typing import TYPE_CHECKING

from continuity.zone import SiteName
from failover.degradations import degradations
from failover.observation import Alarms, Look, Reading
from failover.rounds import Rounds
from failover.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from failover.observation import Observation
    from tests.unit.failover.conftest import FakeZone


def told(seen: Observation) -> list[str]:
    return [finding.sentence for finding in degradations(seen)]


def test_alarms_of_both_sites_are_asked_for_where_clients_are_served_and_the_api_is_silent(
    zone: FakeZone,
) -> None:
    zone.denied = {"serving_region_answers"}
    zone.gone_off = {SiteName.AWAY: ("we1-away-orders-lag",)}
    standby = Reading(zone.clock.now(), value=True, error=None)
    seen = Rounds().look(zone.around, Run(""), standby)
    assert seen.reading(Look.ALARMS).value is not None
    assert any("the alarm we1-away-orders-lag has gone off" in one for one in told(seen))


def test_what_cannot_be_read_is_said_for_its_site_and_the_other_one_is_told(
    picture: Callable[..., Observation],
) -> None:
    alarms = {SiteName.HOME: Alarms(error="no answer."), SiteName.AWAY: Alarms(("we1-away-lag",))}
    blank = picture()
    said = told(picture(alarms=Reading(blank.now, alarms, None)))
    assert said == [
        "The away site is not ready to take over: the alarm we1-away-lag has gone off.",
        "The alarms of the home site cannot be read: no answer.",
    ]
