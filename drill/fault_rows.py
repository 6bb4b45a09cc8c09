"""One `[[fault]]` row of a scenario: which fields a kind takes, read and checked.

`drill.scenario` reads rows, `drill.run` turns them into the faults of the simulated world once
the zone is deployed and its regions are known.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from continuity.errors import Problem
from continuity.manifest import Manifest
from continuity.reading import Reader
from continuity.zone import SiteName
from simulator.fault import (
    CALL_KINDS,
    NEEDS_DATABASE,
    NEEDS_LENGTH,
    NEEDS_REGION,
    STOPPING_KINDS,
    Fault,
    FaultKind,
)

MOST_SKEW_S = 300
"""Signature version 4 holds for five minutes."""

_OPERATION = r"[A-Z*][A-Za-z0-9*]*"
_PLACE = frozenset({"site", "region"})
_CALL = _PLACE | {"service", "operation", "for", "times", "rate"}
_REPLICA = frozenset({"database", "for"})
_STOP = _CALL  # `for` is how long the controller is gone

FIELDS: dict[FaultKind, frozenset[str]] = {
    **dict.fromkeys(CALL_KINDS, _CALL),
    FaultKind.SLOW: _CALL | {"seconds"},
    FaultKind.REGION_LOST: _PLACE | {"for"},
    FaultKind.REGION_RETURNS: _PLACE,
    FaultKind.REGION_FLAPS: _PLACE | {"seconds", "for"},
    FaultKind.PROMOTION_FAILS: frozenset({"database", "times"}),
    FaultKind.PROMOTION_STALLS: frozenset({"database", "times"}),
    FaultKind.REPLICA_LAG: _REPLICA | {"seconds"},
    FaultKind.REPLICA_BROKEN: _REPLICA,
    FaultKind.LAG_UNKNOWN: _REPLICA,
    FaultKind.SNAPSHOT_UNUSABLE: _PLACE | {"database", "for"},
    FaultKind.COPY_IN_FLIGHT: _PLACE | {"database", "for"},
    FaultKind.SCHEDULE_MISSED: _PLACE | {"for"},
    FaultKind.DATA_CORRUPTED: frozenset({"database", "for"}),
    FaultKind.DATABASE_LOST: _PLACE | {"database", "both_zones", "for"},
    FaultKind.TASKS_LOST: _PLACE | {"for"},
    FaultKind.BAD_RELEASE: _PLACE | {"seconds"},
    FaultKind.KEY_MISSING: _PLACE | {"for"},
    FaultKind.CAPACITY_MISSING: _PLACE | {"for"},
    FaultKind.QUOTA_EXCEEDED: _PLACE | {"for"},
    FaultKind.CONTROLLER_KILLED: _STOP | {"when"},
    FaultKind.CONTROLLER_PAUSED: _STOP,
    FaultKind.SECOND_CONTROLLER: frozenset(),
    FaultKind.CLOCK_SKEW: frozenset({"seconds", "for"}),
    FaultKind.OPERATOR_SILENT: frozenset({"for"}),
}
"""The fields of each kind beside `at` and `kind`; a field that is left out narrows nothing."""

SERVICES = (
    "application-autoscaling",
    "backup",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "ecs",
    "elbv2",
    "iam",
    "kms",
    "lambda",
    "rds",
    "route53",
    "s3",
    "secretsmanager",
    "sts",
)
"""The AWS services of the simulated world, by boto3's names."""


class When(StrEnum):
    """When a controller is killed: before its call leaves, or before it hears of the answer."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class FaultRow:
    """What goes wrong, `at` after the drill's start. A site becomes a region in `fault`."""

    kind: FaultKind
    at: timedelta
    site: SiteName | None = None
    region: str | None = None
    service: str | None = None
    operation: str | None = None
    database: str | None = None
    lasts: timedelta | None = None
    times: int | None = None
    rate: float = 1.0
    seconds: float | None = None
    when: When = When.AFTER
    both_zones: bool = False

    @property
    def place(self) -> str:
        """Return the site or region as written, empty where neither is."""
        return self.site or self.region or ""

    def fault(self, manifest: Manifest) -> Fault:
        """Return the fault as the simulated world takes it."""
        return Fault(
            kind=self.kind,
            at_s=self.at.total_seconds(),
            region=manifest.sites[self.site].region if self.site else self.region,
            service=self.service,
            operation=self.operation,
            database=self.database,
            lasts_s=self.lasts.total_seconds() if self.lasts is not None else None,
            times=self.times,
            rate=self.rate,
            seconds=self.seconds,
            after=self.when is When.AFTER,
            both_zones=self.both_zones,
        )


def read_row(reader: Reader) -> FaultRow:
    """Read one row; problems are noted at `fault[1].kind` and the like."""
    at = reader.duration("at")
    kind = _kind(reader)
    if kind is None:
        return FaultRow(FaultKind.REGION_LOST, at)
    fields = FIELDS[kind]
    row = FaultRow(
        kind,
        at,
        site=reader.choice("site", SiteName) if _given(reader, "site", fields) else None,
        region=_text(reader, "region", fields),
        service=reader.choice("service", SERVICES) if _given(reader, "service", fields) else None,
        operation=_text(reader, "operation", fields, _OPERATION),
        database=_text(reader, "database", fields),
        lasts=read_length(reader, "for") if "for" in fields else None,
        times=_times(reader, kind),
        rate=_rate(reader, fields),
        seconds=_seconds(reader, kind) if _takes_seconds(reader, kind) else None,
        when=_when(reader, kind),
        both_zones=_given(reader, "both_zones", fields) and reader.flag("both_zones"),
    )
    _check_place(reader, row)
    if kind in NEEDS_DATABASE and not reader.has("database"):
        reader.note("database", "is required")
    if kind in NEEDS_LENGTH and not reader.has("for"):
        reader.note("for", "is required")
    reader.finish()
    return row


def read_length(reader: Reader, key: str) -> timedelta | None:
    """Read a length of time that is longer than nothing, if it is given."""
    if not reader.has(key):
        return None
    noted = len(reader.problems)
    length = reader.duration(key)
    if not length and len(reader.problems) == noted:
        reader.note(key, "must be longer than nothing")
    return length


def impossible_times(
    rows: Sequence[FaultRow], regions: Mapping[SiteName, str] | None = None
) -> list[Problem]:
    """Return what cannot happen: a region that returns before it is lost, or is lost twice.

    `regions`, once the zone is known, tells that `home` and `eu-west-1` are one place.
    """
    problems: list[Problem] = []
    back: dict[str, timedelta] = {}
    for index, row in sorted(enumerate(rows), key=lambda item: (item[1].at, item[0])):
        place = row.region or (regions or {}).get(row.site or SiteName.HOME, row.place)
        lost = row.at < back.get(place, timedelta())
        if row.kind in (FaultKind.REGION_LOST, FaultKind.REGION_FLAPS):
            if lost:
                problems.append(_at(index, f"{row.place} is lost already"))
            back[place] = timedelta.max if row.lasts is None else row.at + row.lasts
        elif row.kind is FaultKind.REGION_RETURNS:
            if not lost:
                problems.append(_at(index, f"{row.place} is not lost at that time"))
            back[place] = row.at
    return problems


def _kind(reader: Reader) -> FaultKind | None:
    """Read the kind; None where it is unknown, so that its fields cannot be judged."""
    noted = len(reader.problems)
    kind = reader.choice("kind", FaultKind)
    if len(reader.problems) > noted:
        return None
    return kind


def _at(index: int, message: str) -> Problem:
    return Problem(f"fault[{index}].at", message)


def _given(reader: Reader, key: str, fields: frozenset[str]) -> bool:
    return key in fields and reader.has(key)


def _text(
    reader: Reader, key: str, fields: frozenset[str], pattern: str | None = None
) -> str | None:
    return reader.text(key, pattern=pattern) if _given(reader, key, fields) else None


def _times(reader: Reader, kind: FaultKind) -> int | None:
    """Read how often; a controller is stopped once unless something else is said."""
    if _given(reader, "times", FIELDS[kind]):
        return reader.integer("times", low=1)
    once = kind in STOPPING_KINDS and not reader.has("rate")
    return 1 if once else None


def _when(reader: Reader, kind: FaultKind) -> When:
    if _given(reader, "when", FIELDS[kind]):
        return reader.choice("when", When)
    return When.BEFORE if kind is FaultKind.CONTROLLER_PAUSED else When.AFTER


def _takes_seconds(reader: Reader, kind: FaultKind) -> bool:
    """Say whether there are seconds to read: they are required where a kind takes them at all.

    Only a bad release may leave them out, and fails at once.
    """
    given = kind is not FaultKind.BAD_RELEASE or reader.has("seconds")
    return "seconds" in FIELDS[kind] and given


def _seconds(reader: Reader, kind: FaultKind) -> float:
    """Read how slow, how late, or how far off."""
    if kind is FaultKind.CLOCK_SKEW:
        seconds = reader.number("seconds", low=-math.inf)
        if abs(seconds) > MOST_SKEW_S and math.isfinite(seconds):
            message = f"AWS refuses every call of a clock that is off by more than {MOST_SKEW_S} s"
            reader.note("seconds", message)
        return seconds
    seconds = reader.number("seconds")
    if kind is FaultKind.REGION_FLAPS and seconds == 0.0 and reader.has("seconds"):
        reader.note("seconds", "must be more than nothing")
    return seconds


def _rate(reader: Reader, fields: frozenset[str]) -> float:
    if not _given(reader, "rate", fields):
        return 1.0
    rate = reader.number("rate")
    if not 0 < rate <= 1:
        reader.note("rate", f"{rate} is not a share of calls above 0 and up to 1")
    return rate


def _check_place(reader: Reader, row: FaultRow) -> None:
    if row.site is not None and row.region is not None:
        reader.note("region", "give either a site or a region")
    elif row.kind in NEEDS_REGION and not row.place:
        reader.note("site", "is required here: home or away (or give a region)")
