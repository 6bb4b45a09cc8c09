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
from drill.scenario import read
from simulator.fault import CALL_KINDS, FaultKind

FIRST_DAY = date(2026, 1, 1)
"""Any year would do; this one is the same every time."""

DAYS = 365
MOST_DAYS = 4 * 366

KINDS = CALL_KINDS | {
    FaultKind.COPY_IN_FLIGHT,
    FaultKind.KEY_MISSING,
    FaultKind.REGION_FLAPS,
    FaultKind.REGION_LOST,
    FaultKind.REGION_RETURNS,
    FaultKind.SCHEDULE_MISSED,
    FaultKind.SNAPSHOT_UNUSABLE,
}
"""What concerns nights of backups; nobody fails over in a year, and nobody writes."""


@dataclass(frozen=True)
class YearStory:
    """One year, or a part of it; `faults` begin so long after noon of the first day."""

    zone: str
    days: int = DAYS
    first: date = FIRST_DAY
    seed: int = 1
    enforced: bool = True
    faults: tuple[FaultRow, ...] = field(default=())


def read_faults(texts: Sequence[str]) -> tuple[FaultRow, ...]:
    """Read faults as options give them: `schedule-missed at=100d for=3d site=home`.

    Raises:
        InvalidInput: one cannot be read, or cannot be.
    """
    rows, problems = [], []
    for index, text in enumerate(texts):
        kind, *fields = text.split()
        values: dict[str, object] = {"kind": kind}
        values.update(one.partition("=")[::2] for one in fields)
        reader = Reader(values, f"fault[{index}]", problems)
        rows.append(read_row(reader))
    found = tuple(rows)
    if not problems:
        problems = [*foreign(found), *impossible_times(found)]
    if problems:
        raise InvalidInput("The faults", problems)
    return found


def from_file(path: Path, story: YearStory) -> YearStory:
    """Return the story with the seed and faults of a scenario file.

    Raises:
        InvalidInput: the file cannot be read, or tells of what is none of a year's affair.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(str(path), [Problem("FILE", str(error))]) from error
    scenario = read(text, str(path))
    if problems := foreign(scenario.faults):
        raise InvalidInput(str(path), problems)
    return replace(story, seed=scenario.seed, faults=scenario.faults)


def foreign(faults: Sequence[FaultRow]) -> list[Problem]:
    """Return the faults that mean nothing in a year of nights."""
    known = ", ".join(sorted(KINDS))
    return [
        Problem(f"fault[{index}].kind", f"{row.kind} means nothing in a year; there are {known}")
        for index, row in enumerate(faults)
        if row.kind not in KINDS
    ]
