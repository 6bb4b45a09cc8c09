"""Items of DynamoDB put together from attributes that were written before.

`simulator.repeated_answers` asks `Items` where an answer has changed, or a question is new: a trial
adds one piece of evidence to months of them, and the next question would write and read them all.
What stands around the items is taken from an earlier answer of the same kind, once that was found
to be nothing but its items. Only texts and numbers are put together; anything else moto writes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from botocore.awsrequest import AWSResponse
from moto.core.botocore_stubber import MockRawResponse
from moto.dynamodb.models import dynamodb_backends

from simulator import inside
from simulator.call_log import Call

_ONE, _MANY = "dynamodb.GetItem", "dynamodb.BatchGetItem"
_ASKED: Mapping[str, frozenset[str]] = {
    _ONE: frozenset({"TableName", "Key", "ConsistentRead"}),
    _MANY: frozenset({"RequestItems"}),
}
"""The questions, and what they say where whole items are asked for."""

_TABLE = frozenset({"Keys", "ConsistentRead"})
_PLAIN = frozenset({"S", "N"})

_NOWHERE = "\0"
"""Stands in no answer."""

_Kind = tuple[str, str, str, int]
"""Operation, region, table, and how many keys: the capacity that was used is told with them."""


@dataclass(frozen=True)
class _Around:
    """An answer but for its items: what was said, what stands before and after, what was read."""

    said: AWSResponse
    begin: str
    end: str
    reply: Mapping[str, Any]


class Items:
    """What stands around the items of each kind of answer."""

    def __init__(self) -> None:
        self._around: dict[_Kind, _Around] = {}

    def learn(self, call: Call, look: object, said: AWSResponse, reply: Mapping[str, Any]) -> None:
        """Keep what stands around the items of an answer; `look` is of those, and they are read."""
        del look
        kind = _kind(call)
        found = _plain(call) if kind is not None and kind not in self._around else []
        begin, rows, end = said.raw.getvalue().decode().partition(_written(found) or _NOWHERE)
        if kind is not None and rows:
            self._around[kind] = _Around(said, begin, end, reply)

    def fits(self, call: Call, look: object) -> bool:
        """Say whether the answer can be put together."""
        del look
        return _kind(call) in self._around and bool(_plain(call))

    def made(self, call: Call, look: object) -> tuple[AWSResponse, dict[str, Any]] | None:
        """Return the answer, and what botocore makes of it."""
        del look
        kind = _kind(call)
        around = self._around.get(kind) if kind is not None else None
        found = _plain(call) if around is not None else []
        if kind is None or around is None or not found:
            return None
        body = f"{around.begin}{_written(found)}{around.end}".encode()
        headers: Any = around.said.headers  # the stubs want another kind than AWSResponse has
        said = AWSResponse(around.said.url, 200, headers, MockRawResponse(body))
        read = [_read(one) for one in found]
        told = {"Item": read[0]} if kind[0] == _ONE else {"Responses": {kind[2]: read}}
        return said, {**around.reply, **told}


def _kind(call: Call) -> _Kind | None:
    """Return what kind of question this is; None for one that asks for more than whole items."""
    if call.name not in _ASKED or set(call.parameters) - _ASKED[call.name]:
        return None
    if call.name == _ONE:
        return call.name, call.region, str(call.parameters["TableName"]), 1
    tables: Any = call.parameters["RequestItems"]
    if len(tables) != 1:
        return None
    [(table, asked)] = tables.items()
    return None if set(asked) - _TABLE else (call.name, call.region, table, len(asked["Keys"]))


def _items(call: Call) -> list[Any]:
    """Return the items that are there of those asked for, in order, as moto has them."""
    backend = dynamodb_backends[inside.ACCOUNT][call.region]
    asked: Any = call.parameters
    if call.name == _ONE:
        found = [backend.get_item(asked["TableName"], asked["Key"])]
    else:
        [(table, wanted)] = asked["RequestItems"].items()
        found = [backend.get_item(table, key) for key in wanted["Keys"]]
    return [one for one in found if one is not None]


def _plain(call: Call) -> list[Any]:
    """Return the items; none where one of them has more than texts and numbers."""
    found = _items(call)
    plain = all(one.type in _PLAIN for item in found for one in item.attrs.values())
    return found if plain else []


def _written(items: list[Any]) -> str:
    """Return items as they stand in an answer."""
    return ", ".join(f"{{{', '.join(_attributes(one))}}}" for one in items)


def _attributes(item: Any) -> Iterator[str]:  # noqa: ANN401 - a moto Item
    for name, one in item.attrs.items():
        yield _attribute(name, one.type, one.value)


@lru_cache(maxsize=4_096)
def _attribute(name: str, kind: str, value: str) -> str:
    return f"{json.dumps(name)}: {json.dumps({kind: value})}"


def _read(item: Any) -> dict[str, dict[str, str]]:  # noqa: ANN401 - as above
    return {name: {one.type: one.value} for name, one in item.attrs.items()}
