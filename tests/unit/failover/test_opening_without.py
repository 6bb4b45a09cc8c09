from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from continuity.errors import Refusal
from failover import decisions
from failover.following import look
from failover.history import history
from failover.options import Options
from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest
    from failover.engine import Engine
    from tests.unit.failover.conftest import FakeZone

FULL = "we1-{}-away-1"


@pytest.fixture
def blocked(lost_zone: FakeZone) -> tuple[FakeZone, Engine]:
    """A run whose database `billing`, the most important one, cannot come back."""
    lost_zone.replicas[FULL.format("billing")].terminal = "storage-full"
    engine = lost_zone.engine()
    while "verify-orders" not in lost_zone.run().done:
        lost_zone.step(engine)
    while lost_zone.step(engine).state is not State.WAITING:
        pass
    return lost_zone, engine


def open_without(zone: FakeZone, database: str) -> None:
    decisions.open_without(zone.around, "ana", database, "invoices can wait")


def test_people_are_asked_whether_to_open_without_what_is_blocked(
    blocked: tuple[FakeZone, Engine],
) -> None:
    zone, engine = blocked
    sentence = engine.tick().sentence
    assert "we1 waits to be opened. Could not restore we1-billing-away-1 from" in sentence
    assert "holdfast failover open we1 --reason TEXT --without billing" in sentence
    found = look(zone.around, Options())
    assert found is not None
    assert any("--without billing" in wanted for wanted in found.wanted)


def test_nobody_decides_and_the_run_ends_blocked(blocked: tuple[FakeZone, Engine]) -> None:
    zone, engine = blocked
    last = zone.recover(engine)
    assert last.state is State.BLOCKED
    assert "Nobody decided in time to open without what is missing." in last.sentence
    assert "open/away" not in zone.latch_at


def test_the_zone_opens_without_it_and_says_so(blocked: tuple[FakeZone, Engine]) -> None:
    zone, engine = blocked
    open_without(zone, "billing")
    last = zone.recover(engine)
    assert last.state is State.RECOVERED
    assert "we1 is open again without billing, which is not back." in last.sentence
    assert "invoices can wait" in last.sentence
    assert "open/away" in zone.latch_at
    assert zone.written[-1][0] == "orders"
    (achieved,) = history(zone.around)
    assert (achieved.outcome, achieved.without, achieved.met) == ("recovered", ("billing",), False)


def test_it_can_be_said_before_the_database_has_given_up(lost_zone: FakeZone) -> None:
    lost_zone.lag_s[FULL.format("orders")] = None
    engine = lost_zone.engine(patience_s=600.0)
    while not lost_zone.run().refusals:
        lost_zone.step(engine)
    open_without(lost_zone, "orders")
    last = lost_zone.recover(engine)
    assert last.state is State.RECOVERED
    assert "without orders" in last.sentence
    (achieved,) = history(lost_zone.around)
    assert achieved.rto_s is not None
    assert achieved.rto_s < 600


def test_a_database_that_comes_back_after_all_is_missing_no_more(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while "promote-orders" not in lost_zone.run().intents:
        lost_zone.step(engine)
    open_without(lost_zone, "orders")
    assert "is recovered." in lost_zone.recover(engine).sentence
    (achieved,) = history(lost_zone.around)
    assert (achieved.without, achieved.met) == ((), True)


def test_what_is_back_need_not_be_done_without(blocked: tuple[FakeZone, Engine]) -> None:
    with pytest.raises(Refusal, match="orders is back"):
        open_without(blocked[0], "orders")


def test_one_database_must_be_left(
    make_zone: Callable[..., FakeZone], manifest_of: Callable[..., Manifest]
) -> None:
    zone = make_zone(manifest=replace(manifest_of(("orders",)))).lose_region()
    zone.step(zone.engine())
    with pytest.raises(Refusal, match="No database of we1 would be left"):
        open_without(zone, "orders")


def test_an_unknown_database_is_refused(lost_zone: FakeZone) -> None:
    lost_zone.step(lost_zone.engine())
    with pytest.raises(Refusal, match="Its databases are billing, orders"):
        open_without(lost_zone, "ordres")
