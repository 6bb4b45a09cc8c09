"""Which points are to be tried now, and which series nobody has proven lately. Pure.

The newest usable point of every series is tried each week, and one of the older ones, drawn by the
day: whoever knows the day can draw it again. A newest point that is refuted makes the one before it
the newest, so that a verification goes on until something good is found.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from backup.evidence import TRUSTED_FOR, Evidence, Proofs, Verdict, last, proven
from backup.points import Catalogue, Point, Series, Store, taken
from backup.verify_subject import Asked, Role, Trial, Wish
from continuity.manifest import Manifest

EVERY = timedelta(days=6)
"""What was tried within so many days is not due: the schedule comes on the same day every week."""

GOES_BACK = 3
"""How many newest points of one series may be refuted on one day before that is enough."""

TRIES = 2
"""How often on one day a trial may come to nothing before somebody has to look."""


def seed_of(manifest: Manifest, now: datetime) -> str:
    """Return the day that draws: the zone's local date."""
    return f"{now.astimezone(ZoneInfo(manifest.window.timezone)):%Y-%m-%d}"


def wishes(
    catalogue: Catalogue, proofs: Proofs, running: Collection[Trial], asked: Asked
) -> tuple[Wish, ...]:
    """Return what is to be tried now: every newest point first, then the older ones.

    The series that was proven longest ago leads.
    """
    busy = {(trial.series, trial.role) for trial in running}
    found = [
        wish
        for series, all_of_it in _candidates(catalogue, asked).items()
        if (points := _unrefuted(all_of_it, proofs.get(series, ())))
        for wish in _of_series(points, asked)
        if (series, wish.role) not in busy and _due(wish.role, proofs.get(series, ()), asked)
    ]
    return tuple(sorted(found, key=lambda wish: _turn(wish, proofs)))


def may_be_due(
    series: Iterable[Series], proofs: Proofs, running: Collection[Trial], asked: Asked
) -> bool:
    """Say whether any point of these series could be tried now, before any is looked for."""
    busy = {(trial.series, trial.role) for trial in running}
    taken_up = _taken_up(running)
    return any(
        (one, role) not in busy and _due(role, proofs.get(one, ()), asked)
        for one in series
        if one.only_place not in taken_up
        and one.kind in asked.kinds
        and (not asked.series or one.resource in asked.series)
        for role in (Role.NEWEST, Role.OLDER)
    )


def named(catalogue: Catalogue, asked: Asked) -> Wish | None:
    """Return the one point that a person named, refuted before or not; None if it is not there."""
    for point in catalogue.points:
        mine = point.identifier == asked.point and point.region == asked.region
        if mine and _restorable(point, asked) and (point.usable or point.refuted):
            return Wish(point, Role.NAMED, asked.seed)
    return None


def drawn(points: Sequence[Point], seed: str, series: Series) -> Point:
    """Return one point, the same for the same day, series and points."""
    ordered = sorted(points, key=lambda one: (taken(one), one.identifier))
    number = int(hashlib.sha256(f"{seed} {series}".encode()).hexdigest(), 16)
    return ordered[number % len(ordered)]


@dataclass(frozen=True)
class Trust:
    """What is known of one series: its newest proof, and the newest trial whatever it showed."""

    series: Series
    proof: Evidence | None
    last: Evidence | None

    def stale(self, now: datetime) -> bool:
        """Say whether nothing was proven for too long."""
        return self.proof is None or now - self.proof.ended > TRUSTED_FOR


def trust(
    series: Iterable[Series], proofs: Mapping[Series, Sequence[Evidence]]
) -> tuple[Trust, ...]:
    """Return what is known of each series."""
    return tuple(
        Trust(one, proven(proofs.get(one, ())), last(proofs.get(one, ()))) for one in series
    )


def _candidates(catalogue: Catalogue, asked: Asked) -> dict[Series, list[Point]]:
    """Return the usable points of each series in the region, the newest first."""
    found: dict[Series, list[Point]] = {}
    for (series, region), shelf in catalogue.shelves().items():
        points = [one for one in shelf if one.usable and _restorable(one, asked)]
        wanted = not asked.series or series.resource in asked.series
        if region == asked.region and points and wanted:
            found[series] = points
    return found


def alone(found: Iterable[Wish], running: Collection[Trial]) -> tuple[Wish, ...]:
    """Return the wishes of which no two need the one bucket, or the one reader, of a site."""
    kept: list[Wish] = []
    taken_up = _taken_up(running)
    for wish in found:
        place = wish.point.series.only_place
        if place not in taken_up:
            taken_up |= {place} - {""}
            kept.append(wish)
    return tuple(kept)


def _taken_up(running: Iterable[Trial]) -> set[str]:
    return {trial.series.only_place for trial in running} - {""}


def _unrefuted(points: Sequence[Point], known: Sequence[Evidence]) -> list[Point]:
    """Return the points that no evidence speaks against: those of files bear no tag that does."""
    says = {one.point: one.verdict for one in sorted(known, key=lambda one: one.ended)}
    return [one for one in points if says.get(one.identifier) is not Verdict.REFUTED]


def _restorable(point: Point, asked: Asked) -> bool:
    known = point.store is not Store.AUTOMATED and point.taken_at is not None
    return known and point.series.kind in asked.kinds


def _of_series(points: Sequence[Point], asked: Asked) -> Iterable[Wish]:
    newest, older = points[0], points[1:]
    yield Wish(newest, Role.NEWEST, asked.seed)
    if older:
        yield Wish(drawn(older, asked.seed, newest.series), Role.OLDER, asked.seed)


def _due(role: Role, known: Sequence[Evidence], asked: Asked) -> bool:
    mine = [one for one in known if one.role is role and one.ended >= asked.since]
    if any(one.verdict is Verdict.PROVEN for one in mine):
        return False
    today = [one for one in mine if one.seed == asked.seed]
    refuted = sum(one.verdict is Verdict.REFUTED for one in mine)
    return refuted < GOES_BACK and sum(one.verdict is Verdict.UNPROVEN for one in today) < TRIES


def _turn(wish: Wish, proofs: Proofs) -> tuple[bool, float, str]:
    series = wish.point.series
    proof = proven(proofs.get(series, ()))
    since = 0.0 if proof is None else proof.ended.timestamp()
    return wish.role is not Role.NEWEST, since, str(series)
