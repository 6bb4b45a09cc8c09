"""A year of nights in one zone: its own schedules fire, its own function does the rest.

`drill.year_stretches` calls `play`. Nothing is called that AWS would not call: Scheduler, AWS
Backup and Lambda live on the virtual clock, and once a day, at noon, somebody looks behind AWS's
back at what came of it (`simulator.shelves`, `simulator.alarm_history`).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from continuity.manifest import Manifest
from drill import year_people
from drill.functions import Functions
from drill.progress import Moment, Watch
from drill.year_story import YearStory, demand_known
from simulator import corruption, health_checks, missing_keys, shared_files
from simulator.alarm_history import Alarms, Told
from simulator.deployment import deploy
from simulator.invocations import CODE
from simulator.past import Past, Snapshots
from simulator.plans_on_time import Plans
from simulator.platform import Platform
from simulator.repeated_answers import repeated
from simulator.rights.judge import enforce
from simulator.schedule_times import EVERY_MINUTE
from simulator.schedules import Fired, Schedules
from simulator.settled import settle
from simulator.shelves import Record, Shelf, Shelves
from simulator.world import World

PAST_DAYS = 160
"""Longer than any zone's retention of 5, 4 and 3 reaches back: its shelves are full."""

WRITES_EVERY_S = 6 * 3600.0
"""Every database gets a row so often: each point has rows of its day, and a year stays short."""

_MANY = 50_000
"""New objects after which garbage is looked for; Python's own 700 cost a fifth of a deployment."""


@dataclass(frozen=True)
class Played:
    """What a stretch of days left behind, for `drill.year_verdict`.

    `first` are the local days of the points that it began with. `extra`, `lost` and `held` are of
    `simulator.shelves`: the looks at which a shelf was not as ruled, `odd` what ends so.
    """

    manifest: Manifest
    began: datetime
    ended: datetime
    fired: tuple[Fired, ...]
    told: tuple[Told, ...]
    first: dict[Shelf, set[date]]
    records: dict[Shelf, Record]
    extra: dict[Shelf, list[datetime]]
    lost: dict[Shelf, list[datetime]]
    held: dict[Shelf, list[datetime]]
    odd: dict[Shelf, tuple[int, int]]
    calls: dict[str, int]


def play(story: YearStory, watch: Watch, *, project: Path) -> Played:
    """Let the days pass; the same story gives the same year.

    Raises:
        InvalidInput: the zone is unknown, its program is wrong, or a fault names what it lacks.
    """
    world = World(story.seed, start=_noon(story, "UTC"))
    with _collecting_late(), world, repeated(world):
        watch(Moment(story.zone, "deploy", world.clock.now(), "the program runs, nights have been"))
        manifest, _ = deploy(world, story.zone, project)
        demand_known(story, _subjects(manifest))
        settle(world, manifest, Past(PAST_DAYS, Snapshots.NIGHTLY))
        health_checks.rest()
        if story.enforced:
            enforce(world)
        _collect_what_comes()
        return _Year(world, manifest, story, watch).play()


def _subjects(manifest: Manifest) -> list[str]:
    """Return what a fault of a year may name as its database."""
    shared = any(site.safekeeping.file_system for site in manifest.sites.values())
    names = [one.name for one in manifest.databases]
    return [*names, shared_files.FILE_SYSTEM] if shared else names


@contextmanager
def _collecting_late() -> Iterator[None]:
    """Let Python look for garbage not before `_collect_what_comes`: a deployed zone stays."""
    enabled, usual = gc.isenabled(), gc.get_threshold()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
        if enabled:
            gc.enable()


def _collect_what_comes() -> None:
    """Let Python look for garbage from now on, rarely, and never among what is there already."""
    gc.freeze()
    gc.set_threshold(_MANY, *gc.get_threshold()[1:])
    gc.enable()


class _Year:
    """The parts of a year, together for as long as its world lasts."""

    def __init__(self, world: World, manifest: Manifest, story: YearStory, watch: Watch) -> None:
        self._world, self._manifest = world, manifest
        self._story, self._watch = story, watch
        self._functions, self._platform = Functions(world), Platform(world, manifest)
        self._schedules, self._plans = Schedules(world), Plans(world)
        self._shelves, self._alarms = Shelves(world, manifest), Alarms(world, manifest)

    def play(self) -> Played:
        world, began = self._world, self._world.clock.now()
        CODE.give(world, self._functions.run)
        missing_keys.watch(world)
        corruption.watch(world)
        world.clock.every(WRITES_EVERY_S, self._write)
        faults = [row.fault(self._manifest) for row in self._story.faults]
        world.faults.schedule(faults, origin=world.clock.monotonic())
        self._shelves.look()
        first = self._days()
        self._schedules.attend(without=EVERY_MINUTE)
        self._plans.attend()
        for day in range(1, self._story.days + 1):
            self._pass_to(day)
        return Played(
            manifest=self._manifest,
            began=began,
            ended=world.clock.now(),
            fired=tuple(self._schedules.fired),
            told=self._alarms.told(),
            first=first,
            records=self._shelves.records,
            extra=self._shelves.extra,
            lost=self._shelves.lost,
            held=self._shelves.held,
            odd=self._shelves.odd(),
            calls=dict(sorted(self._functions.calls.items())),
        )

    def _write(self) -> None:
        """Let the site that serves write to its databases, if it can be reached."""
        if self._platform.reaches(self._manifest.active):
            door, moment = self._platform.door(self._manifest.active), self._world.clock.monotonic()
            for database in self._manifest.databases:
                door.write(database, moment)

    def _days(self) -> dict[Shelf, set[date]]:
        zone = ZoneInfo(self._manifest.window.timezone)
        return {
            shelf: {moment.astimezone(zone).date() for moment in record.there}
            for shelf, record in self._shelves.records.items()
        }

    def _pass_to(self, day: int) -> None:
        """Let time pass to noon of a day, look, and tell."""
        clock = self._world.clock
        noon = _noon(self._story, self._manifest.window.timezone, day)
        clock.sleep((noon - clock.now()).total_seconds())
        self._shelves.look()
        self._alarms.look()
        year_people.look(self._world, self._manifest, self._alarms.told())
        points = sum(len(one.there) for one in self._shelves.records.values())
        sentence = f"{noon:%Y-%m-%d}: {points} points on {len(self._shelves.records)} shelves"
        self._watch(Moment(self._story.zone, f"day {day}", clock.now(), sentence))


def _noon(story: YearStory, timezone: str, day: int = 0) -> datetime:
    local = datetime.combine(story.first + timedelta(days=day), time(12))
    return local.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
