"""DynamoDB transactions: moto forgets their tokens, and copies whole tables to undo them.

Source: TransactWriteItems, `ClientRequestToken`: a token makes the call idempotent for 10 minutes;
another request under it is an IdempotentParameterMismatchException. The copies are no error of
behaviour, but a journal of thousands of entries becomes quadratic with them.
"""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from moto.dynamodb.exceptions import DynamodbException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from simulator.correction import Correction
from simulator.world import current

_TOKEN_HOLDS = timedelta(minutes=10)
_MISMATCH = "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException"

_respond = DynamoHandler.transact_write_items
_transact = DynamoDBBackend.transact_write_items

_transactions: list[None] = []
"""Not empty while a transaction keeps what it may have to undo."""


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            DynamoHandler, "transact_write_items", respond_to_transaction,
            "a repeated token does nothing a second time",
        ),
        Correction(
            DynamoDBBackend, "transact_write_items", transact_write_items,
            "undoing a transaction costs what it touched, not the table",
        ),
        Correction(Table, "__deepcopy__", copy_table, "as above"),
    ]  # fmt: skip


def respond_to_transaction(self: DynamoHandler) -> object:
    """Write a transaction once for each token."""
    token = self.body.get("ClientRequestToken")
    if token is None:
        return _respond(self)
    asked = json.dumps(self.body["TransactItems"], sort_keys=True)
    backend, now = self.dynamodb_backend, current().clock.now()
    if not hasattr(backend, "tokens"):
        backend.tokens = {}
    known = backend.tokens.get(token)
    if known is not None and now - known[1] < _TOKEN_HOLDS:
        if known[0] != asked:
            raise DynamodbException(
                _MISMATCH,
                "The request uses the same client token as a previous, but non-identical request.",
            )
        return known[2]
    answer = _respond(self)
    backend.tokens[token] = (asked, now, answer)
    return answer


def transact_write_items(self: DynamoDBBackend, transact_items: Sequence[dict[str, Any]]) -> None:
    """Write all items or none."""
    kept = list(_touched(self, transact_items))
    try:
        with _keeping_little():
            _transact(self, transact_items)
    except Exception:
        for table, hash_value, range_value, item in kept:
            _put_back(self.tables[table], hash_value, range_value, item)
        raise


@contextmanager
def _keeping_little() -> Iterator[None]:
    _transactions.append(None)
    try:
        yield
    finally:
        _transactions.pop()


def copy_table(self: Table, memo: dict[int, Any]) -> Table:
    """Copy a table: inside a transaction its items are shared, because puts replace them."""
    twin: Table = object.__new__(type(self))
    memo[id(self)] = twin
    if not _transactions:
        twin.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return twin
    twin.__dict__.update(self.__dict__)
    twin.items = copy.copy(self.items)
    if self.has_range_key:
        for hash_value, items in self.items.items():
            twin.items[hash_value] = dict(items)
    return twin


Kept = tuple[str, Any, Any, Any]


def _touched(
    backend: DynamoDBBackend, transact_items: Sequence[Mapping[str, Any]]
) -> Iterator[Kept]:
    """Copy the items that updates would change in place."""
    for row in transact_items:
        asked = row.get("Update")
        if asked is None or asked["TableName"] not in backend.tables:
            continue
        item = backend.get_item(asked["TableName"], asked["Key"])
        if item is not None:
            yield asked["TableName"], item.hash_key, item.range_key, copy.deepcopy(item)


def _put_back(table: Table, hash_value: Any, range_value: Any, item: Any) -> None:  # noqa: ANN401 - moto's values
    if range_value is None:
        table.items[hash_value] = item
    else:
        table.items[hash_value][range_value] = item
