"""AWS Backup: for how long jobs are remembered, and moments in questions about them.

`corrections.backup_points` and `corrections.backup_restores` list their jobs with it. Source: the
API reference of ListBackupJobs (jobs of the last 30 days). Assumption: it is so for copies and
restores too.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from simulator.world import current

REMEMBERED = timedelta(days=30)

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Job(Protocol):
    """A copy or a restore."""

    @property
    def ended(self) -> datetime | None:
        """Return when it was over, None while it runs."""


J = TypeVar("J", bound=Job)


def remembered(jobs: dict[str, J]) -> list[J]:
    """Return the jobs that AWS still knows; it forgets the others here."""
    oldest = current().clock.now() - REMEMBERED
    old = [name for name, job in jobs.items() if job.ended is not None and job.ended < oldest]
    for name in old:
        del jobs[name]
    return list(jobs.values())


def moment(text: str | None) -> datetime:
    """Read a moment of a question; without one, long ago."""
    return datetime.fromisoformat(text) if text else _LONG_AGO
