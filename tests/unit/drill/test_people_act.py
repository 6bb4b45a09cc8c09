from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from cloud.leases import Lease
from continuity.errors import TemporaryError
from continuity.journal import Entry, EntryKind
from continuity.manifest import Manifest
from drill.acts import AGAIN_S, Person
from drill.approver import NAME
from drill.facts import Facts
from drill.people import Deed, PersonRow
from failover.options import Options

BEGAN_S = 300.0
RUN = "we1-0001"


@dataclass
class Clock:
    start: datetime
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Memory:
    """A zone's memory: broken at first, then empty, then with an open run."""

    clock: Clock
    open_s: float
    broken_s: float = 0.0
    entries: list[Entry] = field(default_factory=list)

    def read_lease(self) -> Lease | None:
        if self.clock.seconds < self.broken_s:
            raise TemporaryError("the table is silent")
        return Lease("engine", 3, RUN, 120) if self.clock.seconds >= self.open_s else None

    def read_journal(self, run: str) -> tuple[Entry, ...]:
        assert run == RUN
        first = Entry(1, self.clock.start, EntryKind.SUSPECTED, "It is silent.", None, {})
        return (first, *self.entries)

    def append(self, run: str, held: Lease, entries: Sequence[Entry]) -> None:
        assert (run, held.version) == (RUN, 3)
        self.entries.extend(entries)


@dataclass
class Around:
    manifest: Manifest
    clock: Clock
    memory: Memory


@dataclass
class Stage:
    around: Around

    def person(self, end: float = 4000.0) -> Person:
        began_at = self.around.clock.start + timedelta(seconds=BEGAN_S)
        around: object = self.around
        return Person(around, Options(), lambda _: None, BEGAN_S, began_at, end)  # type: ignore[arg-type]

    def said(self) -> list[Entry]:
        return self.around.memory.entries


@pytest.fixture
def stage(facts: Facts) -> Stage:
    clock = Clock(facts.began)
    return Stage(Around(facts.manifest, clock, Memory(clock, open_s=0.0)))


def row(does: Deed, minutes: float = 5, **more: object) -> PersonRow:
    return PersonRow(does, timedelta(minutes=minutes), "because", **more)  # type: ignore[arg-type]


def test_a_loss_is_accepted_at_its_time_in_a_persons_name(stage: Stage) -> None:
    stage.person().live(row(Deed.ACCEPT_DATA_LOSS, database="orders"))
    [entry] = stage.said()
    assert entry.kind is EntryKind.CONSENTED
    assert entry.data == {"by": NAME, "database": "orders", "reason": "because"}
    assert stage.around.clock.seconds == BEGAN_S + 300


def test_a_loss_waits_for_a_run_to_accept_it_for(stage: Stage) -> None:
    stage.around.memory.broken_s, stage.around.memory.open_s = 700.0, 900.0
    stage.person().live(row(Deed.ACCEPT_DATA_LOSS, database="orders"))
    assert len(stage.said()) == 1
    assert 900.0 <= stage.around.clock.seconds <= 900.0 + AGAIN_S


def test_nothing_is_said_after_the_end_of_the_drill(stage: Stage) -> None:
    stage.around.memory.open_s = 5000.0
    stage.person().live(row(Deed.ACCEPT_DATA_LOSS, database="orders"))
    assert stage.said() == []
    assert stage.around.clock.seconds <= 4000.0 + AGAIN_S


def test_the_last_good_moment_counts_from_the_drills_start(stage: Stage) -> None:
    word = row(Deed.DECLARE_CORRUPTED, database="orders", moment=timedelta(minutes=4))
    stage.person().live(word)
    [entry] = stage.said()
    good = stage.around.clock.start + timedelta(seconds=BEGAN_S, minutes=4)
    assert entry.kind is EntryKind.DECLARED
    assert (entry.data["database"], entry.data["moment"]) == ("orders", good.isoformat())


def test_an_order_goes_into_the_run_that_another_drives(stage: Stage) -> None:
    stage.person().live(row(Deed.ORDER_MOVE))
    [entry] = stage.said()
    assert entry.sentence == f"{NAME} orders that the zone is moved: because"
    assert entry.data == {"what": "move", "by": NAME, "reason": "because"}
