"""The outbox: cut anywhere, with channels that fail, and with another one beside it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from continuity.errors import PermanentError, TemporaryError
from continuity.incidents import Kind
from incident.channels.channel import Moment
from incident.messages.ledger import CLAIM_S
from incident.states import State

Stage = Any  # the fixture's class lives in conftest


class Killed(BaseException):
    """The process is gone."""


def deliver_struck(stage: Stage, strike: Callable[[], None]) -> None:
    """Deliver, struck or not."""
    parts = (stage.record, *stage.inboxes.values())
    for one in parts:
        one.cut = strike
    try:
        stage.deliver()
    except Killed:
        pass
    finally:
        for one in parts:
            one.cut = lambda: None


def test_killed_at_any_boundary_nothing_is_lost_and_nothing_is_doubled(staged: type[Stage]) -> None:
    """Cut before and after every write and every delivery, then let another one go on."""
    expected = staged().told().heard
    cut, reached = 0, True
    while reached:
        stage, counted = staged(), [0]

        def strike(counted: list[int] = counted, cut: int = cut) -> None:
            counted[0] += 1
            if counted[0] == cut + 1:
                raise Killed

        for step in stage.story():
            step()
            deliver_struck(stage, strike)
        reached = counted[0] > cut
        stage.after(CLAIM_S)
        stage.outbox("other").deliver(60.0)
        assert stage.heard == expected, cut
        cut += 1
    assert cut > 60, "every boundary was cut"


def test_a_channel_that_is_down_is_left_alone_longer_and_longer_and_holds_up_no_other(
    stage: Stage,
) -> None:
    page = stage.inboxes["status_page"]
    page.down = [TemporaryError("is busy", 5.0), TemporaryError("is busy", 300.0)]
    stage.begin()
    first = stage.outbox().deliver(60.0)
    assert stage.moments("slack") == [Moment.IDENTIFIED]
    assert first.next_at == stage.at(30)
    stage.after(30)
    second = stage.outbox().deliver(60.0)
    assert second.next_at == stage.at(330), "as long as the service asks for"
    stage.after(200)
    stage.reach(State.CONTAINED)
    stage.deliver()
    assert page.moments == []
    assert stage.moments("slack") == [Moment.IDENTIFIED, Moment.HOLDING_PAGE]
    stage.after(100)
    stage.deliver()
    assert page.moments == [Moment.IDENTIFIED, Moment.HOLDING_PAGE]
    failed = stage.record.known[0].of(Kind.UNDELIVERED)
    assert [one.text for one in failed] == [
        "status_page does not take 'Service interruption': is busy"
    ] * 2


def test_who_has_mended_a_channel_need_not_wait(stage: Stage) -> None:
    stage.inboxes["slack"].down = [PermanentError("needs a token")]
    stage.begin()
    stage.deliver()
    stage.outbox().deliver(60.0)
    assert stage.moments("slack") == []
    stage.outbox("person", patient=False).deliver(60.0)
    assert stage.moments("slack") == [Moment.IDENTIFIED]


def test_a_message_that_is_refused_for_good_makes_way_in_the_end(stage: Stage) -> None:
    stage.inboxes["slack"].down = [PermanentError("too long")] * 5
    stage.begin()
    stage.acknowledge()
    for _ in range(6):
        stage.deliver()
        stage.after(1800)
    assert stage.moments("slack")[:1] == [Moment.ACKNOWLEDGED]


def test_a_defect_of_one_channel_silences_that_one_only(stage: Stage) -> None:
    stage.inboxes["slack"].down = [KeyError("ts")]
    stage.begin()
    stage.deliver()
    assert stage.moments("slack") == []
    assert stage.moments("jira") == [Moment.IDENTIFIED]


def test_two_who_deliver_at_once_say_nothing_twice(stage: Stage) -> None:
    slack = stage.inboxes["slack"]

    def meanwhile() -> None:
        slack.cut = lambda: None
        assert not stage.outbox("other").deliver(60.0).results

    slack.cut = meanwhile
    stage.begin()
    stage.deliver()
    assert slack.heard == list(slack.got)
    assert len(slack.got) == 1


def test_a_retry_says_the_same_words_although_the_zone_has_another_name_now(
    stage: Stage,
) -> None:
    page = stage.inboxes["status_page"]
    page.down = [TemporaryError("is busy", 5.0)]
    stage.begin()
    stage.deliver()
    stage.zone = replace(stage.zone, name="other.example")
    stage.after(60)
    stage.deliver()
    assert "we1.holdfast.example" in next(iter(page.got.values())).text


def test_a_channel_that_stays_silent_is_told_of_inside_once(stage: Stage) -> None:
    stage.inboxes["status_page"].down = [TemporaryError("is busy", 5.0)] * 5
    stage.begin()
    for _ in range(6):
        stage.deliver()
        stage.after(600)
    told = [one.text for one in stage.inboxes["slack"].got.values() if one.moment is Moment.NOTE]
    [text] = told
    assert text.startswith("status_page does not take 'Service interruption': is busy")
    assert stage.moments("status_page")[0] is Moment.IDENTIFIED
