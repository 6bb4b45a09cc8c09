"""Work that was announced with its hours, as the status page and Slack show it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from continuity.channels import Service
from incident.channels.channel import Message, Moment

City = Any  # the fixture of conftest.py, which no test can import
Say = Callable[..., Message]


def announced(city: City, say: Say, number: int = 1, **other: Any) -> Message:  # noqa: ANN401 - fields of a message
    starts = city.clock.now() + timedelta(days=4)
    hours = {"starts": starts, "ends": starts + timedelta(hours=6)}
    return say(number, **{"severity": "", "moment": Moment.MAINTENANCE, **hours, **other})


def test_the_status_page_schedules_it_and_shows_nothing_under_maintenance_before(
    city: City, say: Say
) -> None:
    page, shown = city.channels()["status_page"], city.services.by_name[Service.STATUS_PAGE]
    message = announced(city, say)
    reference = page.deliver(message, "").reference
    assert page.deliver(message, "").reference == reference
    scheduled = shown.incidents[reference]
    assert scheduled["status"] == "scheduled"
    assert scheduled["scheduled_for"] == message.starts.isoformat()
    assert scheduled["scheduled_until"] == message.ends.isoformat()
    assert len(scheduled["incident_updates"]) == 1
    assert set(shown.components.values()) == {"operational"}


def test_the_status_page_takes_it_away_when_it_is_withdrawn(city: City, say: Say) -> None:
    page, shown = city.channels()["status_page"], city.services.by_name[Service.STATUS_PAGE]
    reference = page.deliver(announced(city, say), "").reference
    page.deliver(announced(city, say, 2, moment=Moment.RESOLVED), reference)
    assert [row["status"] for row in shown.incidents[reference]["incident_updates"]] == [
        "completed",
        "scheduled",
    ]
    assert set(shown.components.values()) == {"operational"}


def test_slack_heads_its_thread_without_a_severity(city: City, say: Say) -> None:
    city.channels()["slack"].deliver(announced(city, say, title="Planned maintenance"), "")
    assert (
        city.seen("slack")[0][1]
        == "*we1: Planned maintenance* | maintenance | 2026-03-03 09:01 UTC"
    )
