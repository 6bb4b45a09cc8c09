"""Holds: while one is on, no recovery point of the zone is deleted.

A failover places its hold before it changes anything and reads it back; pruning asks
`backup.standing`, which takes what cannot be read for held. Several holds add up, each an attribute
of one item beside the standby's lease, so placing and lifting are single atomic calls that nobody
else's hold can disturb. A lifted hold leaves its release there: the grace that follows and the
pinned points count from it (`backup.hold_rules`). What a hold raised elsewhere in AWS is remembered
in the same item (`backup.raised`).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from backup.hold_rules import Hold, Raised, Release
from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Conflict
from cloud.items import Attribute, encode
from cloud.permitted import permitted
from continuity.errors import TemporaryError
from continuity.permissions import READ_LEASE, WRITE_HOLD

__all__ = [
    "KEY",
    "RAISED",
    "Hold",
    "Record",
    "holds",
    "lift",
    "place",
    "record_of",
    "recorded",
    "update",
]

T = TypeVar("T")

KEY = "hold"
RAISED = "raised:"
TRIAL = "trial:"
"""Attributes of the same item: recovery points that are being tried (`backup.verify_trials`)."""

_ON, _PAST = "hold:", "released:"


@dataclass(frozen=True)
class Record:
    """What one site's table says: holds that are on, those that were released, what they raised.

    `trials` are the ARNs of the recovery points that are being tried.
    """

    holds: tuple[Hold, ...] = ()
    releases: tuple[Release, ...] = ()
    raised: tuple[Raised, ...] = ()
    trials: tuple[str, ...] = ()


@permitted(WRITE_HOLD, READ_LEASE)
def place(door: Door, lease_table: str, hold: Hold) -> Effect:
    """Put a hold on and read it back. One that is on already stays as it was.

    Raises:
        TemporaryError: it was written but cannot be read back; nothing may be changed yet.
    """
    body = {
        "reason": hold.reason,
        "since": hold.since.isoformat(),
        "automatic": hold.automatic,
    }
    effect = update(
        door,
        lease_table,
        _names(hold.identifier),
        UpdateExpression="SET #hold = :body",
        ConditionExpression="attribute_not_exists(#hold)",
        ExpressionAttributeValues={":body": encode(json.dumps(body, sort_keys=True))},
    )
    if hold.identifier not in {found.identifier for found in holds(door, lease_table)}:
        raise TemporaryError(
            f"The hold {hold.identifier} was placed in {lease_table} but cannot be read back. "
            "Nothing may be changed before it can."
        )
    return effect


@permitted(WRITE_HOLD, READ_LEASE)
def lift(
    door: Door, lease_table: str, identifier: str, *, by: str = "", reason: str = ""
) -> Effect:
    """Take one hold off, and remember that it was there; the others stay."""
    on = [hold for hold in holds(door, lease_table) if hold.identifier == identifier]
    if not on:
        return Effect.ALREADY
    body = {
        "since": on[0].since.isoformat(),
        "at": door.clock.now().isoformat(),
        "by": by,
        "reason": reason,
        "placed": on[0].reason,
    }
    return update(
        door,
        lease_table,
        _names(identifier),
        UpdateExpression="REMOVE #hold SET #past = :body",
        ConditionExpression="attribute_exists(#hold)",
        ExpressionAttributeValues={":body": encode(json.dumps(body, sort_keys=True))},
    )


@permitted(READ_LEASE)
def holds(door: Door, lease_table: str) -> tuple[Hold, ...]:
    """Return the holds that are on now, oldest first."""
    return recorded(door, lease_table).holds


@permitted(READ_LEASE)
def recorded(door: Door, lease_table: str) -> Record:
    """Return the holds that are on and those that were released, each oldest first.

    Raises:
        HoldfastError: the table does not answer. Take it for held.
        ValueError, KeyError, TypeError: what lies there is no hold. Take it for held.
    """
    reply = door.read("dynamodb", "GetItem", TableName=lease_table, Key=_key(), ConsistentRead=True)
    return record_of(reply.get("Item") or {})


def record_of(item: Mapping[str, Any]) -> Record:
    """Return what an item of a controller table says.

    Raises:
        ValueError, KeyError, TypeError: what lies there is no hold. Take it for held.
    """
    return Record(
        holds=tuple(sorted(_each(item, _ON, _hold), key=lambda one: (one.since, one.identifier))),
        releases=tuple(
            sorted(_each(item, _PAST, _release), key=lambda one: (one.at, one.identifier))
        ),
        raised=tuple(sorted(_each(item, RAISED, _raised), key=lambda one: one.name)),
        trials=tuple(sorted(_each(item, TRIAL, _tried))),
    )


@permitted(WRITE_HOLD)
def update(door: Door, table: str, names: Mapping[str, str], **expressions: object) -> Effect:
    """Change attributes of the item, by their names; the condition makes a repeat harmless."""
    asked = str(expressions["UpdateExpression"])
    try:
        door.change(
            "dynamodb",
            "UpdateItem",
            TableName=table,
            Key=_key(),
            ExpressionAttributeNames={key: name for key, name in names.items() if key in asked},
            **expressions,
        )
    except Conflict:
        return Effect.ALREADY
    return Effect.MADE


def _names(identifier: str) -> dict[str, str]:
    return {"#hold": f"{_ON}{identifier}", "#past": f"{_PAST}{identifier}"}


def _key() -> dict[str, Attribute]:
    return {"name": encode(KEY)}


def _each(item: Mapping[str, Any], prefix: str, make: Callable[[str, Any], T]) -> list[T]:
    return [
        make(name.removeprefix(prefix), json.loads(attribute["S"]))
        for name, attribute in item.items()
        if name.startswith(prefix)
    ]


def _hold(identifier: str, stored: Any) -> Hold:  # noqa: ANN401 - whatever JSON lies there
    since = datetime.fromisoformat(stored["since"])
    return Hold(identifier, stored["reason"], since, automatic=stored.get("automatic") is True)


def _release(identifier: str, stored: Any) -> Release:  # noqa: ANN401 - as above
    since, at = (datetime.fromisoformat(stored[name]) for name in ("since", "at"))
    placed = stored.get("placed", "")
    return Release(identifier, since, at, stored["by"], stored["reason"], placed)


def _tried(_: str, stored: Any) -> str:  # noqa: ANN401 - as above
    return str(stored["arn"])


def _raised(name: str, stored: Any) -> Raised:  # noqa: ANN401 - as above
    return Raised(name, stored["was"], stored["hold"])
