from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from continuity.errors import TemporaryError
from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import pytest

    from cloud.leases import Lease
    from failover.observation import Instance, LagPoint
    from tests.unit.failover.conftest import FakeZone


def test_a_second_driver_watches_while_the_first_is_alive(lost_zone: FakeZone) -> None:
    one, two = lost_zone.engine("one"), lost_zone.engine("two")
    states = set()
    while not lost_zone.step(one).state.over:
        states.add(two.tick().state)
    assert states == {State.WATCHING}
    assert two.tick().state is State.RECOVERED


def test_a_second_driver_takes_over_only_after_a_whole_lease_time(lost_zone: FakeZone) -> None:
    lost_zone.step(lost_zone.engine("one"))
    two = lost_zone.engine("two")
    began = lost_zone.clock.seconds
    progress = two.tick()
    assert progress.sentence == "one drives we1-0001; watching."
    while lost_zone.lease.owner == "one":
        lost_zone.step(two)
    assert 60 <= lost_zone.clock.seconds - began <= 62
    assert lost_zone.recover(two).state is State.RECOVERED


def test_a_driver_that_lost_its_lease_writes_nothing(lost_zone: FakeZone) -> None:
    one, two = lost_zone.engine("one"), lost_zone.engine("two")
    original = lost_zone.instances
    while "drain-home" not in lost_zone.run().done:
        lost_zone.step(one)

    def frozen(identifiers: Sequence[str]) -> Mapping[str, Instance]:
        """Look, then stand still for as long as it takes the other to take over and act."""
        picture = original(identifiers)
        lost_zone.instances = original
        while not two.tick().sentence.startswith("we1-0001:"):
            lost_zone.clock.sleep(10)
        frozen.entries = len(lost_zone.journal)
        return picture

    lost_zone.instances = frozen
    progress = one.tick()
    assert progress.state is State.WATCHING
    assert "it belongs to two at version" in progress.sentence
    assert len(lost_zone.journal) == frozen.entries
    assert lost_zone.recover(two).state is State.RECOVERED


def test_a_released_lease_is_taken_without_waiting(lost_zone: FakeZone) -> None:
    lost_zone.returns_at = 15
    one = lost_zone.engine("one")
    for _ in range(3):
        lost_zone.step(one)
    assert lost_zone.lease.owner == ""
    lost_zone.returns_at = float("inf")
    assert lost_zone.engine("two").tick().state is State.SUSPICIOUS
    assert lost_zone.lease.owner == "two"


def test_a_picture_that_is_too_old_begins_nothing(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while "drain-home" not in lost_zone.run().done:
        lost_zone.step(engine)
    original = lost_zone.lags

    def slow(identifiers: Sequence[str], since: datetime) -> Mapping[str, tuple[LagPoint, ...]]:
        lost_zone.clock.sleep(100)
        return original(identifiers, since)

    lost_zone.around.sight.lags = slow
    progress = engine.tick()
    assert "what was seen is too old to begin anything" in progress.sentence
    assert not [name for name in lost_zone.effects if name.startswith("promote")]


def test_a_lease_that_cannot_be_renewed_grows_too_old_to_begin_anything(
    lost_zone: FakeZone,
) -> None:
    engine = lost_zone.engine()
    while "drain-home" not in lost_zone.run().done:
        lost_zone.step(engine)
    original, renew = lost_zone.lags, lost_zone.take_lease

    def slow(identifiers: Sequence[str], since: datetime) -> Mapping[str, tuple[LagPoint, ...]]:
        lost_zone.clock.sleep(40)
        lost_zone.take_lease = silent
        return original(identifiers, since)

    def silent(wanted: Lease) -> Lease:
        raise TemporaryError(f"{wanted.owner} gets no answer")

    lost_zone.around.sight.lags = slow
    progress = engine.tick()
    assert "the lease is too old to begin anything" in progress.sentence
    assert not [name for name in lost_zone.effects if name.startswith("promote")]
    lost_zone.lags, lost_zone.take_lease = original, renew
    assert lost_zone.recover(engine).state is State.RECOVERED


def test_a_driver_at_work_keeps_its_lease_however_slow_aws_is(lost_zone: FakeZone) -> None:
    """Each look takes half a lease, and another driver watches for its end all the time."""
    one, two = lost_zone.engine("one"), lost_zone.engine("two")
    lost_zone.step(one)
    for name in ("instances", "lags", "hosting", "latches"):
        quick = getattr(lost_zone, name)

        def slow(*given: object, quick: Callable[..., object] = quick) -> object:
            lost_zone.clock.sleep(30)
            two.tick()
            return quick(*given)

        setattr(lost_zone, name, slow)
    while not lost_zone.step(one).state.over:
        assert lost_zone.lease.owner == "one"
        assert lost_zone.clock.seconds < 7200
    assert lost_zone.run().outcome == "recovered"


def test_a_beat_that_finds_another_driver_ends_the_tick(lost_zone: FakeZone) -> None:
    one = lost_zone.engine("one")
    while "drain-home" not in lost_zone.run().done:
        lost_zone.step(one)
    original = lost_zone.lags

    def overtaken(identifiers: Sequence[str], since: datetime) -> object:
        lost_zone.clock.sleep(20)
        held = lost_zone.lease
        lost_zone.lease = replace(held, owner="two", version=held.version + 1)
        return original(identifiers, since)

    lost_zone.around.sight.lags = overtaken
    entries = len(lost_zone.journal)
    assert one.tick().state is State.WATCHING
    assert len(lost_zone.journal) == entries
    assert not [name for name in lost_zone.effects if name.startswith("promote")]


def test_a_bug_in_a_tick_is_said_and_logged_and_not_raised(
    lost_zone: FakeZone, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> bool:
        raise ZeroDivisionError("oops")

    lost_zone.around.sight.serving_region_answers = broken
    progress = lost_zone.engine().tick()
    assert progress.state is State.TROUBLED
    assert progress.sentence == "This tick came to nothing: ZeroDivisionError('oops')"
    (record,) = caplog.records
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
