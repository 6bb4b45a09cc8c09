"""What functions inside the network answered, until it was read: one item of the controller table.

`backup.prober` and `backup.file_reader` may write to this item and to no other (`stacks.prober`);
`backup.verify_databases` and `backup.files_shared_trials` read it, and drop what they have read.
"""

import json
from collections.abc import Mapping
from typing import Any

from cloud.door import Door
from cloud.items import encode
from cloud.permitted import permitted
from continuity.permissions import READ_LEASE, WRITE_HOLD

KEY = "answers"


@permitted(WRITE_HOLD)
def give(door: Door, table: str, scratch: str, body: Mapping[str, object]) -> None:
    """Answer for one trial, in the place of an earlier answer."""
    _update(
        door,
        table,
        scratch,
        UpdateExpression="SET #scratch = :body",
        ExpressionAttributeValues={":body": encode(json.dumps(body, sort_keys=True))},
    )


@permitted(READ_LEASE)
def read(door: Door, table: str, scratch: str) -> Mapping[str, Any] | None:
    """Return the answer for one trial, None while there is none."""
    key = {"name": encode(KEY)}
    reply = door.read("dynamodb", "GetItem", TableName=table, Key=key, ConsistentRead=True)
    attribute = (reply.get("Item") or {}).get(scratch)
    if attribute is None:
        return None
    found: Mapping[str, Any] = json.loads(attribute["S"])
    return found


@permitted(WRITE_HOLD)
def drop(door: Door, table: str, scratch: str) -> None:
    """Forget the answer for one trial."""
    _update(door, table, scratch, UpdateExpression="REMOVE #scratch")


def _update(door: Door, table: str, scratch: str, **expressions: object) -> None:
    door.change(
        "dynamodb",
        "UpdateItem",
        TableName=table,
        Key={"name": encode(KEY)},
        ExpressionAttributeNames={"#scratch": scratch},
        **expressions,
    )
