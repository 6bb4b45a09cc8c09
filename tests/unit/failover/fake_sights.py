"""What `conftest.FakeZone` can see, and its home site while that region answers.

`conftest.py` loads it by its path: tests are no package.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cloud.failures import Call, Unreachable
from continuity.addresses import AddressFile
from continuity.manifest import Database
from continuity.outside import Written
from continuity.restorable import RecoveryPoints
from continuity.zone import SiteName
from failover.observation import Alarms, Deployment, Event, Instance, LagPoint, Service
from failover.ports import Marks
from failover.positions import Position

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
TASKS_S = 60.0


@dataclass
class FakePlatform:
    """The home site's service: what runs, what was deployed, what ECS says."""

    task_definition: str = "td"
    before: str = ""
    running: int = 4
    desired: int = 4
    bad: frozenset[str] = frozenset()
    releases: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    room: int = 100
    at: float = -10_000.0

    def seen(self, now: float) -> Service:
        ready = now >= self.at + TASKS_S
        good = self.task_definition not in self.bad
        running = self.running if not ready or self.at < 0 else min(self.room, self.desired * good)
        rollout = "COMPLETED" if good else "FAILED"
        deployments = [Deployment(self.task_definition, True, rollout, running, 0 if good else 3)]
        if self.before:
            deployments.append(Deployment(self.before, False, "COMPLETED", 0, 0))
        return Service(running, self.desired, 2, tuple(deployments), self.events)

    def deploy(self, task_definition: str, now: float) -> None:
        if self.task_definition != task_definition:
            self.before, self.task_definition = self.task_definition, task_definition
            self.running, self.at = self.seen(now).running, now

    def ask(self, tasks: int, now: float) -> None:
        self.running, self.desired, self.at = self.seen(now).running, tasks, now


@dataclass
class FakeSights:
    """What `failover.ports` asks of both sites, and what it changes in the serving one."""

    platform: FakePlatform = field(default_factory=FakePlatform)
    primary_status: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    gone_off: dict[SiteName, tuple[str, ...]] = field(default_factory=dict)

    positions: dict[tuple[SiteName, str], Position] = field(default_factory=dict)
    behind: dict[str, int] = field(default_factory=dict)
    sessions: int = 0
    rearmed: set[str] = field(default_factory=set)
    marked: dict[str, str] = field(default_factory=dict)

    told_text: str = ""
    file: AddressFile = field(default_factory=AddressFile)
    deployed_at: float = 0.0
    renewed_at: float | None = None

    def serving_region_answers(self) -> bool:
        return not self.lost

    def instances(self, identifiers: Sequence[str]) -> Mapping[str, Instance]:
        there = [name for name in identifiers if name in self.replicas]
        found = {name: self.replicas[name].seen(self.clock.seconds) for name in there}
        return {
            name: replace(one, resource=f"db-{name}", address=f"{name}.rds")
            for name, one in found.items()
        }

    def lags(self, identifiers: Sequence[str], since: datetime) -> Mapping:
        last = self.clock.seconds if self.lost_at is None else self.lost_at
        at = START + timedelta(minutes=last // 60)
        minutes = range(int((at - since).total_seconds() // 60) + 1) if at >= since else ()
        moments = [at - timedelta(minutes=back) for back in minutes]
        known = {name: self.lag_s.get(name, 2.0) for name in identifiers if moments}
        return {n: tuple(LagPoint(at, s) for at in moments) for n, s in known.items() if s != -1}

    def recovery_points(self) -> RecoveryPoints:
        return RecoveryPoints(tuple(self.points), {"key": self.key_state})

    def hosting(self) -> Service:
        minimum, desired, since = self.hosting_now
        ready = self.clock.seconds >= since + TASKS_S
        running = int(desired if ready else 1)
        made = START + timedelta(seconds=self.deployed_at)
        deployments = [Deployment("td", not self.renewing(), "COMPLETED", running, 0, made)]
        if self.renewing():
            made = START + timedelta(seconds=self.renewed_at)
            deployments.insert(0, Deployment("td", True, "IN_PROGRESS", 0, 0, made))
        return Service(running, int(desired), int(minimum), tuple(deployments))

    def renewing(self) -> bool:
        """Say whether old tasks still run; once they are gone, the new ones know the file."""
        if self.renewed_at is None:
            return False
        if self.clock.seconds < self.renewed_at + TASKS_S:
            return True
        self.deployed_at, self.renewed_at = self.renewed_at, None
        self.told_text = self.file.text
        return False

    def reached(self, database: str) -> str:
        """Return the identifier where the standby's oldest tasks look for a database."""
        assert not self.renewing() or self.told_text != self.file.text
        return str(AddressFile(self.told_text).host(database)).removesuffix(".rds")

    def addresses(self) -> AddressFile:
        return self.file

    def tell_addresses(self, text: str, replaced: str) -> None:
        if replaced != self.file.tag:
            return
        self.effect(f"tell {text}")
        at = START + timedelta(seconds=int(self.clock.seconds))
        self.file = AddressFile(text, f"after {replaced}", at)

    def renew_tasks(self, since: datetime) -> None:
        made = self.deployed_at if self.renewed_at is None else self.renewed_at
        if START + timedelta(seconds=made) >= since:
            return
        self.effect(f"renew for {self.file.tag}")
        self.renewed_at = self.clock.seconds

    def latches(self) -> frozenset[str]:
        return frozenset(self.latch_at)

    def serving_instances(self, identifiers: Sequence[str]) -> Mapping[str, Instance]:
        assert not self.lost
        fit = Instance("available", None, 7, "03:00-04:00", True, "we1-home", True)
        status = {name: self.primary_status.get(name, "available") for name in identifiers}
        return {name: replace(fit, status=one) for name, one in status.items() if one}

    def serving_hosting(self) -> Service:
        return self.platform.seen(self.clock.seconds)

    def alarms(self) -> Mapping[SiteName, Alarms]:
        return {
            site: Alarms(error="no answer")
            if site is SiteName.HOME and self.lost
            else Alarms(self.gone_off.get(site, ()))
            for site in SiteName
        }

    def releases(self) -> tuple[str, ...]:
        return self.platform.releases

    def redeploy(self, task_definition: str) -> None:
        if self.platform.task_definition != task_definition:
            self.effect(f"redeploy {task_definition}")
        self.platform.deploy(task_definition, self.clock.seconds)

    def restart_serving(self, minimum: int, maximum: int, tasks: int) -> None:
        assert (minimum, maximum, tasks) == (2, 8, 4)
        self.effect("restart")
        self.platform.ask(tasks, self.clock.seconds)

    def quiet_serving(self) -> None:
        self._answer("quiet_serving")
        self.platform.ask(0, self.clock.seconds)

    def wake_serving(self, minimum: int, maximum: int, tasks: int) -> None:
        self._answer("wake_serving")
        assert (minimum, maximum, tasks) == (2, 8, 4)
        assert not self.fenced
        if self.platform.desired != tasks:
            self.effect("wake")
            self.platform.ask(tasks, self.clock.seconds)

    def _answer(self, operation: str) -> None:
        if self.lost:
            raise Unreachable(Call("fake", "eu-west-1", operation), "no answer.")

    def position(self, run: str, site: SiteName, database: Database) -> Position | None:
        assert run == self.run().name
        if site is SiteName.HOME:
            self._answer("position")
        if (site, database.name) in self.positions:
            return self.positions[site, database.name]
        running = self.platform.seen(self.clock.seconds).running
        behind = 0 if site is SiteName.HOME else self.behind.get(database.name, 0)
        sessions = self.sessions + running if site is SiteName.HOME else 0
        self.positions[site, database.name] = Position(5000 - behind, sessions)
        return None

    def forget_position(self, run: str, site: SiteName, database: Database) -> None:
        assert run == self.run().name
        self.positions.pop((site, database.name), None)

    def lift_latch(self, key: str) -> None:
        assert key == "closed/home"
        assert not any(one.promoted_at is not None for one in self.replicas.values())
        if key in self.latch_at:
            self.effect(f"lift {key}")
        self.latch_at.pop(key, None)

    def rearm(self, *, at_witness: bool) -> bool:
        holder = "witness" if at_witness else "home"
        fresh = holder not in self.rearmed
        self.rearmed.add(holder)
        return fresh

    def mark_left(self, by: str, kept: frozenset[str]) -> Marks:
        old = {one.members[SiteName.HOME].identifier for one in self.manifest.databases}
        assert not old & kept
        if self.lost:
            return Marks(unseen=("eu-west-1",))
        fresh = tuple(sorted(old - set(self.marked)))
        self.marked.update(dict.fromkeys(fresh, by))
        return Marks(fresh)

    def write_home(self, database: str) -> Written:
        refusal = self.refusals.get(database, "") if self.up else "no answer"
        return Written(ok=not refusal, newest_before=None, reason=refusal)

    @property
    def up(self) -> bool:
        """Say whether the home site's platform answers."""
        tasks = self.platform.seen(self.clock.seconds).running
        return not self.lost and not self.platform_down and tasks > 0


def with_boundaries(boundary: Callable) -> type:
    """Return the site with each call a boundary, as those of the standby are."""
    names = (
        "serving_region_answers",
        "instances",
        "lags",
        "recovery_points",
        "hosting",
        "latches",
        "serving_instances",
        "serving_hosting",
        "releases",
        "alarms",
        "addresses",
        "tell_addresses",
        "renew_tasks",
        "redeploy",
        "restart_serving",
        "quiet_serving",
        "wake_serving",
        "position",
        "forget_position",
        "lift_latch",
        "rearm",
    )
    methods = {name: boundary(getattr(FakeSights, name)) for name in names}
    return type("BoundedSights", (FakeSights,), methods)
