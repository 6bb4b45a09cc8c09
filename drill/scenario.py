"""A scenario: what goes wrong, when, and how the zone must come out of it. Data, in TOML.

`drill.library` finds the file, `read` turns its text into a frozen value and names every problem
at once, `check` holds it against a deployed zone; `drill.run` plays it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from continuity.errors import InvalidInput, Problem
from continuity.reading import Reader
from continuity.zone import Objectives, SiteName
from drill.expectation import Expectation, Outcome
from drill.fault_rows import FaultRow, impossible_times, read_length, read_row
from drill.people import PersonRow, misplaced, read_person
from drill.told import Told
from simulator.fault import FaultKind
from simulator.past import MOST_DAYS, Past, Snapshots

CONTROL_PLANES = "us-east-1"
"""Where the control planes of Route 53 and IAM are: every zone would miss them, or ought not to."""


@dataclass(frozen=True)
class Promise:
    """Other objectives than the zone's, to try what a stricter plan would hold. None: as it is."""

    rto: timedelta | None = None
    rpo: timedelta | None = None

    def instead_of(self, objectives: Objectives) -> Objectives:
        """Return the objectives that a drill is played with."""
        return Objectives(self.rto or objectives.rto, self.rpo or objectives.rpo)


@dataclass(frozen=True)
class Scenario:
    """One story. `zone` None means every production zone; `past` is how long it has run.

    `told` says whether people are told, and how their services are reached. `enforced` lets IAM
    judge every call of those who drive the failover. `people` say what no probe can
    know; plans are approved without them.
    """

    name: str
    title: str
    zone: str | None
    seed: int
    objectives: Promise
    past: Past
    expect: Expectation
    faults: tuple[FaultRow, ...]
    enforced: bool = False
    people: tuple[PersonRow, ...] = ()
    told: Told = Told.NOBODY


def read(text: str, subject: str) -> Scenario:
    """Read TOML text; `subject` names it in the error.

    Raises:
        InvalidInput: it is not TOML, a key is missing, unknown or of the wrong kind, a kind
            is not known, or the times cannot be.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(subject, [Problem("(top level)", f"is not TOML: {error}")]) from error
    reader = Reader(data)
    scenario = _scenario(reader)
    reader.finish()
    mixed = {row.site is None for row in scenario.faults if row.place} == {True, False}
    if not reader.problems and not mixed:  # sites and regions together need the zone: `check`
        reader.problems.extend(impossible_times(scenario.faults))
    reader.check(subject)
    return scenario


@dataclass(frozen=True)
class Ground:
    """What a scenario must fit: a zone's databases and regions, and when its drill is over."""

    zone: str
    databases: tuple[str, ...]
    regions: Mapping[SiteName, str]
    deadline: timedelta
    witness: str = ""


def check(scenario: Scenario, ground: Ground) -> None:
    """Hold a scenario against the zone that it will be played in.

    Raises:
        InvalidInput: a database or region that the zone does not have, a fault or a word at a
            time when the drill is over, or a region that returns before it is lost.
    """
    problems = impossible_times(scenario.faults, ground.regions)
    used = [*ground.regions.values(), ground.witness, CONTROL_PLANES]
    regions = [region for region in used if region]
    for index, row in enumerate(scenario.faults):
        path = f"fault[{index}]"
        if row.database is not None and row.database not in ground.databases:
            valid = ", ".join(ground.databases)
            message = f"{ground.zone} has no {row.database!r}; it has {valid}"
            problems.append(Problem(f"{path}.database", message))
        if row.region is not None and row.region not in regions:
            message = f"{ground.zone} does not use {row.region!r}; known are {', '.join(regions)}"
            problems.append(Problem(f"{path}.region", message))
        if row.kind is FaultKind.SCHEDULE_MISSED:
            message = (
                f"no schedule fires in a drill; play it with holdfast drill year {ground.zone}"
            )
            problems.append(Problem(f"{path}.kind", message))
        if row.at >= ground.deadline:
            message = f"the drill of {ground.zone} is over after {ground.deadline}"
            problems.append(Problem(f"{path}.at", message))
    problems += misplaced(scenario.people, ground.zone, ground.databases, ground.deadline)
    if problems:
        raise InvalidInput(f"Scenario {scenario.name}", problems)


def _scenario(reader: Reader) -> Scenario:
    world = _world(reader)
    return Scenario(
        name=reader.text("name", pattern=r"[a-z0-9]+(-[a-z0-9]+)*"),
        title=reader.text("title"),
        zone=reader.text("zone") if reader.has("zone") else None,
        seed=reader.integer("seed", default=1),
        objectives=_promise(reader.section("objectives"))
        if reader.has("objectives")
        else Promise(),
        past=world.past,
        expect=_expectation(reader.section("expect")) if reader.has("expect") else Expectation(),
        faults=tuple(read_row(row) for row in reader.rows("fault", optional=reader.has("person"))),
        enforced=world.enforced,
        told=world.told,
        people=tuple(read_person(row) for row in reader.rows("person", optional=True)),
    )


def _promise(reader: Reader) -> Promise:
    promise = Promise(read_length(reader, "rto"), read_length(reader, "rpo"))
    reader.finish()
    return promise


@dataclass(frozen=True)
class _World:
    """What the zone has behind it, whether IAM judges, and whether people are told."""

    past: Past = field(default_factory=Past)
    enforced: bool = False
    told: Told = Told.NOBODY


def _world(reader: Reader) -> _World:
    """Read `[world]`: `iam` is `off` by default, as `channels` are."""
    if not reader.has("world"):
        return _World()
    world = reader.section("world")
    past = Past(
        days=world.integer("days", low=1, high=MOST_DAYS, default=Past.days),
        snapshots=world.choice("snapshots", Snapshots, default=Past.snapshots),
    )
    enforced = world.choice("iam", ("enforced", "off"), default="off") == "enforced"
    told = world.choice("channels", Told, default=Told.NOBODY)
    world.finish()
    return _World(past, enforced, told)


def _expectation(reader: Reader) -> Expectation:
    expectation = Expectation(
        outcome=reader.choice("outcome", Outcome, default=Outcome.RECOVERED),
        rto=read_length(reader, "rto"),
        max_data_loss=reader.duration("max_data_loss") if reader.has("max_data_loss") else None,
        sentences=_sentences(reader),
        told=reader.texts("told", default=()),
    )
    reader.finish()
    return expectation


def _sentences(reader: Reader) -> tuple[str, ...]:
    """Read `sentences`, or the one `sentence`, that must appear."""
    one = (reader.text("sentence"),) if reader.has("sentence") else ()
    return (*one, *reader.texts("sentences", default=()))
