"""A scenario: what goes wrong, when, and how the zone must come out of it. Data, in TOML.

`drill.library` finds the file, `read` turns its text into a frozen value and names every problem
at once, `check` holds it against a deployed zone; `drill.run` plays it.
"""

import tomllib
from dataclasses import dataclass
from datetime import timedelta

from continuity.errors import InvalidInput, Problem
from continuity.manifest import Manifest
from continuity.reading import Reader
from continuity.zone import Objectives
from drill.expectation import Expectation, Outcome
from drill.fault_rows import FaultRow, impossible_times, read_length, read_row

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
    """One story. `zone` None means every production zone."""

    name: str
    title: str
    zone: str | None
    seed: int
    objectives: Promise
    expect: Expectation
    faults: tuple[FaultRow, ...]


def read(text: str, subject: str) -> Scenario:
    """Read TOML text; `subject` names it in the error.

    Raises:
        InvalidInput: it is not TOML, a key is missing, unknown or of the wrong kind, a kind is
            not known or not simulated yet, or the times cannot be.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(subject, [Problem("(top level)", f"is not TOML: {error}")]) from error
    reader = Reader(data)
    scenario = _scenario(reader)
    reader.finish()
    if not reader.problems:
        reader.problems.extend(impossible_times(scenario.faults))
    reader.check(subject)
    return scenario


def check(scenario: Scenario, manifest: Manifest, deadline: timedelta) -> None:
    """Hold a scenario against the zone that it will be played in.

    Raises:
        InvalidInput: a database or region that the zone does not have, or a fault at a time
            when the drill is over.
    """
    problems: list[Problem] = []
    databases = [database.name for database in manifest.databases]
    regions = [*(site.region for site in manifest.sites.values()), CONTROL_PLANES]
    for index, row in enumerate(scenario.faults):
        path = f"fault[{index}]"
        if row.database is not None and row.database not in databases:
            message = f"{manifest.zone} has no {row.database!r}; it has {', '.join(databases)}"
            problems.append(Problem(f"{path}.database", message))
        if row.region is not None and row.region not in regions:
            message = f"{manifest.zone} does not use {row.region!r}; known are {', '.join(regions)}"
            problems.append(Problem(f"{path}.region", message))
        if row.at >= deadline:
            message = f"the drill of {manifest.zone} is over after {deadline}"
            problems.append(Problem(f"{path}.at", message))
    if problems:
        raise InvalidInput(f"Scenario {scenario.name}", problems)


def _scenario(reader: Reader) -> Scenario:
    return Scenario(
        name=reader.text("name", pattern=r"[a-z0-9]+(-[a-z0-9]+)*"),
        title=reader.text("title"),
        zone=reader.text("zone") if reader.has("zone") else None,
        seed=reader.integer("seed", default=1),
        objectives=_promise(reader.section("objectives"))
        if reader.has("objectives")
        else Promise(),
        expect=_expectation(reader.section("expect")) if reader.has("expect") else Expectation(),
        faults=tuple(read_row(row) for row in reader.rows("fault")),
    )


def _promise(reader: Reader) -> Promise:
    promise = Promise(read_length(reader, "rto"), read_length(reader, "rpo"))
    reader.finish()
    return promise


def _expectation(reader: Reader) -> Expectation:
    expectation = Expectation(
        outcome=reader.choice("outcome", Outcome, default=Outcome.RECOVERED),
        rto=read_length(reader, "rto"),
        max_data_loss=reader.duration("max_data_loss") if reader.has("max_data_loss") else None,
        sentences=reader.texts("sentences", default=()),
    )
    reader.finish()
    return expectation
