"""What a trial showed of a point is known for as long as the point may be kept for it."""

from datetime import UTC, datetime, timedelta

from backup.evidence_store import KEPT
from backup.rotation import kept
from backup.verify_rules import EVERY

TRIALS_A_WEEK = 2
"""Of each series: its newest point, and an older one."""


def test_evidence_outlasts_the_longest_monthly_place() -> None:
    begins = datetime(2026, 1, 1, 2, tzinfo=UTC)
    longest = timedelta()
    for night in range(200, 600, 9):
        nights = [begins + timedelta(days=day) for day in range(night - 200, night)]
        left = kept(nights, daily=5, weekly=4, monthly=3, tz="Europe/Lisbon")
        longest = max(longest, nights[-1] - min(left))
    weeks = longest / (EVERY + timedelta(days=1))
    assert longest > timedelta(days=100)
    assert weeks + 1 < KEPT / TRIALS_A_WEEK
