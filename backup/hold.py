"""Holds: while one is on, no recovery point of the zone is deleted.

A failover places its hold before it changes anything and reads it back; pruning asks `is_held`.
Several holds add up, each an attribute of one item beside the standby's lease, so placing and
lifting are single atomic calls that nobody else's hold can disturb.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Conflict
from cloud.items import Attribute, encode
from cloud.permitted import permitted
from continuity.errors import HoldfastError, TemporaryError
from continuity.permissions import READ_LEASE, WRITE_HOLD

KEY = "hold"
_PREFIX = "hold:"


@dataclass(frozen=True)
class Hold:
    """One reason not to delete anything. The identifier is the run's, so a repeat finds it."""

    identifier: str
    reason: str
    since: datetime


@permitted(WRITE_HOLD, READ_LEASE)
def place(door: Door, lease_table: str, hold: Hold) -> Effect:
    """Put a hold on and read it back. One that is on already stays as it was.

    Raises:
        TemporaryError: it was written but cannot be read back; nothing may be changed yet.
    """
    body = json.dumps({"reason": hold.reason, "since": hold.since.isoformat()}, sort_keys=True)
    effect = _update(
        door,
        lease_table,
        hold.identifier,
        UpdateExpression="SET #hold = :body",
        ConditionExpression="attribute_not_exists(#hold)",
        ExpressionAttributeValues={":body": encode(body)},
    )
    if hold.identifier not in {found.identifier for found in holds(door, lease_table)}:
        raise TemporaryError(
            f"The hold {hold.identifier} was placed in {lease_table} but cannot be read back. "
            "Nothing may be changed before it can."
        )
    return effect


@permitted(WRITE_HOLD)
def lift(door: Door, lease_table: str, identifier: str) -> Effect:
    """Take one hold off; the others stay."""
    return _update(
        door,
        lease_table,
        identifier,
        UpdateExpression="REMOVE #hold",
        ConditionExpression="attribute_exists(#hold)",
    )


@permitted(READ_LEASE)
def holds(door: Door, lease_table: str) -> tuple[Hold, ...]:
    """Return the holds that are on now, oldest first."""
    reply = door.read("dynamodb", "GetItem", TableName=lease_table, Key=_key(), ConsistentRead=True)
    item = reply.get("Item") or {}
    found = [
        _hold(name.removeprefix(_PREFIX), attribute["S"])
        for name, attribute in item.items()
        if name.startswith(_PREFIX)
    ]
    return tuple(sorted(found, key=lambda hold: (hold.since, hold.identifier)))


@permitted(READ_LEASE)
def is_held(door: Door, lease_table: str) -> bool:
    """Say whether any hold is on. What cannot be read counts as held: deleting cannot be undone."""
    try:
        return bool(holds(door, lease_table))
    except (HoldfastError, ValueError, KeyError, TypeError):
        return True


def _update(door: Door, table: str, identifier: str, **expressions: object) -> Effect:
    """Change one hold's attribute; the opposite condition makes a repeat harmless."""
    try:
        door.change(
            "dynamodb",
            "UpdateItem",
            TableName=table,
            Key=_key(),
            ExpressionAttributeNames={"#hold": f"{_PREFIX}{identifier}"},
            **expressions,
        )
    except Conflict:
        return Effect.ALREADY
    return Effect.MADE


def _key() -> dict[str, Attribute]:
    return {"name": encode(KEY)}


def _hold(identifier: str, body: str) -> Hold:
    stored = json.loads(body)
    return Hold(identifier, stored["reason"], datetime.fromisoformat(stored["since"]))
