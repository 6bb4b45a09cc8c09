"""The world decides: a verdict is what clients went through, whatever an engine says."""

from collections.abc import Callable

import pytest

from drill.expectation import Outcome
from drill.verdict import Verdict
from failover.progress import Progress, State

Play = Callable[..., Verdict]


class LyingEngine:
    """Says what everybody wants to hear, and does nothing."""

    def __init__(self, *_: object) -> None:
        self._ticks = 0

    def tick(self) -> Progress:
        self._ticks += 1
        if self._ticks < 60:
            return Progress("looking", 10.0, State.WATCHING)
        return Progress("we1 is recovered", 0.0, State.RECOVERED)


def test_an_engine_that_lies_has_recovered_nothing(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drill.controllers.Engine", LyingEngine)
    verdict = play("region-loss")
    assert verdict.outcome is Outcome.BLOCKED
    assert "expected to end recovered, but it ended blocked" in verdict.unmet
    assert not verdict.rto.met
    assert not any(one.writable for one in verdict.databases)


def test_the_engine_records_at_least_what_clients_lost_and_not_much_more(play: Play) -> None:
    for one in play("region-loss").databases:
        assert one.claimed_loss_s is not None
        assert one.data_loss_s <= one.claimed_loss_s + 1.0
        assert one.claimed_loss_s <= one.data_loss_s + 30.0


def test_nobody_is_faster_than_aws_allows(play: Play) -> None:
    verdict = play("region-loss")
    assert 0.0 < verdict.floor_s < verdict.rto.measured_s
