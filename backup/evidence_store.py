"""Where evidence lies: an item per series in the controller table of the site that tried it.

`backup.verify` adds to it; `cli`, readiness and failover read all series in one call per hundred.
Each trial's evidence is an attribute of its own, so that writing it twice writes it once and nobody
disturbs anybody.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from backup.evidence import Evidence, Proofs, dumped, loaded
from backup.points import Series
from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Conflict
from cloud.items import Attribute, encode
from cloud.paging import batches
from cloud.permitted import permitted
from continuity.permissions import READ_PROOFS, WRITE_HOLD

KEPT = 40
"""Pieces of evidence kept per series: twenty weeks of two a week, about 45 KB. A point may hold a
monthly place for 124 days; one that was taken under a hold holds it by what its trial showed."""

BATCH = 100
"""Keys that one BatchGetItem takes (API reference)."""

_TRIED = "tried:"


@permitted(READ_PROOFS)
def read(door: Door, table: str, series: Iterable[Series]) -> Proofs:
    """Return the evidence of these series, as of now; what lies there and is none is passed over.

    Raises:
        HoldfastError: the table does not answer.
    """
    wanted = {_key(one): one for one in series}
    found: dict[Series, tuple[Evidence, ...]] = {}
    for names in batches(sorted(wanted), BATCH):
        for item in _items(door, table, names):
            found[wanted[item["name"]["S"]]] = evidence_of(item)
    return found


@permitted(READ_PROOFS, WRITE_HOLD)
def add(door: Door, table: str, evidence: Evidence) -> Effect:
    """Keep evidence, and let go of the oldest of its series where there is more than enough.

    Raises:
        HoldfastError: the table does not answer.
    """
    there = read(door, table, [evidence.series]).get(evidence.series, ())
    oldest = there[: max(0, len(there) + 1 - KEPT)]
    names = {f"#old{index}": f"{_TRIED}{one.key}" for index, one in enumerate(oldest)}
    expression = "SET #new = :body" + (f" REMOVE {', '.join(names)}" if names else "")
    try:
        door.change(
            "dynamodb",
            "UpdateItem",
            TableName=table,
            Key={"name": encode(_key(evidence.series))},
            UpdateExpression=expression,
            ConditionExpression="attribute_not_exists(#new)",
            ExpressionAttributeNames={"#new": f"{_TRIED}{evidence.key}", **names},
            ExpressionAttributeValues={":body": encode(json.dumps(dumped(evidence)))},
        )
    except Conflict:
        return Effect.ALREADY
    return Effect.MADE


def _key(series: Series) -> str:
    return f"proof:{series.kind}:{series.resource}"


def _items(door: Door, table: str, names: Sequence[str]) -> Iterable[Mapping[str, Attribute]]:
    keys = [{"name": encode(name)} for name in names]
    while keys:
        asked = {table: {"Keys": keys, "ConsistentRead": True}}
        reply = door.read("dynamodb", "BatchGetItem", RequestItems=asked)
        yield from reply["Responses"].get(table, ())
        keys = reply.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])


def evidence_of(item: Mapping[str, Attribute]) -> tuple[Evidence, ...]:
    """Return the evidence in an item of a controller table, the oldest first."""
    bodies = [attribute["S"] for name, attribute in item.items() if name.startswith(_TRIED)]
    found = (one for body in bodies if (one := _one(body)) is not None)
    return tuple(evidence for _, _, evidence in sorted(found, key=itemgetter(0, 1)))


@lru_cache(maxsize=8192)
def _one(body: str) -> tuple[float, str, Evidence] | None:
    """Return evidence behind its age and key; what another version wrote may prove nothing here."""
    try:
        stored: dict[str, Any] = json.loads(body)
        found = loaded(stored)
        return found.ended.timestamp(), found.key, found
    except (ValueError, KeyError, TypeError):
        return None
