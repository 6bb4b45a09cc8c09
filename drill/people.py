"""One `[[person]]` row of a scenario: what somebody says, when, and why, read and checked.

`drill.scenario` reads rows, `drill.acts` has them said once the drill has come that far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from continuity.errors import Problem
from continuity.reading import Reader


class Deed(StrEnum):
    """What a person can do beside approving plans, which needs no row."""

    ACCEPT_DATA_LOSS = "accept-data-loss"
    DECLARE_CORRUPTED = "declare-corrupted"
    ORDER_MOVE = "order-move"
    ORDER_PLANNED_MOVE = "order-planned-move"
    ABORT = "abort"


FIELDS: dict[Deed, tuple[str, ...]] = {
    Deed.ACCEPT_DATA_LOSS: ("database",),
    Deed.DECLARE_CORRUPTED: ("database", "moment"),
    Deed.ORDER_MOVE: (),
    Deed.ORDER_PLANNED_MOVE: (),
    Deed.ABORT: (),
}
"""What each deed needs beside `at`, `does` and `reason`. It takes nothing else."""


@dataclass(frozen=True)
class PersonRow:
    """What somebody does `at` after the drill's start; `moment` counts from there, too."""

    does: Deed
    at: timedelta
    reason: str
    database: str = ""
    moment: timedelta = timedelta()


def read_person(reader: Reader) -> PersonRow:
    """Read one row; problems are noted at `person[1].does` and the like."""
    at = reader.duration("at")
    reason = _reason(reader)
    noted = len(reader.problems)
    does = reader.choice("does", Deed)
    if len(reader.problems) > noted:  # which fields belong there is not known
        return PersonRow(does, at, reason)
    fields = FIELDS[does]
    row = PersonRow(
        does,
        at,
        reason,
        database=reader.text("database") if "database" in fields else "",
        moment=reader.duration("moment") if "moment" in fields else timedelta(),
    )
    if row.moment > row.at:
        reader.note("moment", f"{row.moment} lies ahead: it is said at {row.at}")
    reader.finish()
    return row


def misplaced(
    rows: Sequence[PersonRow], zone: str, databases: Sequence[str], deadline: timedelta
) -> list[Problem]:
    """Return what a zone has no room for: a database it lacks, a word after its drill is over."""
    problems = []
    for index, row in enumerate(rows):
        if row.database and row.database not in databases:
            message = f"{zone} has no {row.database!r}; it has {', '.join(databases)}"
            problems.append(Problem(f"person[{index}].database", message))
        if row.at >= deadline:
            message = f"the drill of {zone} is over after {deadline}"
            problems.append(Problem(f"person[{index}].at", message))
    return problems


def _reason(reader: Reader) -> str:
    """Read why: the journal keeps it, and an empty one is refused as the commands refuse it."""
    noted = len(reader.problems)
    reason = reader.text("reason")
    if not reason.strip() and len(reader.problems) == noted:
        reader.note("reason", "must not be empty")
    return reason
