"""The journal on simulated DynamoDB: in order, whole, and only with the lease in hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cloud import journals, leases
from cloud.door import Cloud, Door
from cloud.failures import Busy, Conflict
from cloud.journals import Journal
from cloud.leases import Lease, LeaseLost
from continuity.journal import Entry, EntryKind

JOURNAL = Journal("lease", "journal", "we1-7")
AT = datetime(2026, 3, 3, 9, 0, 1, 250_000, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("tables")


def entry(sequence: int, **changes: Any) -> Entry:  # noqa: ANN401 - fields of an Entry
    made = Entry(
        sequence=sequence,
        at=AT,
        kind=EntryKind.INTENT,
        sentence=f"Promote orders, line {sequence}.",
        step="promote:orders",
        data={"lag_s": 1.5, "tries": 2, "forced": False, "why": None, "source": "replica"},
    )
    return replace(made, **changes)


@pytest.fixture
def held(door: Door) -> Lease:
    return leases.take(door, "lease", Lease("anna", 1, "we1-7", 30))


def test_entries_come_back_as_they_were_written_in_order(door: Door, held: Lease) -> None:
    written = [entry(1), entry(2, step=None, data={}), entry(3, kind=EntryKind.DONE)]
    journals.append(door, JOURNAL, held, written[:2])
    journals.append(door, JOURNAL, held, written[2:])
    assert journals.read(door, "journal", "we1-7") == tuple(written)


def test_runs_do_not_see_each_other(door: Door, held: Lease) -> None:
    journals.append(door, JOURNAL, held, [entry(1)])
    assert journals.read(door, "journal", "we1-8") == ()


def test_many_entries_travel_in_transactions_of_at_most_a_hundred_items(
    cloud: Cloud, door: Door, held: Lease
) -> None:
    written = [entry(number) for number in range(1, 251)]
    journals.append(door, JOURNAL, held, written)
    assert cloud.budget.counts()["dynamodb.TransactWriteItems"] == 3
    assert journals.read(door, "journal", "we1-7") == tuple(written)


def test_a_long_journal_is_read_page_by_page(cloud: Cloud, door: Door, held: Lease) -> None:
    long = "x" * 30_000
    written = [entry(number, sentence=long) for number in range(1, 61)]
    for one in written:
        journals.append(door, JOURNAL, held, [one])
    assert journals.read(door, "journal", "we1-7") == tuple(written)
    assert cloud.budget.counts()["dynamodb.Query"] > 1


def test_a_driver_that_lost_its_lease_writes_nothing(door: Door, held: Lease) -> None:
    leases.take(door, "lease", replace(held, owner="bruno", version=2))
    with pytest.raises(LeaseLost, match="belongs to bruno at version 2"):
        journals.append(door, JOURNAL, held, [entry(1)])
    assert journals.read(door, "journal", "we1-7") == ()


def test_an_old_version_of_our_own_lease_writes_nothing_either(door: Door, held: Lease) -> None:
    leases.renew(door, "lease", held)
    with pytest.raises(LeaseLost):
        journals.append(door, JOURNAL, held, [entry(1)])


def test_without_any_lease_nothing_is_written(door: Door) -> None:
    with pytest.raises(LeaseLost, match="belongs to nobody"):
        journals.append(door, JOURNAL, Lease("anna", 1, "we1-7", 30), [entry(1)])


def test_a_lost_reply_repeated_writes_each_entry_once(
    cloud: Cloud, door: Door, held: Lease, fail: Callable[..., None]
) -> None:
    fail("TransactWriteItems", "lost reply")
    journals.append(door, JOURNAL, held, [entry(1), entry(2)])
    assert journals.read(door, "journal", "we1-7") == (entry(1), entry(2))
    assert cloud.budget.counts()["dynamodb.TransactWriteItems"] == 2


def test_a_number_that_another_entry_has_is_a_conflict_and_nothing_of_ours_is_kept(
    door: Door, held: Lease
) -> None:
    journals.append(door, JOURNAL, held, [entry(1)])
    with pytest.raises(Conflict):
        journals.append(door, JOURNAL, held, [entry(1, sentence="Another."), entry(2)])
    assert journals.read(door, "journal", "we1-7") == (entry(1),)


def test_half_of_a_batch_already_there_is_a_conflict(door: Door, held: Lease) -> None:
    journals.append(door, JOURNAL, held, [entry(1)])
    with pytest.raises(Conflict):
        journals.append(door, JOURNAL, held, [entry(1), entry(2)])


def test_a_throttled_or_crossed_transaction_is_repeated(
    door: Door, held: Lease, fail: Callable[..., None]
) -> None:
    fail("TransactWriteItems", "ThrottlingException", "TransactionInProgressException")
    journals.append(door, JOURNAL, held, [entry(1)])
    assert len(journals.read(door, "journal", "we1-7")) == 1


def test_other_work_that_never_ends_is_busy(
    door: Door, held: Lease, fail: Callable[..., None]
) -> None:
    fail("TransactWriteItems", *["TransactionInProgressException"] * 100)
    with pytest.raises(Busy):
        journals.append(door, JOURNAL, held, [entry(1)])
