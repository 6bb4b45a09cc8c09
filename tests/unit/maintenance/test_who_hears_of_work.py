"""Whom a notice is owed to, and in which words: from its log alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from continuity.incidents import IncidentEntry, Kind, Source
from incident.channels.channel import Audience, Moment
from incident.draft import Draft
from incident.messages.arrangement import Arrangement, Route
from incident.messages.due import Due
from incident.messages.ledger import Failure, delivered, owed, undelivered
from maintenance.notice import Work
from maintenance.owed import messages_due

NAME = "we1-away-notice-0001"
ROUTES = (
    Route("slack", Audience.INSIDE, frozenset()),
    Route("email", Audience.CUSTOMERS, frozenset()),
    Route("pagerduty", Audience.ON_CALL, frozenset()),
    Route("jira", Audience.TICKETS, frozenset()),
)
ZONE = Arrangement("we1", "Western Europe 1", "Europe/Lisbon", ROUTES)
NIGHT = datetime(2026, 11, 26, tzinfo=ZoneInfo("Europe/Lisbon"))
WORK = Work("A newer engine", NIGHT, NIGHT + timedelta(hours=6))
NOW = NIGHT - timedelta(days=5)
ANNOUNCED = IncidentEntry(
    1, NAME, NOW, Source.PERSON, "ana", Kind.ANNOUNCED, "Work", data=WORK.facts
)
REASON = {"reason": "eu-west-1 is busy"}
WITHDRAWN = replace(ANNOUNCED, number=9, kind=Kind.WITHDRAWN, data=REASON)
REFUSED = Failure("the token is wrong", 0.0, lasting=True)


def due(*log: IncidentEntry, after_s: float = 0) -> dict[str, Due]:
    found = messages_due(log, ZONE, NOW + timedelta(seconds=after_s))
    return {one.channel: one for one in found if not one.claimed}


def then(log: Sequence[IncidentEntry], *drafts: Draft) -> tuple[IncidentEntry, ...]:
    first = len(log) + 1
    return (*log, *(one.entry(first + n, NAME, NOW) for n, one in enumerate(drafts)))


def claimed(*channels: str) -> tuple[IncidentEntry, ...]:
    messages = due(ANNOUNCED)
    return then([ANNOUNCED], *(owed(messages[one].message, one, 1, "cli") for one in channels))


def test_customers_and_colleagues_are_told_and_nobody_is_called() -> None:
    found = due(ANNOUNCED)
    assert list(found) == ["slack", "email"]
    message = found["email"].message
    assert (message.moment, message.title) == (Moment.MAINTENANCE, "Planned maintenance")
    assert message.text == (
        "We work on Western Europe 1 from 26 November, 00:00 WET to 26 November, 06:00 WET: "
        "A newer engine. It may be interrupted in these hours. Your data is safe."
    )
    assert (message.starts, message.ends) == (WORK.starts, WORK.ends)
    assert f"Announced by ana as {NAME}." in found["slack"].message.text


def test_an_emergency_is_said_to_be_urgent() -> None:
    urgent = replace(ANNOUNCED, data=replace(WORK, emergency=True).facts)
    assert due(urgent)["email"].message.title == "Urgent maintenance"


def test_what_arrived_is_not_said_again_and_what_failed_is_however_often() -> None:
    log, messages = claimed("slack", "email"), due(ANNOUNCED)
    log = then(log, delivered(messages["slack"].message, "slack", 1, "thread"))
    for attempt in range(1, 8):
        log = then(log, undelivered(messages["email"].message, "email", attempt, REFUSED))
        assert {name: one.attempt for name, one in due(*log).items()} == {"email": attempt + 1}
        log = then(log, owed(messages["email"].message, "email", attempt + 1, "cli"))


def test_what_somebody_else_is_saying_is_left_to_them_for_a_minute() -> None:
    log = claimed("slack")
    assert list(due(*log, after_s=59)) == ["email"]
    assert [one.channel for one in messages_due(log, ZONE, NOW) if one.claimed] == ["slack"]
    assert due(*log, after_s=61)["slack"].attempt == 2


def test_only_who_heard_of_work_hears_that_it_is_withdrawn_and_customers_not_why() -> None:
    log = claimed("slack", "email")
    log = then(log, delivered(due(ANNOUNCED)["email"].message, "email", 1, "ref"))
    found = due(*log, WITHDRAWN)
    assert {one.message.moment for one in found.values()} == {Moment.RESOLVED}
    assert found["email"].reference == "ref"
    assert "does not take place" in found["email"].message.text
    assert "eu-west-1" not in found["email"].message.text
    assert "eu-west-1 is busy" in found["slack"].message.text
    assert list(due(*claimed("email"), WITHDRAWN)) == ["email"]
    assert due(ANNOUNCED, WITHDRAWN) == {}


@pytest.mark.parametrize("log", [(), (ANNOUNCED,), claimed("slack", "email")])
def test_nothing_is_said_of_work_whose_hours_are_over(log: tuple[IncidentEntry, ...]) -> None:
    assert messages_due(log, ZONE, WORK.ends) == ()
