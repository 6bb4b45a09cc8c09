"""What a prober's values are worth: each held against what was declared. Pure.

`backup.verify_databases` asks. A statement that PostgreSQL refuses is an answer: a table that is
not there is wrong content. One that ran out of time, or met a database out of breath, says nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backup.verify_subject import Answers, Result
from continuity.proving import Check, Comparison
from continuity.wording import seconds_text

_SILENT = ("08", "53", "57", "58")
"""Classes of PostgreSQL's error codes (appendix A) that are no word on the content: connection,
resources, intervention (a statement that took too long is 57014), system."""


def judged(checks: Sequence[Check], answer: Mapping[str, Any], taken_at: datetime) -> Answers:
    """Return a result for each check, or why the database could not be asked."""
    if answer["error"]:
        return Answers(why=str(answer["error"]))
    values = {one["name"]: one for one in answer["values"]}
    return Answers(results=tuple(_result(one, values.get(one.name), taken_at) for one in checks))


def _result(check: Check, value: Mapping[str, Any] | None, taken_at: datetime) -> Result:
    expected = _expected(check)
    if value is None:
        return Result(check.name, expected, "no answer", None)
    seconds = float(value["seconds"])
    if value["error"]:
        met = None if str(value["code"]).startswith(_SILENT) else False
        return Result(check.name, expected, str(value["error"]), met, seconds)
    met, found = _compared(check, value["value"], taken_at)
    return Result(check.name, expected, found, met, seconds)


def _expected(check: Check) -> str:
    if check.comparison is Comparison.NEWEST_WITHIN:
        return f"at most {seconds_text(check.expected)} before the point"
    word = "at least" if check.comparison is Comparison.AT_LEAST else "at most"
    return f"{word} {check.expected:g}"


def _compared(check: Check, value: object, taken_at: datetime) -> tuple[bool, str]:
    if check.comparison is Comparison.NEWEST_WITHIN:
        return _young_enough(check, value, taken_at)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False, f"{value!r}, which is no number"
    least = check.comparison is Comparison.AT_LEAST
    return (value >= check.expected if least else value <= check.expected), f"{value:g}"


def _young_enough(check: Check, value: object, taken_at: datetime) -> tuple[bool, str]:
    if value is None:
        return False, "no row at all"
    try:
        newest = datetime.fromisoformat(str(value))
    except ValueError:
        return False, f"{value!r}, which is no moment"
    age_s = max(0.0, (taken_at - newest).total_seconds())
    return age_s <= check.expected, f"{seconds_text(age_s)} before the point"
