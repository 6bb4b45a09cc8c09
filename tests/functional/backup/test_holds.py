"""Holds on simulated DynamoDB: they add up, repeat harmlessly, and tell what cannot be read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ReadTimeoutError

from backup import hold
from backup.hold import Hold
from cloud import leases
from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Missing
from cloud.leases import Lease
from cloud.permitted import actions_of, permissions_of
from continuity.errors import TemporaryError

FAILOVER = Hold("run:we1-7", "Failover of we1 to away.", datetime(2026, 3, 3, 9, tzinfo=UTC))
LEGAL = Hold("legal 12/2026", "Litigation.", FAILOVER.since + timedelta(days=1))


def lose_reply(door: Door, operation: str) -> None:
    left = [1]

    def lose(**_: object) -> None:
        if left[0]:
            left[0] -= 1
            raise ReadTimeoutError(endpoint_url="https://simulated")

    events = door.cloud.clients.of("dynamodb", door.region).meta.events
    events.register(f"after-call.dynamodb.{operation}", lose)


def test_nothing_is_held_before_the_first_hold(door: Door) -> None:
    assert hold.holds(door, "lease") == ()


def test_a_hold_is_on_once_it_is_placed(door: Door) -> None:
    assert hold.place(door, "lease", FAILOVER) is Effect.MADE
    assert hold.holds(door, "lease") == (FAILOVER,)


def test_placing_the_same_hold_again_keeps_the_first(door: Door) -> None:
    hold.place(door, "lease", FAILOVER)
    later = replace(FAILOVER, reason="Another.", since=FAILOVER.since + timedelta(hours=1))
    assert hold.place(door, "lease", later) is Effect.ALREADY
    assert hold.holds(door, "lease") == (FAILOVER,)


def test_several_holds_add_up_and_all_must_be_lifted(door: Door) -> None:
    hold.place(door, "lease", LEGAL)
    hold.place(door, "lease", FAILOVER)
    assert hold.holds(door, "lease") == (FAILOVER, LEGAL)
    assert hold.lift(door, "lease", FAILOVER.identifier) is Effect.MADE
    assert hold.holds(door, "lease") == (LEGAL,)
    assert hold.lift(door, "lease", LEGAL.identifier) is Effect.MADE
    assert hold.holds(door, "lease") == ()


def test_lifting_what_is_not_on_changes_nothing(door: Door) -> None:
    hold.place(door, "lease", LEGAL)
    assert hold.lift(door, "lease", FAILOVER.identifier) is Effect.ALREADY
    assert hold.holds(door, "lease") == (LEGAL,)


def test_a_hold_whose_reply_was_lost_is_on_once(door: Door) -> None:
    lose_reply(door, "UpdateItem")
    assert hold.place(door, "lease", FAILOVER) is Effect.ALREADY
    assert hold.holds(door, "lease") == (FAILOVER,)


def test_a_hold_that_cannot_be_read_back_stops_everything(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold, "holds", lambda *_: ())
    with pytest.raises(TemporaryError, match="cannot be read back"):
        hold.place(door, "lease", FAILOVER)


def test_a_table_that_does_not_exist_is_no_place_without_holds(door: Door) -> None:
    with pytest.raises(Missing):
        hold.recorded(door, "elsewhere")
    with pytest.raises(Missing):
        hold.place(door, "elsewhere", FAILOVER)


def test_holds_and_the_lease_do_not_disturb_each_other(door: Door) -> None:
    mine = Lease("anna", 1, "we1-7", 30)
    hold.place(door, "lease", FAILOVER)
    leases.take(door, "lease", mine)
    assert leases.read(door, "lease") == mine
    assert hold.holds(door, "lease") == (FAILOVER,)


@pytest.mark.parametrize("function", [hold.place, hold.lift, hold.holds, hold.recorded])
def test_each_verb_needs_exactly_what_it_declares(
    door: Door, function: Callable[..., object]
) -> None:
    hold.place(door, "lease", LEGAL)
    arguments = {hold.place: (FAILOVER,), hold.lift: (LEGAL.identifier,)}
    before = door.cloud.budget.counts()
    function(door, "lease", *arguments.get(function, ()))
    after = door.cloud.budget.counts()
    asked = {call for call in after if after[call] != before.get(call, 0)}
    actions = {action for call in asked for action in actions_of(*call.split("."))}
    assert actions == {permission.action for permission in permissions_of(function)}
