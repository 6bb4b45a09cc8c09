"""Holds on simulated DynamoDB: they add up, repeat harmlessly, and fail closed."""

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


def lose_replies(door: Door, operation: str, times: int = 1) -> None:
    left = [times]

    def lose(**_: object) -> None:
        if left[0]:
            left[0] -= 1
            raise ReadTimeoutError(endpoint_url="https://simulated")

    events = door.cloud.clients.of("dynamodb", door.region).meta.events
    events.register(f"after-call.dynamodb.{operation}", lose)


def test_nothing_is_held_before_the_first_hold(door: Door) -> None:
    assert not hold.is_held(door, "lease")
    assert hold.holds(door, "lease") == ()


def test_a_hold_is_on_once_it_is_placed(door: Door) -> None:
    assert hold.place(door, "lease", FAILOVER) is Effect.MADE
    assert hold.is_held(door, "lease")
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
    assert hold.is_held(door, "lease")
    assert hold.lift(door, "lease", LEGAL.identifier) is Effect.MADE
    assert not hold.is_held(door, "lease")


def test_lifting_what_is_not_on_changes_nothing(door: Door) -> None:
    hold.place(door, "lease", LEGAL)
    assert hold.lift(door, "lease", FAILOVER.identifier) is Effect.ALREADY
    assert hold.holds(door, "lease") == (LEGAL,)


def test_a_hold_whose_reply_was_lost_is_on_once(door: Door) -> None:
    lose_replies(door, "UpdateItem")
    assert hold.place(door, "lease", FAILOVER) is Effect.ALREADY
    assert hold.holds(door, "lease") == (FAILOVER,)


def test_a_hold_that_cannot_be_read_back_stops_everything(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold, "holds", lambda *_: ())
    with pytest.raises(TemporaryError, match="cannot be read back"):
        hold.place(door, "lease", FAILOVER)


def test_what_cannot_be_read_counts_as_held(door: Door) -> None:
    lose_replies(door, "GetItem", times=100)
    assert hold.is_held(door, "lease")


def test_a_table_that_does_not_exist_counts_as_held(door: Door) -> None:
    assert hold.is_held(door, "elsewhere")
    with pytest.raises(Missing):
        hold.place(door, "elsewhere", FAILOVER)


@pytest.mark.parametrize("body", [{"S": "garbage"}, {"S": "[]"}, {"S": "{}"}, {"N": "1"}])
def test_a_hold_that_nobody_can_understand_counts_as_held(door: Door, body: dict[str, str]) -> None:
    item = {"name": {"S": "hold"}, "hold:odd": body}
    door.change("dynamodb", "PutItem", TableName="lease", Item=item)
    assert hold.is_held(door, "lease")


def test_holds_and_the_lease_do_not_disturb_each_other(door: Door) -> None:
    mine = Lease("anna", 1, "we1-7", 30)
    hold.place(door, "lease", FAILOVER)
    leases.take(door, "lease", mine)
    assert leases.read(door, "lease") == mine
    assert hold.holds(door, "lease") == (FAILOVER,)


@pytest.mark.parametrize("function", [hold.place, hold.lift, hold.holds, hold.is_held])
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
