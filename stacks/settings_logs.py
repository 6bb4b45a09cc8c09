"""How long a zone keeps its logs, read and checked.

`stacks.settings` calls `read_logs`; `stacks.log_groups` and `stacks.logs` declare with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from continuity.reading import Reader

ACCEPTED_DAYS = (7, 14, 30, 60, 90, 120, 150, 180)
"""What CloudWatch takes between a week and half a year (PutRetentionPolicy, `retentionInDays`)."""


class LogSource(StrEnum):
    """What writes logs in a site; each source keeps them as long as its own setting says."""

    PLATFORM = "platform"
    FLOW_LOGS = "flow_logs"
    DATABASES = "databases"
    BACKUP = "backup"


@dataclass(frozen=True)
class LogSettings:
    """`days` by source is what stays in the region; `archive_days` what stays outside of it."""

    days: Mapping[LogSource, int]
    archive_days: int


def read_logs(reader: Reader) -> LogSettings:
    """Read `logs`: a retention per source, and an archive that outlives all of them."""
    days = {source: _days(reader, source) for source in LogSource}
    archive_days = reader.integer("archive_days", low=1, high=3650)
    reader.finish()
    longest = max(days.values())
    if reader.has("archive_days") and archive_days < longest:
        reader.note(
            "archive_days",
            f"{archive_days} is less than the {longest} days that a source keeps: the copy "
            "outside the region must outlive what it is a copy of",
        )
    return LogSettings(days, archive_days)


def _days(reader: Reader, source: LogSource) -> int:
    days = reader.integer(source)
    if reader.has(source) and days not in ACCEPTED_DAYS and not _noted(reader, source):
        known = ", ".join(str(each) for each in ACCEPTED_DAYS)
        reader.note(source, f"CloudWatch does not keep logs for {days} days; valid: {known}")
    return days


def _noted(reader: Reader, key: str) -> bool:
    return any(problem.path == reader.at(key) for problem in reader.problems)
