"""The zone's time: its window, time zone, objectives and retention, read and checked.

`stacks.settings` calls these with its reader; a problem is noted there and reading goes on.
"""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from continuity.reading import Reader
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention
from stacks.windows import SHORTEST, usable

_HOUR = r"([01]\d|2[0-3]):[0-5]\d"


def read_window(reader: Reader) -> MaintenanceWindow:
    """Read `timezone` and `window`, which must leave RDS room in UTC in summer and winter."""
    timezone, sound = _timezone(reader)
    section = reader.section("window")
    start, end = _hour(section, "start"), _hour(section, "end")
    section.finish()
    window = MaintenanceWindow(start or time(), end or time(), timezone)
    if sound and start is not None and end is not None:
        length = usable(window)
        if length < SHORTEST:
            section.note(
                "",
                f"leaves {_minutes(length)} minutes that are inside it all year in UTC; RDS needs "
                f"{_minutes(SHORTEST)}: 30 for backups, 30 for maintenance, one between",
            )
    return window


def read_objectives(reader: Reader) -> Objectives:
    """Read `rto` and `rpo`, which AWS must be able to meet at all."""
    objectives = Objectives(
        rto=_at_least(reader, "rto", timedelta(seconds=1), "must be longer than nothing"),
        rpo=_at_least(
            reader,
            "rpo",
            timedelta(minutes=5),
            "must be at least 5m: RDS ships its logs every 5 minutes, and an idle PostgreSQL "
            "replica reports up to 5 minutes of lag",
        ),
    )
    reader.finish()
    return objectives


def read_retention(reader: Reader) -> Retention:
    """Read how many recovery points of each tier are kept; at least one daily one."""
    retention = Retention(
        daily=reader.integer("daily", low=1),
        weekly=reader.integer("weekly"),
        monthly=reader.integer("monthly"),
    )
    reader.finish()
    return retention


def _at_least(reader: Reader, key: str, lowest: timedelta, complaint: str) -> timedelta:
    before = len(reader.problems)
    length = reader.duration(key)
    if length < lowest and len(reader.problems) == before:
        reader.note(key, complaint)
    return length


def _hour(reader: Reader, key: str) -> time | None:
    text = reader.text(key, pattern=_HOUR)
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _timezone(reader: Reader) -> tuple[str, bool]:
    """Return a usable time zone, and whether it is the one that was asked for."""
    name = reader.text("timezone")
    problem = _timezone_problem(name) if name else ""
    if problem:
        reader.note("timezone", problem)
    return (name, True) if name and not problem else ("UTC", False)


def _timezone_problem(name: str) -> str:
    """Say why a name is no place's time.

    Abbreviations are traps: `BRT` does not exist, `WET` exists and is an hour off in summer, and
    `Etc/GMT+3` lies three hours *west* of Greenwich.
    """
    advice = "use an IANA name of a place, such as Europe/Lisbon, or UTC"
    if name == "UTC":
        return ""
    if "/" not in name or name.startswith("Etc/"):
        return f"{name!r} names no place; {advice}"
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return f"{name!r} is not in the IANA time zone database; {advice}"
    return ""


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
