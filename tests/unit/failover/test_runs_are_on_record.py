"""What a run tells the record of incidents, and that the record never holds a run up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from continuity.errors import TemporaryError
from continuity.journal import EntryKind
from failover.aws_record import report
from failover.progress import State
from failover.recorder import AGAIN_S, Begun, News, Telling, begun, news
from failover.run import Run
from incident.states import State as Standing

Zone = Any  # the fixture's class lives in conftest


class Heard:
    """A record in memory: what it was told, and at which attempts it does not answer."""

    def __init__(self, fails: Callable[[int], bool] = lambda _: False) -> None:
        self.fails = fails
        self.attempts = 0
        self.told: list[tuple[Begun, tuple[News, ...]]] = []

    def tell(self, begun: Begun, news: tuple[News, ...]) -> None:
        self.attempts += 1
        if self.fails(self.attempts):
            raise TemporaryError("DynamoDB does not answer.")
        self.told.append((begun, news))


def recovered(zone: Zone, heard: Heard) -> Run:
    """Drive a run to its end with a record beside it."""
    zone.around = replace(zone.around, recorder=heard)
    last = zone.recover(zone.engine())
    assert last.state is State.RECOVERED
    run: Run = zone.run()
    return run


def test_a_run_tells_why_it_began_what_it_reached_and_how_it_ended(lost_zone: Zone) -> None:
    heard = Heard()
    run = recovered(lost_zone, heard)
    first, reached = heard.told[-1]
    assert (first.run, first.diagnosis, first.since) == (run.name, "region lost", run.suspected_at)
    assert [one.state for one in reached] == [
        Standing.CONTAINED,
        Standing.RECOVERING,
        Standing.MONITORING,
    ]
    assert reached[0].at == run.done["close-home"].at
    assert reached[-1].sentence == run.entries[-1].sentence
    counts = [len(told) for _, told in heard.told]
    assert counts == sorted(set(counts)), "nothing is told again where nothing is new"


def test_a_record_that_never_answers_changes_nothing_in_a_run(
    lost_zone: Zone,
    caplog: Any,  # noqa: ANN401 - pytest's
) -> None:
    heard = Heard(lambda _: True)
    run = recovered(lost_zone, heard)
    asked_s = (run.entries[-1].at - run.of(EntryKind.PLANNED)[0].at).total_seconds()
    assert 1 <= heard.attempts <= asked_s / AGAIN_S + 2
    assert "is not told of we1-0001: DynamoDB does not answer." in caplog.text


def test_what_was_not_heard_is_told_again_after_a_minute(lost_zone: Zone) -> None:
    run = recovered(lost_zone, Heard())
    heard = Heard(lambda attempt: attempt == 1)
    telling = Telling(heard, lost_zone.clock)
    telling.tell(run)
    telling.tell(run)
    assert (heard.attempts, heard.told) == (1, [])
    lost_zone.clock.sleep(AGAIN_S)
    telling.tell(run)
    telling.tell(run)
    assert (heard.attempts, len(heard.told)) == (2, 1)


def test_before_there_is_a_plan_there_is_nothing_to_tell(lost_zone: Zone) -> None:
    heard = Heard()
    Telling(heard, lost_zone.clock).tell(Run("we1-0001"))
    assert (heard.attempts, begun(Run("we1-0001")), news(Run("we1-0001"))) == (0, None, ())


def test_a_lost_region_is_reported_with_all_its_services_and_one_key_for_ever(
    lost_zone: Zone,
) -> None:
    run = recovered(lost_zone, Heard())
    first = begun(run)
    assert first is not None
    said = report(first, lost_zone.manifest)
    assert said.certain
    assert {"platform", "files", "monitoring", "billing"} <= set(said.services)
    assert said.key == "run:we1-0001@away:begun"
    assert said.severity is None, "the severity follows from what is hit"
