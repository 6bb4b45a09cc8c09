"""The journal of a run in DynamoDB: append with the lease in hand, read back in order.

Entries and the check of the lease travel in one transaction, so a driver that lost its lease
cannot write a line, however late its call arrives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.failures import Conflict
from cloud.items import decode, decode_all, encode, encode_all, token_of
from cloud.leases import KEY, Lease, LeaseLost, stored_lease
from cloud.paging import batches, pages
from cloud.permitted import permitted
from continuity.journal import Entry, EntryKind
from continuity.permissions import CHECK_LEASE, READ_JOURNAL, WRITE_JOURNAL

ENTRIES = 99
"""A transaction takes 100 items (DynamoDB quotas); one is the check of the lease."""


@dataclass(frozen=True)
class Journal:
    """Where one run is written down, and where the lease lies that allows it."""

    lease_table: str
    journal_table: str
    run: str


@permitted(READ_JOURNAL)
def read(door: Door, table: str, run: str, after: int = 0) -> tuple[Entry, ...]:
    """Return the entries of a run after a number in order, as of now: all of them by default."""
    found = pages(
        door,
        "dynamodb",
        "Query",
        ("LastEvaluatedKey", "ExclusiveStartKey"),
        TableName=table,
        KeyConditionExpression="#run = :run AND #sequence > :after",
        ExpressionAttributeNames={"#run": "run", "#sequence": "sequence"},
        ExpressionAttributeValues={":run": encode(run), ":after": encode(after)},
        ConsistentRead=True,
    )
    return tuple(_entry(item) for page in found for item in page["Items"])


@permitted(CHECK_LEASE, WRITE_JOURNAL)
def append(door: Door, journal: Journal, held: Lease, entries: Sequence[Entry]) -> None:
    """Write entries down, all or none of each 99, as long as the lease is exactly ours.

    Raises:
        LeaseLost: it is not.
        Conflict: one of the numbers is taken by another entry; read the journal again.
    """
    for batch in batches(entries, ENTRIES):
        writes = [_check(journal, held), *(_put(journal, entry) for entry in batch)]
        try:
            door.change(
                "dynamodb",
                "TransactWriteItems",
                TransactItems=writes,
                ClientRequestToken=token_of(writes),
            )
        except Conflict as conflict:
            _judge(conflict, journal, batch)


def _check(journal: Journal, held: Lease) -> dict[str, object]:
    return {
        "ConditionCheck": {
            "TableName": journal.lease_table,
            "Key": {"name": encode(KEY)},
            "ConditionExpression": "#owner = :owner AND #version = :version",
            "ExpressionAttributeNames": {"#owner": "owner", "#version": "version"},
            "ExpressionAttributeValues": {
                ":owner": encode(held.owner),
                ":version": encode(held.version),
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _put(journal: Journal, entry: Entry) -> dict[str, object]:
    return {
        "Put": {
            "TableName": journal.journal_table,
            "Item": _item(journal.run, entry),
            "ConditionExpression": "attribute_not_exists(#run)",
            "ExpressionAttributeNames": {"#run": "run"},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _judge(conflict: Conflict, journal: Journal, batch: Sequence[Entry]) -> None:
    """Tell a lost lease and a taken number from the echo of our own lost reply."""
    lease, *rows = conflict.response.get("CancellationReasons") or [{}]
    if lease.get("Code") == "ConditionalCheckFailed":
        raise LeaseLost(journal.lease_table, stored_lease(lease.get("Item"))) from conflict
    stored = [_entry(row["Item"]) for row in rows if row.get("Item")]
    if stored != list(batch):
        raise conflict


def _item(run: str, entry: Entry) -> dict[str, Any]:
    facts = encode_all(
        {
            "run": run,
            "sequence": entry.sequence,
            "at": entry.at.isoformat(),
            "kind": str(entry.kind),
            "step": entry.step,
            "sentence": entry.sentence,
        }
    )
    return {**facts, "data": {"M": encode_all(entry.data)}}


def _entry(item: Mapping[str, Any]) -> Entry:
    step = decode(item["step"])
    return Entry(
        sequence=int(item["sequence"]["N"]),
        at=datetime.fromisoformat(item["at"]["S"]),
        kind=EntryKind(item["kind"]["S"]),
        sentence=item["sentence"]["S"],
        step=None if step is None else str(step),
        data=decode_all(item["data"]["M"]),
    )
