"""Who hears what: each audience, in order, from the beginning it is concerned to the end."""

from datetime import timedelta
from typing import Any

import pytest

from incident.channels.channel import Moment
from incident.messages.due import messages_due
from incident.severity import Severity
from incident.states import State

Stage = Any  # the fixture's class lives in conftest

STORY = [
    Moment.IDENTIFIED,
    Moment.HOLDING_PAGE,
    Moment.RECOVERING,
    Moment.MONITORING,
    Moment.RESOLVED,
]


def test_each_audience_hears_a_region_loss_in_order(stage: Stage) -> None:
    stage.told()
    assert stage.moments("status_page") == STORY
    inside = [*STORY[:2], Moment.ACKNOWLEDGED, *STORY[2:]]
    assert stage.moments("slack") == stage.moments("jira") == inside
    assert stage.moments("pagerduty") == [Moment.PAGE, Moment.ACKNOWLEDGED, Moment.RESOLVED]
    references = stage.inboxes["slack"].references
    assert references == ["", *["slack-1"] * (len(references) - 1)]
    assert all(box.heard == list(box.got) for box in stage.inboxes.values())


def test_what_is_told_late_is_told_in_order_and_once(stage: Stage) -> None:
    for step in stage.story()[:-1]:
        step()
    stage.deliver()
    assert stage.moments("status_page") == STORY[:-1]
    assert stage.moments("pagerduty") == [], "who was acknowledged meanwhile wakes nobody"
    entries = stage.record.known[0].entries
    stage.deliver()
    assert stage.record.known[0].entries == entries, "nothing is owed twice"


def test_a_channel_that_joins_late_hears_how_it_stands_and_then_all_of_it(stage: Stage) -> None:
    stage.report(severity="SEV3")
    stage.deliver()
    assert stage.moments("status_page") == []
    stage.after(60)
    stage.update(severity=Severity.SEV1)
    stage.after(60)
    stage.update(severity=Severity.SEV3, state=State.MONITORING)
    stage.deliver()
    assert stage.moments("status_page") == [Moment.INVESTIGATING, Moment.MONITORING]
    assert stage.moments("slack") == [Moment.INVESTIGATING, Moment.NOTE, Moment.MONITORING]


def test_a_channel_that_was_told_nothing_hears_nothing_of_what_is_over(stage: Stage) -> None:
    for step in stage.story():
        step()
    assert messages_due(stage.record.known[0], stage.zone, stage.clock.now()).heads == ()


def test_a_day_after_its_end_nothing_is_owed_any_more(stage: Stage) -> None:
    stage.told(9)
    stage.inboxes["slack"].down = [OSError("is gone")]
    stage.story()[9]()
    stage.deliver()
    now, found = stage.clock.now(), stage.record.known[0]
    assert len(messages_due(found, stage.zone, now).heads) == 1
    later = now + timedelta(hours=25)
    assert messages_due(found, stage.zone, later).heads == ()


@pytest.mark.parametrize("channel", ["slack", "status_page", "jira", "pagerduty"])
def test_every_message_has_a_title_and_a_text_without_holes(stage: Stage, channel: str) -> None:
    for one in stage.told().inboxes[channel].got.values():
        assert one.title
        assert one.text
        assert "\n" not in one.title
        assert "\n\n" not in one.text
