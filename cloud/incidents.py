"""The log of a zone's incidents in one site's DynamoDB: append at the next number, read in order.

`incident.book` calls it. Nothing is ever changed or deleted: whoever writes names the number that
comes next, and whoever comes second reads again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.failures import Conflict
from cloud.items import decode_all, encode, encode_all, token_of
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.incidents import IncidentEntry, Kind, Source
from continuity.permissions import READ_INCIDENTS, WRITE_INCIDENTS

MOST = 100
"""Items that one transaction takes (DynamoDB quotas); nothing that is said at once is longer."""


@permitted(READ_INCIDENTS)
def read(door: Door, table: str, zone: str) -> tuple[IncidentEntry, ...]:
    """Return all entries of a zone's log in order, as of now."""
    found = pages(
        door,
        "dynamodb",
        "Query",
        ("LastEvaluatedKey", "ExclusiveStartKey"),
        TableName=table,
        KeyConditionExpression="#zone = :zone",
        ExpressionAttributeNames={"#zone": "zone"},
        ExpressionAttributeValues={":zone": encode(zone)},
        ConsistentRead=True,
    )
    return tuple(_entry(item) for page in found for item in page["Items"])


@permitted(WRITE_INCIDENTS)
def append(door: Door, table: str, zone: str, entries: Sequence[IncidentEntry]) -> None:
    """Write entries down, all or none; written already, by ourselves, is well.

    Raises:
        Conflict: one of the numbers is taken by another entry; read the log again.
    """
    writes = [_put(table, zone, entry) for entry in entries]
    try:
        door.change(
            "dynamodb",
            "TransactWriteItems",
            TransactItems=writes,
            ClientRequestToken=token_of(writes),
        )
    except Conflict as conflict:
        rows = conflict.response.get("CancellationReasons") or []
        stored = [_entry(row["Item"]) for row in rows if row.get("Item")]
        if stored != list(entries):
            raise
        # It is our own: the first reply was lost and the repeat met its effect.


def _put(table: str, zone: str, entry: IncidentEntry) -> dict[str, object]:
    return {
        "Put": {
            "TableName": table,
            "Item": _item(zone, entry),
            "ConditionExpression": "attribute_not_exists(#zone)",
            "ExpressionAttributeNames": {"#zone": "zone"},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _item(zone: str, entry: IncidentEntry) -> dict[str, Any]:
    facts = encode_all(
        {
            "zone": zone,
            "number": entry.number,
            "incident": entry.incident,
            "at": entry.at.isoformat(),
            "source": str(entry.source),
            "actor": entry.actor,
            "kind": str(entry.kind),
            "text": entry.text,
        }
    )
    return {**facts, "data": {"M": encode_all(entry.data)}}


def _entry(item: Mapping[str, Any]) -> IncidentEntry:
    return IncidentEntry(
        number=int(item["number"]["N"]),
        incident=item["incident"]["S"],
        at=datetime.fromisoformat(item["at"]["S"]),
        source=Source(item["source"]["S"]),
        actor=item["actor"]["S"],
        kind=Kind(item["kind"]["S"]),
        text=item["text"]["S"],
        data=decode_all(item["data"]["M"]),
    )
