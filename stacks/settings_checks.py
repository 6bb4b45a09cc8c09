"""The checks of a database, read and checked: what a restored copy of it must answer.

`stacks.settings_databases` calls `read_checks`; the manifest carries them to `backup.verify`.
"""

import re
from collections.abc import Sequence

from continuity.proving import Check, Comparison
from continuity.reading import Reader

_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_READS = re.compile(r"(?:select|with)\s", re.IGNORECASE)
_LONGEST_SQL = 1000
"""Characters: all checks of a database travel in one event of at most 256 KB."""


def read_checks(reader: Reader) -> tuple[Check, ...]:
    """Read `checks`: each a statement that reads one value, and exactly one comparison."""
    rows = reader.rows("checks", optional=True)
    checks = tuple(_check(row) for row in rows)
    _refuse_repeated(rows, checks)
    return checks


def _check(reader: Reader) -> Check:
    comparison, expected = _comparison(reader)
    check = Check(_name(reader), _sql(reader), comparison, expected)
    reader.finish()
    return check


def _name(reader: Reader) -> str:
    name = reader.text("name")
    if name and re.fullmatch(_NAME, name) is None:
        reader.note("name", f"{name!r} does not look like newest-order")
    return name


def _sql(reader: Reader) -> str:
    sql = " ".join(reader.text("sql").split())
    if sql and not _READS.match(sql):
        reader.note("sql", "does not begin with SELECT or WITH: a check only reads")
    if ";" in sql:
        reader.note("sql", "has a semicolon: a check is one statement, written without one")
    if len(sql) > _LONGEST_SQL:
        reader.note("sql", f"has {len(sql)} characters, {_LONGEST_SQL} are allowed")
    return sql


def _comparison(reader: Reader) -> tuple[Comparison, float]:
    given = [one for one in Comparison if reader.has(one)]
    if len(given) != 1:
        reader.note("", f"needs exactly one of {', '.join(Comparison)}, found {len(given)}")
    found = [(one, _expected(reader, one)) for one in given]
    return found[0] if found else (Comparison.AT_LEAST, 0.0)


def _expected(reader: Reader, comparison: Comparison) -> float:
    if comparison is Comparison.NEWEST_WITHIN:
        return reader.duration(comparison).total_seconds()
    return reader.number(comparison)


def _refuse_repeated(rows: Sequence[Reader], checks: Sequence[Check]) -> None:
    first: dict[str, int] = {}
    for index, (row, check) in enumerate(zip(rows, checks, strict=True)):
        if check.name in first:
            row.note("name", f"{check.name} is also checks[{first[check.name]}]")
        elif check.name:
            first[check.name] = index
