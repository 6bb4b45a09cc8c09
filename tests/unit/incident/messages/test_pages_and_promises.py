"""What time makes necessary: the next person is called, and promised updates are given."""

from typing import Any

from continuity.errors import TemporaryError
from incident.channels.channel import Moment
from incident.severity import Severity
from incident.states import State

Stage = Any  # the fixture's class lives in conftest


def paged(stage: Stage) -> list[str]:
    return [one.person for one in stage.inboxes["pagerduty"].got.values() if one.person]


def test_an_unacknowledged_page_goes_to_the_next_person(stage: Stage) -> None:
    stage.begin()
    stage.deliver()
    assert stage.outbox().deliver(60.0).next_at == stage.at(600)
    for minutes in (5, 5, 10, 10):
        stage.after(minutes * 60)
        stage.deliver()
    assert paged(stage) == ["Ana", "Bea", "Ana"]
    stage.acknowledge()
    stage.after(3600)
    stage.deliver()
    assert paged(stage) == ["Ana", "Bea", "Ana"]


def test_however_late_one_page_goes_out_at_a_time_and_an_end_comes(
    stage: Stage,
) -> None:
    stage.begin()
    stage.after(5 * 3600)
    stage.deliver()
    assert paged(stage) == ["Ana"]
    for _ in range(20):
        stage.after(1200)
        stage.deliver()
    assert paged(stage) == ["Ana", "Bea"] * 3


def test_a_page_that_nobody_gets_makes_way_for_the_next_person(stage: Stage) -> None:
    stage.inboxes["pagerduty"].down = [TemporaryError("is silent", 900.0)]
    stage.begin()
    stage.deliver()
    stage.after(600)
    stage.deliver()
    assert paged(stage) == ["Bea"]


def test_what_comes_again_or_becomes_worse_wakes_people_again(stage: Stage) -> None:
    stage.report(severity="SEV3")
    stage.acknowledge()
    stage.deliver()
    assert paged(stage) == []
    stage.after(60)
    stage.update(severity=Severity.SEV1)
    stage.deliver()
    assert paged(stage) == ["Ana"]
    stage.acknowledge()
    stage.update(state=State.MONITORING)
    stage.after(7200)
    stage.deliver()
    assert paged(stage) == ["Ana"]
    stage.update(state=State.RECOVERING)
    stage.deliver()
    assert paged(stage) == ["Ana", "Ana"]
    assert stage.moments("status_page")[-2:] == [Moment.MONITORING, Moment.IDENTIFIED]


def test_while_a_run_goes_on_customers_hear_as_often_as_was_promised(stage: Stage) -> None:
    for step in stage.story()[:6]:
        step()
    stage.deliver()
    for _ in range(3):
        stage.after(1800)
        stage.deliver()
    texts = [one.text for one in stage.inboxes["status_page"].got.values()]
    assert stage.moments("status_page") == [
        Moment.IDENTIFIED,
        Moment.HOLDING_PAGE,
        *[Moment.RECOVERING] * 4,
    ]
    assert "still bringing" in texts[-1]
    assert "by 03 March, 11:02 WET" in texts[-1]
    stage.reach(State.MONITORING)
    stage.after(7200)
    stage.deliver()
    assert stage.moments("status_page")[-2:] == [Moment.RECOVERING, Moment.MONITORING]


def test_an_update_that_people_owe_and_do_not_give_is_told_inside(stage: Stage) -> None:
    stage.report()
    stage.deliver()
    stage.after(3600)
    stage.deliver()
    last = list(stage.inboxes["slack"].got.values())[-1]
    assert (last.moment, "heard nothing" in last.text) == (Moment.NOTE, True)
    assert stage.moments("status_page") == [Moment.INVESTIGATING]
    stage.update(public="We have found it.")
    stage.deliver()
    said = list(stage.inboxes["status_page"].got.values())[-1]
    assert said.text.startswith("We have found it.")
    stage.after(3599)
    count = len(stage.inboxes["slack"].got)
    stage.deliver()
    assert len(stage.inboxes["slack"].got) == count
