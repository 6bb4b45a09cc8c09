from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from continuity.errors import HeldByAnother, InvalidInput, Refusal
from continuity.journal import EntryKind
from failover.lead import Consent, Driver, check_consents, lead
from failover.options import Options, Order
from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from failover.progress import Progress
    from tests.unit.failover.conftest import FakeZone

ME = Driver("me", "arn:aws:sts::123456789012:assumed-role/failover/me")


class Enough(Exception):
    """A test has seen what it wanted to see."""


def approving(zone: FakeZone) -> Callable[[Progress], None]:
    def watch(progress: Progress) -> None:
        if progress.state is State.WAITING and not zone.run().approvers:
            zone.approve()

    return watch


def test_a_lost_zone_is_led_to_its_end(lost_zone: FakeZone) -> None:
    last = lead(lost_zone.around, ME, Options(), approving(lost_zone))
    assert last.state is State.RECOVERED
    assert lost_zone.run().outcome == "recovered"


def test_a_healthy_zone_is_refused_without_a_trace(zone: FakeZone) -> None:
    with pytest.raises(Refusal, match=r"nothing to recover in we1.*--watch"):
        lead(zone.around, ME, Options(), lambda _: None)
    assert zone.lease is None
    assert zone.journal == []


def test_a_driver_that_stays_sees_the_loss_come(zone: FakeZone) -> None:
    zone.lost_at, zone.returns_at = 300.0, 1500.0
    approve = approving(zone)

    def watch(progress: Progress) -> None:
        approve(progress)
        if zone.clock.seconds > 1600:
            raise Enough

    with pytest.raises(Enough):
        lead(zone.around, Driver("me", ME.person, stay=True), Options(), watch)
    assert zone.run().outcome == "recovered"
    assert zone.fenced


def test_a_suspicion_that_goes_away_ends_without_a_recovery(lost_zone: FakeZone) -> None:
    lost_zone.returns_at = 15.0
    last = lead(lost_zone.around, ME, Options(), lambda _: None)
    assert last.state is State.WATCHING
    assert lost_zone.run().outcome == "cleared"


def test_a_driver_at_work_is_not_disturbed(lost_zone: FakeZone) -> None:
    other = lost_zone.engine("other")
    for _ in range(3):
        lost_zone.step(other, approve=False)
    with pytest.raises(HeldByAnother, match=r"other drives we1-0001 of we1 and renews its lease"):
        lead(lost_zone.around, ME, Options(), lambda _: lost_zone.step(other, approve=False))


def test_a_dead_drivers_run_is_taken_over_and_finished(lost_zone: FakeZone) -> None:
    dead = lost_zone.engine("dead")
    while lost_zone.run().plan_hash is None:
        lost_zone.step(dead)
    assert lead(lost_zone.around, ME, Options(), approving(lost_zone)).state is State.RECOVERED
    assert list(lost_zone.journals) == ["we1-0001"]


def test_whoever_stays_watches_behind_a_driver_at_work(lost_zone: FakeZone) -> None:
    other = lost_zone.engine("other")
    lost_zone.step(other)
    states = []

    def watch(progress: Progress) -> None:
        states.append(progress.state)
        if len(states) == 5:
            raise Enough
        lost_zone.step(other, approve=False)

    with pytest.raises(Enough):
        lead(lost_zone.around, Driver("me", ME.person, stay=True), Options(), watch)
    assert set(states) == {State.WATCHING}


def test_a_zone_that_was_aborted_just_now_needs_an_acknowledgement(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while lost_zone.run().plan_hash is None:
        lost_zone.step(engine, approve=False)
    lost_zone.abort()
    assert lost_zone.recover(engine, approve=False).state is State.ABORTED
    with pytest.raises(Refusal, match=r"ended aborted.*--acknowledge we1-0001"):
        lead(lost_zone.around, ME, Options(), lambda _: None)
    acknowledged = Options(acknowledged="we1-0001")
    with pytest.raises(Enough):
        lead(lost_zone.around, ME, acknowledged, stop_when_suspicious)
    assert max(lost_zone.journals) == "we1-0002"


def test_an_abort_ends_a_driver_that_stays_too(lost_zone: FakeZone) -> None:
    """Whoever aborts wants it to stop: a driver that stayed would begin again within the hour."""

    def watch(_: Progress) -> None:
        if lost_zone.run().plan_hash is not None and lost_zone.run().end is None:
            lost_zone.abort()

    last = lead(lost_zone.around, Driver("me", ME.person, stay=True), Options(), watch)
    assert last.state is State.ABORTED
    assert lost_zone.lease is not None
    assert not lost_zone.lease.owner


def test_an_order_to_move_reaches_the_driver_that_is_at_work(zone: FakeZone) -> None:
    zone.platform_down = True
    other = zone.engine("other")
    for _ in range(3):
        zone.step(other, approve=False)
    ordered = Options(move=Order("ana", "the certificate is gone"))
    with pytest.raises(HeldByAnother, match=r"It is told: ana orders that the zone is moved"):
        lead(zone.around, ME, ordered, lambda _: zone.step(other, approve=False))
    assert zone.recover(other).state is State.RECOVERED
    assert [one.data["what"] for one in zone.kinds(EntryKind.DECLARED)] == ["move"]


def stop_when_suspicious(progress: Progress) -> None:
    if progress.state is State.SUSPICIOUS:
        raise Enough


def test_what_was_accepted_beforehand_is_journaled_once_there_is_a_run(
    lost_zone: FakeZone,
) -> None:
    driver = Driver("me", "ana", (Consent("orders", "it is a cache"),))
    lead(lost_zone.around, driver, Options(), approving(lost_zone))
    (consent,) = lost_zone.kinds(EntryKind.CONSENTED)
    assert consent.data == {"by": "ana", "database": "orders", "reason": "it is a cache"}


def test_a_consent_for_an_unknown_database_is_wrong_input(zone: FakeZone) -> None:
    check_consents(zone.manifest, [Consent("orders", "a reason")])
    with pytest.raises(InvalidInput, match=r"there is no 'order'; we1 has billing, orders"):
        check_consents(zone.manifest, [Consent("order", "a reason")])
