"""How a zone keeps its files, read and checked.

`stacks.settings` calls `read_files`; `stacks.files` declares buckets and file systems with it.
"""

from dataclasses import dataclass

from continuity.reading import Reader
from continuity.zone import Retention


@dataclass(frozen=True)
class FileSettings:
    """`versions_days`: how long a replaced or deleted version stays. `file_system`: EFS as well."""

    versions_days: int
    file_system: bool


def read_files(reader: Reader, retention: Retention) -> FileSettings:
    """Read `files`, whose lifecycle must not take what the retention still reaches back to."""
    files = FileSettings(
        versions_days=reader.integer("versions_days", low=1, high=3650),
        file_system=reader.flag("file_system"),
    )
    reader.finish()
    if reader.has("versions_days") and files.versions_days < retention.reach_days:
        reader.note(
            "versions_days",
            f"{files.versions_days} is less than the {retention.reach_days} days that the "
            "retention reaches back: S3 would delete what a recovery point promises",
        )
    return files
