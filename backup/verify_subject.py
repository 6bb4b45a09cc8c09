"""What can be tried: the values of a trial, and what each kind of series must know how to do.

`backup.verify` drives trials through a `Subject`; `backup.verify_databases` is one. A trial is
restored, checked and cleared, tick by tick, and by whoever comes next: every verb of a subject is
safe to repeat.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from backup.points import Kind, Point, Series
from continuity import naming

FILES = "files-"
"""What stands before the series in the names of trials of files."""


class Role(StrEnum):
    """Why a point is tried."""

    NEWEST = "newest"  # the one that a recovery would take
    OLDER = "older"  # one of the others, drawn by the day: what nobody restores rots unnoticed
    NAMED = "named"  # a person asked for it


class Stage(StrEnum):
    """How far a trial is."""

    RESTORING = "restoring"
    CHECKING = "checking"
    CLEARING = "clearing"


@dataclass(frozen=True)
class Trial:
    """One point that is being restored into the scratch place.

    `scratch` is the name of what is restored, and the trial's own. `seed` is the local day by
    which it was drawn, `expected_s` how long the restore should take, `sought` when AWS was asked
    for it, `ready` when it was there, `asked` when the checks were last asked. `tries` counts how
    often the restore was asked for in vain, and once it is there how often the checks were asked.
    """

    scratch: str
    series: Series
    point: str
    arn: str
    taken_at: datetime
    region: str
    size_gb: int
    role: Role
    seed: str
    by: str
    began: datetime
    expected_s: float
    stage: Stage = Stage.RESTORING
    sought: datetime | None = None
    ready: datetime | None = None
    asked: datetime | None = None
    tries: int = 0


@dataclass(frozen=True)
class Result:
    """What one check found. `met` is None where it could not be answered at all."""

    name: str
    expected: str
    found: str
    met: bool | None
    seconds: float = 0.0


class Presence(StrEnum):
    """What there is of a restore."""

    MISSING = "missing"
    COMING = "coming"
    READY = "ready"
    BROKEN = "broken"
    GOING = "going"


@dataclass(frozen=True)
class Sight:
    """What was seen of a restore, why it is broken where it is, and since when it is ready.

    `ready` is None where AWS does not say: then it is the moment of the look.
    """

    presence: Presence
    why: str = ""
    ready: datetime | None = None


@dataclass(frozen=True)
class Answers:
    """What came of asking: `results` once there are any, `asked` where the question is out.

    `why` says that nobody could be asked.
    """

    results: tuple[Result, ...] | None = None
    asked: bool = False
    why: str = ""


def scratch_name(zone: str, point: Point, began: datetime) -> str:
    """Return what a trial restores: `we1-scratch-orders-260303011500a1b2`, or `...-files-...`.

    It is the same for the same point and moment.
    """
    kind = FILES if point.series.kind is Kind.FILES else ""
    token = f"{began:%y%m%d%H%M%S}{sha256(point.arn.encode()).hexdigest()[:4]}"
    return naming.scratch(zone, f"{kind}{point.series.resource}", token)


class Subject(Protocol):
    """One kind of series, in one region. Each verb raises `HoldfastError` where AWS says no."""

    def seconds(self, point: Point) -> float:
        """Return how long the restore should take; it may take several times as long."""

    def begin(self, trial: Trial) -> None:
        """Ask for the restore, tagged as ours; one that was asked for already is enough."""

    def look(self, trial: Trial) -> Sight:
        """Return what there is of it now."""

    def check(self, trial: Trial) -> Answers:
        """Ask the checks, or return what they answered."""

    def clear(self, trial: Trial) -> bool:
        """Take away what was restored, if it is ours; True once it needs no further look."""

    def strays(self, known: Sequence[str]) -> tuple[str, ...]:
        """Take away what carries our tag and is no trial's, and return the names."""


@dataclass(frozen=True)
class Wish:
    """One point that is to be tried, why, and the day that drew it."""

    point: Point
    role: Role
    seed: str


@dataclass(frozen=True)
class Asked:
    """What a verification is about: a region, the day, and which series or which point.

    What was tried since `since` is not due again. Both filters are empty for all.
    """

    region: str
    seed: str
    since: datetime
    kinds: frozenset[Kind] = frozenset(Kind)
    series: frozenset[str] = field(default_factory=frozenset)
    point: str = ""
