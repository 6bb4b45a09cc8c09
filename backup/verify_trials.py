"""The trials that are under way, written down before anything is restored.

They lie in the item of the holds: whoever reads the holds before a deletion reads them in the same
call (`backup.standing`), and whoever goes on with a dead verification finds where it stopped. Every
change names what it changes from, so that of two that go on with a trial one writes.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from backup import hold
from backup.points import Kind, Series
from backup.verify_subject import Role, Stage, Trial
from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Conflict
from cloud.items import encode
from cloud.permitted import permitted
from continuity.permissions import READ_LEASE, WRITE_HOLD

_MOMENTS = ("taken_at", "began", "sought", "ready", "asked")


@permitted(READ_LEASE)
def read(door: Door, table: str) -> tuple[Trial, ...]:
    """Return the trials of a site, the oldest first.

    Raises:
        HoldfastError: the table does not answer.
        ValueError, KeyError, TypeError: what lies there is no trial.
    """
    key = {"name": encode(hold.KEY)}
    reply = door.read("dynamodb", "GetItem", TableName=table, Key=key, ConsistentRead=True)
    found = [
        _loaded(json.loads(attribute["S"]))
        for name, attribute in (reply.get("Item") or {}).items()
        if name.startswith(hold.TRIAL)
    ]
    return tuple(sorted(found, key=lambda one: (one.began, one.scratch)))


@permitted(WRITE_HOLD)
def write(door: Door, table: str, before: Trial | None, after: Trial | None) -> Effect:
    """Put a trial into the place of what it was; None before a first one, and after the last.

    `ALREADY` means that somebody else wrote first: read again.
    """
    known = after or before
    if known is None:
        return Effect.ALREADY
    values = {":before": before, ":after": after}
    bodies = {name: encode(_dumped(one)) for name, one in values.items() if one is not None}
    absent = "attribute_not_exists(#trial)"
    arguments = {
        "UpdateExpression": "REMOVE #trial" if after is None else "SET #trial = :after",
        "ConditionExpression": absent if before is None else "#trial = :before",
        "ExpressionAttributeNames": {"#trial": f"{hold.TRIAL}{known.scratch}"},
        "ExpressionAttributeValues": bodies,
    }
    key = {"name": encode(hold.KEY)}
    try:
        door.change("dynamodb", "UpdateItem", TableName=table, Key=key, **arguments)
    except Conflict:
        return Effect.ALREADY
    return Effect.MADE


def _dumped(trial: Trial) -> str:
    body = asdict(trial)
    for name in _MOMENTS:
        body[name] = None if body[name] is None else body[name].isoformat()
    if trial.sought is None:
        del body["sought"]  # as an older version has it: a change names what it changes from
    return json.dumps(body, sort_keys=True)


def _loaded(stored: dict[str, Any]) -> Trial:
    series = stored["series"]
    told = {name: stored.get(name) for name in _MOMENTS}  # an older version wrote fewer
    moments = {name: moment and datetime.fromisoformat(moment) for name, moment in told.items()}
    return Trial(
        **{
            **stored,
            **moments,
            "series": Series(series["zone"], series["resource"], Kind(series["kind"])),
            "role": Role(stored["role"]),
            "stage": Stage(stored["stage"]),
        }
    )
