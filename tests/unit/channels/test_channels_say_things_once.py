"""Whatever answer is lost on the way, people see each message once, and in order."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from continuity.channels import Service
from continuity.errors import TemporaryError
from incident.channels.channel import Channel, Message, Moment

City = Any  # the fixture of conftest.py, which no test can import
Say = Callable[..., Message]

STORY = (
    Moment.PAGE,
    Moment.INVESTIGATING,
    Moment.ACKNOWLEDGED,
    Moment.HOLDING_PAGE,
    Moment.RECOVERING,
    Moment.RESOLVED,
)
MOST_REQUESTS = 24


def tell(channel: Channel, say: Say) -> list[str]:
    """Deliver a whole story as the outbox does: in order, each until it is taken."""
    references = [""]
    for number, moment in enumerate(STORY):
        message = say(number, moment=moment, text=f"This is {number}.", person="first on call")
        for _ in range(3):
            try:
                references.append(channel.deliver(message, references[-1]).reference)
            except TemporaryError:
                continue
            break
    return references


def test_a_story_is_told_with_no_more_requests_than_are_made_to_fail(
    city: City, service: Service, say: Say
) -> None:
    wire = city.losing()
    assert len(tell(city.channels(wire)[service], say)) == len(STORY) + 1
    assert len(city.seen(service)) >= 3
    assert wire.asked <= MOST_REQUESTS


@pytest.mark.parametrize("lost", range(MOST_REQUESTS))
def test_no_lost_answer_shows_anything_twice(city: City, say: Say, lost: int) -> None:
    for service in city.services.by_name:
        calm = replace(city, services=type(city.services)(city.clock, city.manifest.channels))
        tell(calm.channels()[service], say)
        told = tell(city.channels(city.losing(lost))[service], say)
        assert len(told) == len(STORY) + 1
        assert noticed(city.seen(service)) == noticed(calm.seen(service)), service


def noticed(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return what people take notice of: a headline or a status that stays is no news."""
    found: list[tuple[str, str, str]] = []
    for row in rows:
        if row[0] not in ("headline", "moved") or row not in found:
            found.append(row)
    return found


def test_an_incident_whose_first_receipt_was_lost_is_found_again(
    city: City, service: Service, say: Say
) -> None:
    message = say(moment=Moment.PAGE if service is Service.PAGERDUTY else Moment.INVESTIGATING)
    first = city.channels()[service].deliver(message, "")
    assert city.channels()[service].deliver(message, "") == first
    told = [row for row in city.seen(service) if row[0] != "headline"]
    assert len(told) == (2 if service is Service.SLACK else 1)
