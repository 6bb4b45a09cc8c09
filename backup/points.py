"""What a recovery point is: one state of one resource, in one region, usable or not and why.

`backup.catalogue` fills them from AWS; `backup.keep`, `backup.capture` and `backup.copy` decide
over them. Values only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from backup.rotation import AHEAD
from continuity.errors import HoldfastError
from continuity.restorable import Storage

_UNKNOWN = Storage(0)
"""Where nobody said: RDS then chooses, and takes the size of the data."""


class Kind(StrEnum):
    """What a series protects."""

    DATABASE = "database"
    FILES = "files"


WRONG = "its content is wrong: "
"""How `Point.unusable` begins where nothing but a trial's finding speaks against a point."""

FILE_SYSTEM = "-file-system"
"""How the series of shared file systems end (`backup.vault_points`, `stacks.backup_plan`)."""


class Store(StrEnum):
    """Who keeps a point, and so who may delete it and how."""

    SNAPSHOT = "rds-snapshot"
    AUTOMATED = "rds-automated"
    VAULT = "aws-backup"


@dataclass(frozen=True, order=True)
class Series:
    """The points of one resource of a zone, however often the instance behind it was replaced."""

    zone: str
    resource: str
    kind: Kind

    @property
    def shared(self) -> bool:
        """Say whether it is of a shared file system, which no bucket is needed to restore."""
        return self.kind is Kind.FILES and self.resource.endswith(FILE_SYSTEM)

    @property
    def in_bucket(self) -> bool:
        """Say whether a trial of it needs the one scratch bucket of its site."""
        return self.kind is Kind.FILES and not self.shared

    @property
    def only_place(self) -> str:
        """Return what one trial at a time has: the bucket, the reader; empty where many may be."""
        if self.kind is not Kind.FILES:
            return ""
        return "reader" if self.shared else "bucket"

    def __str__(self) -> str:
        return self.resource if self.kind is Kind.DATABASE else f"{self.resource} ({self.kind})"


@dataclass(frozen=True)
class Point:
    """One recovery point in one region.

    `unusable` says why nothing can be restored from it now, empty where it can; `refuted` what a
    trial found wrong in its content, which makes it unusable too. `source` is the
    ARN of which it is a copy. `day` is the local day of the capture, empty for what Holdfast did
    not make: that is never deleted. `incident` names the hold under which it was taken, `verified`
    the moment of its restore test.
    """

    series: Series
    region: str
    store: Store
    identifier: str
    arn: str
    status: str
    taken_at: datetime | None
    unusable: str = ""
    size_gb: int = 0
    key: str = ""
    source: str = ""
    progress: int = 0
    day: str = ""
    incident: str = ""
    verified: str = ""
    marked: str = ""
    refuted: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    storage: Storage = _UNKNOWN

    @property
    def usable(self) -> bool:
        """Say whether it can be restored now."""
        return not self.unusable

    @property
    def only_refuted(self) -> bool:
        """Say whether AWS would restore it, and only a trial speaks against its content."""
        return bool(self.refuted) and self.unusable.startswith(WRONG)

    @property
    def ours(self) -> bool:
        """Say whether Holdfast made it, and so may delete it."""
        return bool(self.day) and self.store is not Store.AUTOMATED

    @property
    def in_the_making(self) -> bool:
        """Say whether AWS still works on it."""
        return self.status in {"creating", "pending", "copying", "CREATING"}

    @property
    def counts(self) -> bool:
        """Say whether it may take a place; what was taken in an incident, only once verified."""
        return self.usable and self.ours and (not self.incident or bool(self.verified))

    def __str__(self) -> str:
        return f"{self.identifier} in {self.region}"


@dataclass(frozen=True)
class Reach:
    """Automated backups kept in a region: every moment from `oldest` to `newest`.

    `instance` is the one that they were taken of, `resource` its `DbiResourceId`; `received` ones
    lie in another region than it ran in, and a restore names them by their `arn`. `unusable` says
    why no moment can be restored now, empty where each can.
    """

    series: Series
    region: str
    status: str
    oldest: datetime | None
    newest: datetime | None
    instance: str = ""
    resource: str = ""
    arn: str = ""
    received: bool = False
    key: str = ""
    storage: Storage = _UNKNOWN
    unusable: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Every recovery point of a zone at one moment, but of regions that are `unread`.

    `copying` are the ARNs of what AWS Backup copies right now. `whole` says whether
    files were looked for at all.
    """

    zone: str
    at: datetime
    regions: tuple[str, ...]
    points: tuple[Point, ...]
    reaches: tuple[Reach, ...] = ()
    unread: Mapping[str, HoldfastError] = field(default_factory=dict)
    copying: frozenset[str] = frozenset()
    whole: bool = True

    @cached_property
    def in_flight(self) -> frozenset[str]:
        """Return the ARNs of what is being copied right now, into any region that was read."""
        sources = (one.source for one in self.points if one.source and one.in_the_making)
        return self.copying.union(sources)

    def newest(self) -> dict[Series, Point]:
        """Return the newest point of each series to restore from, in whichever region.

        One from the future is some clock's mistake: how fresh a series is, it does not say.
        """
        usable = sorted((one for one in self.points if one.usable and self.past(one)), key=_age)
        return {one.series: one for one in usable}

    def past(self, point: Point) -> bool:
        """Say whether a point is not dated after this catalogue, by more than clocks differ."""
        return point.taken_at is None or point.taken_at <= self.at + AHEAD

    def shelves(self) -> dict[tuple[Series, str], tuple[Point, ...]]:
        """Return the points by series and region, newest first; what has no moment yet leads."""
        return dict(self._shelves)

    @cached_property
    def _shelves(self) -> dict[tuple[Series, str], tuple[Point, ...]]:
        found: dict[tuple[Series, str], list[Point]] = {}
        for point in self.points:
            found.setdefault((point.series, point.region), []).append(point)
        return {
            place: tuple(sorted(found[place], key=_age, reverse=True)) for place in sorted(found)
        }


def taken(point: Point) -> datetime:
    """Return the moment of a point that counts, which it has."""
    if point.taken_at is None:
        raise ValueError(f"{point} has no moment")
    return point.taken_at


def _age(point: Point) -> tuple[bool, float, str]:
    moment = point.taken_at
    return moment is None, moment.timestamp() if moment else 0.0, point.identifier
