"""What `holdfast drill year` plays: a zone, from which day, how many, and what goes wrong.

`cli.year_command` reads it, from options or from a scenario file; `drill.year` plays it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from continuity.errors import InvalidInput, Problem
from continuity.reading import Reader
from drill.fault_rows import FaultRow, impossible_times, read_row
from drill.scenario import Scenario, read
from simulator.fault import CALL_KINDS, FaultKind

FIRST_DAY = date(2026, 1, 1)
"""Any year would do; this one is the same every time."""

DAYS = 365
_SUFFIX = ".toml"

KINDS = CALL_KINDS | {
    FaultKind.COPY_IN_FLIGHT,
    FaultKind.DATA_CORRUPTED,
    FaultKind.KEY_MISSING,
    FaultKind.QUOTA_EXCEEDED,
    FaultKind.REGION_FLAPS,
    FaultKind.REGION_LOST,
    FaultKind.REGION_RETURNS,
    FaultKind.SCHEDULE_MISSED,
    FaultKind.SNAPSHOT_UNUSABLE,
}
"""What concerns nights of backups; nobody fails over in a year."""


@dataclass(frozen=True)
class YearStory:
    """One year, or a part of it; `faults` begin so long after noon of the first day."""

    zone: str
    days: int = DAYS
    first: date = FIRST_DAY
    seed: int = 1
    enforced: bool = True
    faults: tuple[FaultRow, ...] = field(default=())


def with_faults(story: YearStory, given: Sequence[str]) -> YearStory:
    """Return the story with faults as options give them, one after the other.

    Each is a scenario's FILE.toml, which brings its seed as well, or one row of such a file:
    `schedule-missed at=100d for=3d site=home`.

    Raises:
        InvalidInput: one cannot be read, cannot be, or is none of a year's affair.
    """
    for text in given:
        if text.endswith(_SUFFIX):
            scenario = _read_file(Path(text))
            story = replace(story, seed=scenario.seed, faults=(*story.faults, *scenario.faults))
        else:
            story = replace(story, faults=(*story.faults, read_fault(text)))
    problems = [*_foreign(story.faults), *impossible_times(story.faults)]
    if problems:
        raise InvalidInput("The faults", problems)
    return story


def demand_known(story: YearStory, names: Sequence[str]) -> None:
    """Refuse a fault of a database that the zone does not have: it would strike nothing.

    Raises:
        InvalidInput: names each such fault, and what the zone has.
    """
    problems = [
        Problem(f"fault[{index}].database", f"{story.zone} has {', '.join(names)}")
        for index, row in enumerate(story.faults)
        if row.database is not None and row.database not in names
    ]
    if problems:
        raise InvalidInput("The faults", problems)


def read_fault(text: str) -> FaultRow:
    """Read one fault: its kind, and its fields as `name=value`.

    Raises:
        InvalidInput: a field is unknown, missing or cannot be read.
    """
    kind, *fields = text.split()
    pairs = (field.partition("=") for field in fields)
    values: dict[str, object] = {key: _value(value) for key, _, value in pairs}
    reader = Reader({"kind": kind, **values})
    row = read_row(reader)
    reader.check(f"The fault {text!r}")
    return row


def _value(text: str) -> object:
    """Return a number where TOML would have one."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _read_file(path: Path) -> Scenario:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(str(path), [Problem("FILE", str(error))]) from error
    return read(text, str(path))


def _foreign(faults: Sequence[FaultRow]) -> list[Problem]:
    """Return the faults that mean nothing in a year of nights."""
    known = ", ".join(sorted(KINDS))
    return [
        Problem(f"fault[{index}].kind", f"{row.kind} means nothing in a year; there are {known}")
        for index, row in enumerate(faults)
        if row.kind not in KINDS
    ]
