"""How a zone tells people, from its own words or as usual."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from incident.messages.arrangement import CADENCE
from incident.messages.opening import arrangement
from incident.severity import Severity

City = Any  # the fixture of conftest.py, which no test can import


def test_what_a_zone_does_not_say_is_as_usual(city: City) -> None:
    found = arrangement(city.manifest, tuple(city.channels().values()))
    assert found.name == "we1.example.com"
    assert found.cadence == CADENCE
    assert [turn.person for turn in found.people] == ["first on call", "second on call"]


def test_a_zone_has_a_name_for_customers_and_says_how_often_they_hear_of_it(city: City) -> None:
    said = replace(city.manifest.channels, zone_name="Western Europe 1", updates={"SEV1": 15})
    found = arrangement(replace(city.manifest, channels=said), ())
    assert found.name == "Western Europe 1"
    assert found.cadence == {Severity.SEV1: timedelta(minutes=15)}


def test_the_channels_that_page_and_those_that_do_not_follow_their_severities(city: City) -> None:
    routes = arrangement(city.manifest, tuple(city.channels().values())).routes
    takes = {one.channel: one.severities for one in routes}
    assert takes["pagerduty"] == {Severity.SEV1, Severity.SEV2}
    assert takes["slack"] == set(Severity)
