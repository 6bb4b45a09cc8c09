from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from cloud.leases import Lease
from continuity.errors import TemporaryError
from continuity.journal import Entry, EntryKind
from continuity.manifest import Manifest
from drill.approver import NAME, Approver
from drill.facts import Facts
from failover.progress import Progress, State

RUN = "we1-0001"


@dataclass
class Clock:
    moment: datetime
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.moment + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Memory:
    entries: list[Entry] = field(default_factory=list)
    broken: bool = False
    reads: int = 0

    def read_lease(self) -> Lease | None:
        self.reads += 1
        if self.broken:
            raise TemporaryError("the table is silent")
        return Lease("engine", 3, RUN, 120)

    def read_journal(self, run: str) -> tuple[Entry, ...]:
        assert run == RUN
        return tuple(self.entries)

    def append(self, run: str, held: Lease, entries: Sequence[Entry]) -> None:
        assert (run, held.version) == (RUN, 3)
        self.entries.extend(entries)


@dataclass
class Around:
    memory: Memory
    clock: Clock
    manifest: Manifest


@pytest.fixture
def around(facts: Facts) -> Around:
    return Around(Memory(), Clock(facts.began), facts.manifest)


def planned(around: Around, plan: str) -> None:
    number = len(around.memory.entries) + 1
    entry = Entry(number, around.clock.now(), EntryKind.PLANNED, "A plan.", None, {"hash": plan})
    around.memory.entries.append(entry)


def attend(approver: Approver, state: State = State.RUNNING) -> None:
    approver.attend(Progress("going on", 10.0, state))


def approvals(around: Around) -> list[tuple[object, object]]:
    kind = EntryKind.APPROVED
    return [(one.data["by"], one.data["hash"]) for one in around.memory.entries if one.kind is kind]


def test_a_plan_is_approved_once_and_only_after_the_delay(around: Around) -> None:
    approver = Approver(around, delay_s=60.0)  # type: ignore[arg-type]
    planned(around, "abc")
    for _ in range(12):
        attend(approver)
        if around.clock.seconds < 60.0:
            assert approvals(around) == []
        around.clock.sleep(10.0)
    assert approvals(around) == [(NAME, "abc")]


def test_while_nothing_is_planned_nothing_is_approved(around: Around) -> None:
    approver = Approver(around, delay_s=0.0)  # type: ignore[arg-type]
    attend(approver)
    assert approvals(around) == []


@pytest.mark.parametrize("state", [State.WATCHING, State.SUSPICIOUS, State.TROUBLED])
def test_without_a_run_the_operator_does_not_even_look(around: Around, state: State) -> None:
    planned(around, "abc")
    attend(Approver(around, delay_s=0.0), state)  # type: ignore[arg-type]
    assert around.memory.reads == 0


def test_a_new_plan_is_read_and_thought_over_anew(around: Around) -> None:
    approver = Approver(around, delay_s=60.0)  # type: ignore[arg-type]
    planned(around, "abc")
    attend(approver)
    planned(around, "def")
    around.clock.sleep(61.0)
    attend(approver)
    assert approvals(around) == []
    around.clock.sleep(61.0)
    attend(approver)
    assert approvals(around) == [(NAME, "def")]


def test_what_cannot_be_read_now_is_read_at_the_next_look(around: Around) -> None:
    approver = Approver(around, delay_s=0.0)  # type: ignore[arg-type]
    planned(around, "abc")
    around.memory.broken = True
    attend(approver)
    around.memory.broken = False
    attend(approver)
    assert approvals(around) == [(NAME, "abc")]


def test_an_approval_that_expired_is_given_again(around: Around) -> None:
    planned(around, "abc")
    approver = Approver(around, delay_s=0.0)  # type: ignore[arg-type]
    attend(approver)
    around.clock.sleep(3599)
    attend(approver, State.WAITING)
    assert approvals(around) == [(NAME, "abc")]
    around.clock.sleep(2)
    attend(approver, State.WAITING)
    assert approvals(around) == [(NAME, "abc"), (NAME, "abc")]
