"""How long restores take: measured by trials where there are any, assumed where there are none.

`failover.estimates` and `backup.verify_databases` ask; every answer says where it comes from. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from backup.evidence import Evidence
from backup.points import Kind
from continuity.wording import seconds_text

SNAPSHOT_S, SNAPSHOT_PER_GB_S = 900.0, 1.0
TO_TIME_S, TO_TIME_PER_GB_S = 1200.0, 2.0
FILES_S, FILES_PER_GB_S = 2700.0, 30.0

_SNAPSHOT = "assumption: 15 min and 1 s per GB (the data are loaded lazily)"
_FILES = "assumption: 45 min and 30 s per GB (AWS Backup promises nothing)"
_TO_TIME = "assumption: 20 min and 2 s per GB (logs are replayed, the rest is loaded lazily)"


@dataclass(frozen=True)
class Expected:
    """Seconds, and where the number comes from."""

    seconds: float
    source: str


@dataclass(frozen=True)
class RestoreTimes:
    """What trials measured: the newest of each database, and of each series of files.

    `RestoreTimes()` knows nothing.
    """

    measured: Mapping[str, Evidence] = field(default_factory=dict)
    files: Mapping[str, Evidence] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[Evidence]) -> "RestoreTimes":
        """Return the newest measurement of each series; what never came to be has none."""
        by_kind: dict[Kind, dict[str, Evidence]] = {kind: {} for kind in Kind}
        for one in found:
            newest = by_kind[one.series.kind].get(one.series.resource)
            if one.restore_s and (newest is None or newest.ended <= one.ended):
                by_kind[one.series.kind][one.series.resource] = one
        return cls(by_kind[Kind.DATABASE], by_kind[Kind.FILES])

    def snapshot(self, database: str, size_gb: int) -> Expected:
        """Return how long a restore of a snapshot takes until the instance is there."""
        assumed = snapshot_s(size_gb)
        mine = self.measured.get(database)
        if mine is not None and mine.restore_s is not None:
            grown_s = max(0, size_gb - mine.size_gb) * SNAPSHOT_PER_GB_S
            took = seconds_text(mine.restore_s)
            source = f"measured on {mine.ended:%Y-%m-%d}: {mine.point} was there after {took}"
            return Expected(mine.restore_s + grown_s, source)
        if not self.measured:
            return Expected(assumed, _SNAPSHOT)
        pace = self._pace()
        source = f"{len(self.measured)} other databases took {pace:.2f} times what is assumed"
        return Expected(assumed * pace, source)

    def point_of_files(self, resource: str, size_gb: int) -> Expected:
        """Return how long AWS Backup takes to restore a point of a bucket."""
        mine = self.files.get(resource)
        if mine is None or mine.restore_s is None:
            return Expected(FILES_S + FILES_PER_GB_S * size_gb, _FILES)
        grown_s = max(0, size_gb - mine.size_gb) * FILES_PER_GB_S
        took = seconds_text(mine.restore_s)
        source = f"measured on {mine.ended:%Y-%m-%d}: {mine.point} was there after {took}"
        return Expected(mine.restore_s + grown_s, source)

    def to_time(self, database: str, size_gb: int) -> Expected:
        """Return how long a restore to a moment takes: no trial replays logs, that is assumed."""
        if not self.measured:
            return Expected(to_time_s(size_gb), _TO_TIME)
        base = self.snapshot(database, size_gb)
        replayed = to_time_s(size_gb) - snapshot_s(size_gb)
        source = f"{base.source}; {seconds_text(replayed)} more to replay logs is assumed"
        return Expected(base.seconds + replayed, source)

    def _pace(self) -> float:
        """Return the median of measured by assumed: sizes differ, seconds do not compare."""
        return median(
            (one.restore_s or 0.0) / snapshot_s(one.size_gb) for one in self.measured.values()
        )


def snapshot_s(size_gb: int) -> float:
    """Return the assumption for a snapshot."""
    return SNAPSHOT_S + SNAPSHOT_PER_GB_S * size_gb


def to_time_s(size_gb: int) -> float:
    """Return the assumption for a moment."""
    return TO_TIME_S + TO_TIME_PER_GB_S * size_gb
