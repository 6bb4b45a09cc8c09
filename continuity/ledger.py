"""The ledger of tests: what was tried when in which zone, and what came of it. Pure.

`holdfast drill --ledger` appends to it, the continuity plan tells it. It is one file of a project,
a JSON object a line, so that two who add to it meet in one line only.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePosixPath

from continuity.errors import InvalidInput, Problem
from continuity.reading import Reader
from continuity.significant import SUBJECTS

PLACE = PurePosixPath("docs/plan/ledger.jsonl")
"""Where a project keeps it: beside the plans that tell it."""

YEARLY = timedelta(days=365)
"""The plan is tested every year (MISSION, "Upkeep of the plan")."""


class Kind(StrEnum):
    """What was exercised: a whole recovery, or the restore of one recovery point."""

    DRILL = "drill"
    RESTORE = "restore"


@dataclass(frozen=True)
class Exercise:
    """One exercise of the plan. `passed`: it ended as promised; `result` says how.

    `recovery_s` is how long it took, None where nothing came back. `digests` are those of
    `continuity.significant` at that time.
    """

    at: datetime
    zone: str
    what: str
    result: str
    passed: bool
    kind: Kind = Kind.DRILL
    recovery_s: float | None = None
    digests: Mapping[str, str] = field(default_factory=dict)


def line(tested: Exercise) -> str:
    """Return one test as a line of the ledger."""
    row = {
        "at": tested.at.isoformat(),
        "zone": tested.zone,
        "kind": str(tested.kind),
        "what": tested.what,
        "result": tested.result,
        "passed": tested.passed,
        "recovery_s": tested.recovery_s,
        "digests": dict(tested.digests),
    }
    return json.dumps(row, ensure_ascii=False) + "\n"


def read(text: str) -> tuple[Exercise, ...]:
    """Return the tests of a ledger by when they were.

    Raises:
        InvalidInput: lines cannot be used; the error names each with its number.
    """
    problems: list[Problem] = []
    rows = [
        _tested(number, row, problems)
        for number, row in enumerate(text.split("\n"), start=1)
        if row.strip()
    ]
    if problems:
        raise InvalidInput(f"The ledger {PLACE}", problems)
    return tuple(sorted((row for row in rows if row is not None), key=lambda one: one.at))


def last_passed(tests: Iterable[Exercise], zone: str) -> Exercise | None:
    """Return the newest drill that brought a zone back as promised; nothing else tests the plan.

    A restore does not, nor does a drill in which the zone is not to come back.
    """
    drills = [one for one in tests if one.zone == zone and one.kind is Kind.DRILL]
    passed = [one for one in drills if one.passed and one.recovery_s is not None]
    return max(passed, key=lambda one: one.at, default=None)


def due(last: Exercise) -> datetime:
    """Return until when the next test has to be made."""
    return last.at + YEARLY


def _tested(number: int, row: str, problems: list[Problem]) -> Exercise | None:
    path = f"line {number}"
    try:
        data = json.loads(row)
    except ValueError as error:
        problems.append(Problem(path, f"is not JSON: {error}"))
        return None
    reader = Reader(data, path, problems)
    before = len(problems)
    digests = reader.section("digests")
    found = Exercise(
        at=_moment(reader),
        zone=reader.text("zone"),
        what=reader.text("what"),
        result=reader.text("result"),
        passed=reader.flag("passed"),
        kind=reader.choice("kind", Kind),
        recovery_s=reader.number("recovery_s") if reader.has("recovery_s") else None,
        digests={one: digests.text(one) for one in SUBJECTS if digests.has(one)},
    )
    digests.finish()
    reader.finish()
    return found if len(problems) == before else None


def _moment(reader: Reader) -> datetime:
    text = reader.text("at")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901 - a stand-in: the problem is noted below
    if found.tzinfo is None:
        reader.note("at", f"{text!r} is no moment with an offset")
    return found
