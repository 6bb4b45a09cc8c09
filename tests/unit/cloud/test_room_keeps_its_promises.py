"""Small laws of the room: batches, items, workers, budget, permissions."""

import importlib
import inspect
import pkgutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import backup
import cloud
from cloud.budget import CallBudget
from cloud.items import decode, decode_all, encode, encode_all
from cloud.leases import Lease, LeaseWatch
from cloud.paging import batches
from cloud.permitted import actions_of, permissions_of
from cloud.system_clock import SystemClock
from cloud.workers import ThreadWorkers
from continuity.grants import FAILOVER
from continuity.journal import Fact
from simulator.clock import VirtualClock

FACTS = st.none() | st.booleans() | st.text() | st.integers(-(10**30), 10**30)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.integers(), max_size=300), st.integers(1, 120))
def test_batches_are_everything_in_order_and_none_is_too_big(items: list[int], size: int) -> None:
    found = list(batches(items, size))
    assert [item for batch in found for item in batch] == items
    assert all(1 <= len(batch) <= size for batch in found)
    assert len(found) == -(-len(items) // size)


@given(st.dictionaries(st.text(min_size=1), FACTS | NUMBERS))
def test_facts_come_back_from_items_as_they_went(facts: dict[str, Fact]) -> None:
    assert decode_all(encode_all(facts)) == facts


@given(FACTS)
def test_a_fact_keeps_its_type(fact: Fact) -> None:
    assert type(decode(encode(fact))) is type(fact)


def test_true_is_no_number() -> None:
    assert encode(True) == {"BOOL": True}
    assert encode(1) == {"N": "1"}


@given(st.lists(st.integers(), max_size=40), st.integers(1, 8))
def test_threads_give_results_in_the_order_of_the_tasks(numbers: list[int], width: int) -> None:
    tasks = [lambda number=number: number * 2 for number in numbers]
    assert ThreadWorkers(width).run(tasks) == [number * 2 for number in numbers]


def test_every_task_is_finished_when_the_first_error_is_raised() -> None:
    finished: Counter[str] = Counter()

    def task(name: str) -> str:
        finished[name] += 1
        if name in {"b", "c"}:
            raise LookupError(name)
        return name

    with pytest.raises(LookupError, match="b"):
        ThreadWorkers(2).run([lambda name=name: task(name) for name in "abcd"])
    assert finished == Counter("abcd")


def test_tasks_really_run_side_by_side() -> None:
    meeting = threading.Barrier(3, timeout=30)
    assert sorted(ThreadWorkers(3).run([meeting.wait] * 3)) == [0, 1, 2]


def test_the_budget_counts_by_operation_in_order_of_name() -> None:
    budget = CallBudget()
    for service, operation in (("s3", "PutObject"), ("rds", "Reboot"), ("s3", "PutObject")):
        budget.spend(service, operation)
    budget.throttle()
    assert list(budget.counts().items()) == [("rds.Reboot", 1), ("s3.PutObject", 2)]
    assert (budget.total, budget.throttled) == (3, 1)


def test_a_ceiling_of_nothing_lets_nothing_out() -> None:
    with pytest.raises(Exception, match="ceiling of 0"):
        CallBudget(0).spend("rds", "Reboot")


def test_the_system_clock_is_aware_and_never_runs_backwards() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(-1)
    assert clock.now().utcoffset().total_seconds() == 0
    assert clock.monotonic() >= before


def test_a_lease_that_was_never_taken_is_free(clock: VirtualClock) -> None:
    assert LeaseWatch(clock).free(None)


def test_a_watch_counts_from_its_own_first_look_and_trusts_no_clock_of_others(
    clock: VirtualClock,
) -> None:
    lease = Lease("anna", 4, "we1-7", 30)
    watch = LeaseWatch(clock)
    clock.sleep(1000)
    assert watch.unchanged_s(lease) == 0
    clock.sleep(10)
    assert watch.unchanged_s(lease) == 10
    assert watch.unchanged_s(Lease("anna", 5, "we1-7", 30)) == 0


def test_actions_are_named_as_iam_names_them() -> None:
    assert actions_of("rds", "DescribeDBInstances") == ("rds:DescribeDBInstances",)
    assert actions_of("s3", "ListObjectsV2") == ("s3:ListBucket",)
    assert actions_of("dynamodb", "TransactWriteItems") == (
        "dynamodb:ConditionCheckItem",
        "dynamodb:PutItem",
    )


def asking_functions() -> Iterator[Callable[..., object]]:
    """Public functions of the two rooms that are handed a way to AWS."""
    for room in (cloud, backup):
        for found in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            module = importlib.import_module(found.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                first = next(iter(inspect.signature(function).parameters), "")
                own = function.__module__ == module.__name__ and not name.startswith("_")
                if own and first in {"door", "cloud"} and name != "pages":
                    yield function


def test_every_function_that_asks_aws_says_what_it_may() -> None:
    silent = [one.__qualname__ for one in asking_functions() if not permissions_of(one)]
    assert silent == []


ONLY_RECOVERY_POINTS = {
    "cloud.alerts",
    "cloud.buckets",
    "cloud.file_systems",
    "cloud.legal_holds",
    "cloud.lifecycles",
    "cloud.log_groups",
    "cloud.measures",
    "cloud.mounts",
    "cloud.object_copies",
    "cloud.objects",
    "cloud.readers",
    "cloud.restore_jobs",
    "cloud.restored",
    "cloud.retiring",
    "cloud.snapshots",
    "cloud.vaults",
}
"""What no run of a failover asks; of `backup` it takes the hold and what trials have proven."""

MARKS = {"mark", "unmark"}
"""What is written on instances after a run: that they were left, until they serve again."""

FOR_FAILOVER = {"backup.evidence_store", "backup.hold"}


def of_failover(function: Callable[..., object]) -> bool:
    """Say whether a run of a failover may call it."""
    room = function.__module__
    marks = room == "cloud.restored" and function.__name__ in MARKS
    return (
        marks
        or room in FOR_FAILOVER
        or (room.startswith("cloud.") and room not in ONLY_RECOVERY_POINTS)
    )


def test_the_failover_role_has_what_the_functions_need_and_little_more() -> None:
    used = [one for one in asking_functions() if of_failover(one)]
    needed = {permission for one in used for permission in permissions_of(one)}
    assert needed == set(FAILOVER)
