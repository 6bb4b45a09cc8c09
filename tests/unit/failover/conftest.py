"""A zone in memory for the failover's unit tests: two sites, a clock, and faults at any call.

Every method of `FakeZone` that stands for a call to AWS or a request from outside is one numbered
boundary, where a script can throttle, deny, lose the reply or kill the driver. Invariants are
checked at the instant of each effect.
"""

import importlib.util
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from cloud.failures import Call, Conflict
from cloud.leases import Lease, LeaseLost
from continuity import addresses
from continuity.addresses import AddressFile
from continuity.errors import HoldfastError
from continuity.journal import Entry, EntryKind
from continuity.manifest import Database, Manifest
from continuity.outside import Served, Written
from continuity.restorable import Restorable
from continuity.zone import SiteName
from failover import approvals, decisions
from failover.barrier import Barrier
from failover.engine import Engine
from failover.observation import Observation
from failover.options import Options
from failover.ports import Attempt, Origin
from failover.progress import Progress
from failover.run import Run
from failover.surroundings import Surroundings

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
TASKS_S, CHECKS_S = 60.0, 30.0


def _beside(name: str) -> ModuleType:
    """Load a file of this directory: tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


scenery = _beside("failover_scenery")
FakeClock, FakeInstance = scenery.FakeClock, scenery.FakeInstance
make_manifest = scenery.make_manifest
boundaries = _beside("failover_boundaries")
Killed, require = boundaries.Killed, boundaries.require
boundary, failure_of = boundaries.boundary, boundaries.failure_of


@dataclass
class FakeZone(_beside("fake_sights").with_boundaries(boundary)):
    """The world of one zone; every public method below `arrive` is a boundary."""

    manifest: Manifest = field(default_factory=make_manifest)
    clock: FakeClock = field(default_factory=FakeClock)
    script: dict[int, str] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    lost_at: float | None = None
    returns_at: float = float("inf")
    standby_lost: bool = False
    platform_down: bool = False
    lag_s: dict[str, float | None] = field(default_factory=dict)
    lease: Lease | None = None
    journals: dict[str, list[Entry]] = field(default_factory=dict)
    held: bool = False
    fenced: bool = False
    witness_lost: bool = False
    revoked: set[str] = field(default_factory=set)
    latch_at: dict[str, float] = field(default_factory=dict)
    hosting_now: list[float] = field(default_factory=lambda: [1, 1, 0.0])
    calls: list[str] = field(default_factory=list)
    effects: Counter = field(default_factory=Counter)
    written: list[tuple[str, datetime]] = field(default_factory=list)
    points: list[Restorable] = field(default_factory=list)
    key_state: str = "Enabled"
    restored: list[tuple[str, Origin]] = field(default_factory=list)
    aside: dict[str, FakeInstance] = field(default_factory=dict)
    meanwhile: Callable[[], object] = lambda: None  # what happens while a call is "pause"d

    def __post_init__(self) -> None:
        away = SiteName.AWAY
        self.by_name = {d.members[away].identifier: d for d in self.manifest.databases}
        self.replicas = {identifier: FakeInstance() for identifier in self.by_name}
        hosts = {d.name: d.members[away].address for d in self.manifest.databases}
        self.file = AddressFile(addresses.text(hosts), "as deployed", START)
        self.told_text = self.file.text
        self.around = Surroundings(self.manifest, self, self, self, self, self.clock)

    backups = staticmethod(scenery.backups)
    snapshot = staticmethod(scenery.snapshot)

    def engine(self, owner: str = "one", **options: object) -> Engine:
        return Engine(self.around, owner, Options(**options))

    def lose_region(self) -> "FakeZone":
        self.lost_at = self.clock.seconds
        return self

    @property
    def lost(self) -> bool:
        return self.lost_at is not None and self.lost_at <= self.clock.seconds < self.returns_at

    @property
    def journal(self) -> list[Entry]:
        return self.journals[max(self.journals)] if self.journals else []

    def run(self) -> Run:
        return Run(max(self.journals, default=""), tuple(self.journal))

    def kinds(self, kind: EntryKind) -> list[Entry]:
        return [entry for entry in self.journal if entry.kind is kind]

    def effect(self, name: str) -> None:
        self.effects[name] += 1
        require(self.effects[name] == 1, f"invariant 4: {name} happened twice")
        require(self.held or name == "hold", f"invariant 6: {name} before recovery points are held")
        require(not self.run().paused, f"{name} in a pause")
        aborted = [e for e in self.journal if e.kind is EntryKind.ABORTED]
        require(not aborted, f"invariant 10: {name} after an abort")

    def end_state(self) -> object:
        return (
            {name: one.promoted_at is not None for name, one in sorted(self.replicas.items())},
            sorted(self.aside),
            sorted((name, origin.name, origin.moment) for name, origin in self.restored),
            {name: one.protected for name, one in sorted(self.replicas.items())},
            sorted(self.latch_at),
            self.hosting_now[:2],
            self.held,
            sorted(self.revoked),
            (self.file.text, self.told_text),
            self.run().outcome,
        )

    def arrive(self, name: str) -> str | None:
        self.calls.append(name)
        self.clock.sleep(0.1)
        if name in self.denied:
            return "denied"
        return self.script.get(len(self.calls))

    @boundary
    def read_lease(self) -> Lease | None:
        self._standby("read_lease")
        return self.lease

    @boundary
    def take_lease(self, wanted: Lease) -> Lease:
        seen = self.lease.version if self.lease is not None else 0
        if wanted.version != seen + 1 and wanted != self.lease:
            raise LeaseLost("lease", self.lease)
        self.lease = wanted
        return wanted

    @boundary
    def read_journal(self, run: str) -> tuple[Entry, ...]:
        return tuple(self.journals.get(run, ()))

    @boundary
    def append(self, run: str, held: Lease, entries: Sequence[Entry]) -> None:
        if held != self.lease:
            raise LeaseLost("lease", self.lease)
        journal = self.journals.setdefault(run, [])
        if entries[0].sequence != len(journal) + 1:
            raise Conflict(Call("dynamodb", "eu-central-1", "TransactWriteItems"), "taken.")
        journal += entries

    def each(self, tasks: Mapping[str, Callable], within_s: float) -> Mapping[str, Attempt]:
        del within_s
        return {name: self._attempt(task) for name, task in tasks.items()}

    def _attempt(self, task: Callable) -> Attempt:
        try:
            return Attempt(task(self))
        except HoldfastError as error:
            return Attempt(error=error)

    @boundary
    def hold_recovery_points(self, run: str, reason: str) -> None:
        require(run in reason, "the right question")
        if not self.held:
            self.effect("hold")
        self.held = True

    @boundary
    def put_latch(self, key: str) -> None:
        if key in self.latch_at:
            return
        self.effect(key)
        if key.startswith("open"):
            ready = [
                found.seen(self.clock.seconds).source is None and not found.read_only
                for one in self.manifest.databases
                if one.name not in self.run().opened_without
                for found in [self.replicas[self.reached(one.name)]]
            ]
            require(all(ready), "invariant 3: opened before every database is writable")
        self.latch_at[key] = self.clock.seconds

    @boundary
    def fence(self) -> bool:
        if not self.lost:
            self.fenced = True
        return not self.lost

    @boundary
    def fence_state(self) -> Barrier:
        if self.lost:
            raise failure_of("timeout", "fence_state")
        return Barrier(not self.fenced, 0 if self.fenced else 4)

    @boundary
    def witness_warrants(self) -> bool:
        if self.witness_lost:
            raise failure_of("timeout", "witness_warrants")
        return "witness" not in self.revoked

    @boundary
    def revoke_warrant(self, run: str, *, at_witness: bool) -> bool:
        require(run == self.run().name, "the right question")
        holder = "witness" if at_witness else "away"
        if at_witness and self.witness_lost:
            return False
        if holder not in self.revoked:
            self.effect(f"revoke at {holder}")
        self.revoked.add(holder)
        return True

    @boundary
    def promote(self, identifier: str, retention_days: int, backup_window: str) -> None:
        require((retention_days, backup_window) == (7, "03:00-04:00"), "the right question")
        replica = self.replicas[identifier]
        if replica.promoted_at is not None:
            return
        self.effect(f"promote {identifier}")
        require(
            self.served_by.__wrapped__(self, "we1.example.com") is not Served.HOME, "invariant 1"
        )
        given = approvals.standing(self.run(), self.manifest, self.clock.now(), Options())
        require(given, "invariant 10: not approved")
        name = self.by_name[identifier].name
        lag = self.lag_s.get(identifier, 2.0)
        known = lag is not None and 0 <= lag <= 300
        require(known or name in self.run().consents, "invariant 2: no consent")
        replica.promoted_at = self.clock.seconds

    @boundary
    def rename(self, identifier: str, wanted: str) -> None:
        if wanted in self.aside or identifier not in self.replicas:
            return
        self.effect(f"rename {identifier} to {wanted}")
        require(self.run().approvers, "invariant 10: not approved")
        damaged = self.run().of(EntryKind.DECLARED)
        require(damaged or not self.replicas[identifier].restored_by, "what was restored stays")
        self.aside[wanted] = self.replicas.pop(identifier)

    @boundary
    def restore(self, database: Database, identifier: str, origin: Origin) -> None:
        if identifier in self.replicas:
            return
        self.effect(f"restore {identifier} for {origin.restored_by}")
        self.replicas[identifier] = FakeInstance(
            source=None, restored_at=self.clock.seconds, restored_by=origin.restored_by
        )
        self.restored.append((database.name, origin))

    @boundary
    def protect(self, database: Database, identifier: str) -> None:
        replica = self.replicas[identifier]
        if not replica.protected:
            self.effect(f"protect {database.name}")
        replica.protected = True

    @boundary
    def reboot(self, identifier: str) -> None:
        self.effect(f"reboot {identifier}")
        self.replicas[identifier].group_synced = True

    @boundary
    def widen_scaling(self, minimum: int, maximum: int) -> None:
        require(maximum >= minimum, "the right question")
        self.hosting_now[0] = minimum

    @boundary
    def run_tasks(self, tasks: int) -> None:
        self.effect("scale") if self.hosting_now[1] != tasks else None
        self.hosting_now[1:] = [tasks, self.clock.seconds]

    @boundary
    def served_by(self, name: str) -> Served:
        require(name == self.manifest.traffic.name, "the right question")
        since = {key: self.clock.seconds - at for key, at in self.latch_at.items()}
        if since.get("closed/home", 0) < CHECKS_S:
            return Served.HOME if self.up else Served.NOBODY
        return Served.AWAY if since.get("open/away", 0) >= CHECKS_S else Served.HOLDING_PAGE

    @boundary
    def answers(self, address: str, name: str) -> bool:
        require((address, name) == ("home.lb", "we1.example.com"), "the right question")
        return self.up

    @boundary
    def write(self, address: str, *rest: str) -> Written:
        require(address in ("home.lb", "away.lb", "we1.example.com"), "the right question")
        if "closed/home" not in self.latch_at:
            return self.write_home(rest[-1])
        database = next(d for d in self.manifest.databases if d.name == rest[-1])
        replica = self.replicas[self.reached(database.name)]
        found = replica.seen(self.clock.seconds)
        busy = found.status in ("creating", replica.terminal)
        if found.source is not None or busy or replica.read_only:
            return Written(ok=False, newest_before=None, reason="read-only")
        newest = START + timedelta(seconds=(self.lost_at or 0) - 3)
        newest = dict(self._moments()).get(database.name, newest)
        before = max([newest, *(at for name, at in self.written if name == database.name)])
        self.written.append((database.name, self.clock.now()))
        return Written(ok=True, newest_before=before)

    def _moments(self) -> list[tuple[str, datetime]]:
        """Return up to when each restored database has its rows."""
        known = {one.name: one.newest for one in self.points}
        return [(name, origin.moment or known[origin.name]) for name, origin in self.restored]

    def _standby(self, name: str) -> None:
        if self.standby_lost:
            raise failure_of("timeout", name)

    def approve(self) -> None:
        """Approve the plan, as a person who is not in the way of scripted faults."""
        self._person(lambda: decisions.approve(self.around, "ana", str(self.run().plan_hash)))

    def consent(self, database: str) -> None:
        self._person(lambda: decisions.consent(self.around, "ana", database, "it is old data"))

    def abort(self) -> None:
        self._person(lambda: decisions.abort(self.around, "ana", "false alarm"))

    def _person(self, decide: Callable[[], object]) -> None:
        script, calls, denied = self.script, self.calls, self.denied
        self.script, self.calls, self.denied = {}, [], set()
        decide()
        self.script, self.calls, self.denied = script, calls, denied

    def step(self, engine: Engine, *, approve: bool = True) -> Progress:
        """Tick once, approve what is planned, and wait as a driver does."""
        require(len(self.calls) < 100_000, "this goes on for ever")
        progress = engine.tick()
        run = self.run()
        given = approvals.standing(run, self.manifest, self.clock.now(), Options())
        if approve and run.plan_hash and not given and run.end is None:
            self.approve()
        self.clock.sleep(progress.wait)
        return progress

    def recover(self, engine: Engine, limit_s: float = 7200, *, approve: bool = True) -> Progress:
        """Tick until the run is over."""
        while self.clock.seconds < limit_s:
            progress = self.step(engine, approve=approve)
            if progress.state.over:
                return progress
        raise AssertionError(f"not over after {limit_s} s: {progress}")


@pytest.fixture
def make_zone() -> Callable[..., FakeZone]:
    return FakeZone


@pytest.fixture
def zone() -> FakeZone:
    return FakeZone()


@pytest.fixture
def lost_zone(zone: FakeZone) -> FakeZone:
    return zone.lose_region()


@pytest.fixture
def killed() -> type[BaseException]:
    return Killed


@pytest.fixture
def manifest_of() -> Callable[..., Manifest]:
    return make_manifest


@pytest.fixture
def picture() -> Callable[..., Observation]:
    """Return a maker of observations at 09:00, everything unasked unless given."""

    def make(**readings: object) -> Observation:
        blank = Observation(now=START, manifest=make_manifest(), run=Run("we1-0001"))
        return replace(blank, **readings)

    return make


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Return a maker of entries so many seconds after 09:00."""

    def make(
        sequence: int, kind: EntryKind, seconds: float = 0, step: str | None = None, **data: object
    ) -> Entry:
        at = START + timedelta(seconds=seconds)
        return Entry(sequence, at, kind, f"{kind} {step or ''}".strip(), step, data)

    return make
