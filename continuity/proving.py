"""How a restored database is looked at: the declared checks, and the place where that happens.

`stacks` fills both, `continuity.manifest_json` carries them, `backup.verify` restores into the
place and asks the checks. All of it is empty in manifests that are too old to say.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from continuity.reading import Reader


class Comparison(StrEnum):
    """What the one value that a check's statement returns is held against."""

    AT_LEAST = "at_least"  # a number
    AT_MOST = "at_most"  # a number
    NEWEST_WITHIN = "newest_within"  # a moment, against that of the recovery point


@dataclass(frozen=True)
class Check:
    """One question to a restored database. `sql` reads one value and changes nothing.

    `expected` is a number, or the seconds that the newest row may be older than the point.
    """

    name: str
    sql: str
    comparison: Comparison
    expected: float


@dataclass(frozen=True)
class ReadingPlace:
    """Where one site's points of shared file systems are read; empty where the zone has none.

    `live` is the function that reads the site's own file system, `restored` the one that is led to
    what a trial restored: its mount targets belong into `subnets`, under `security_group`, which
    admits nothing but that function.
    """

    live: str = ""
    restored: str = ""
    security_group: str = ""
    subnets: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScratchPlace:
    """Where one site's recovery points are tried.

    `prober` is the function that asks the checks, `security_group` admits nothing but that
    function. `files` is where points of shared file systems are read.
    """

    security_group: str = ""
    prober: str = ""
    files: ReadingPlace = field(default_factory=ReadingPlace)


def read_check(reader: Reader) -> Check:
    """Read a check as a manifest writes it."""
    check = Check(
        name=reader.text("name"),
        sql=reader.text("sql"),
        comparison=reader.choice("comparison", Comparison),
        expected=reader.number("expected"),
    )
    reader.finish()
    return check


def read_place(reader: Reader) -> ScratchPlace:
    """Read a site's place as a manifest writes it."""
    files = _reading(reader.section("files")) if reader.has("files") else ReadingPlace()
    place = ScratchPlace(reader.text("security_group", ""), reader.text("prober", ""), files)
    reader.finish()
    return place


def _reading(reader: Reader) -> ReadingPlace:
    place = ReadingPlace(
        reader.text("live", ""),
        reader.text("restored", ""),
        reader.text("security_group", ""),
        reader.texts("subnets", ()),
    )
    reader.finish()
    return place
