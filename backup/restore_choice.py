"""Which source a restore takes, and why not another. Pure.

`backup.restore_plan` asks. Named is exactly one point, or one moment; without either, whatever
holds the newest data is taken: of automated backups and snapshots the one that loses less, as a
failover chooses. A snapshot is restored where it lies.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from backup.points import Catalogue, Point, Reach, Series, Store, taken
from backup.restore_source import Source, of_point, of_reach
from continuity.errors import InvalidInput, Problem
from continuity.restorable import BEFORE_LATEST

FEW = 5
"""How many points an answer names; `list` shows all."""

NEVERTHELESS = " (it is restored nevertheless with --refuted --reason TEXT)"


@dataclass(frozen=True)
class Wish:
    """What is to be restored, from where: a point by name, a moment, or the newest there is.

    `refuted`: a person wants the named point although a trial found its content wrong.
    """

    series: Series
    region: str
    point: str = ""
    moment: datetime | None = None
    refuted: bool = False

    @property
    def newest(self) -> bool:
        """Say whether nothing was named."""
        return not self.point and self.moment is None


@dataclass(frozen=True)
class Passed:
    """One that was not taken: its name, the moment of its data where known, and why not."""

    name: str
    moment: datetime | None
    why: str


@dataclass(frozen=True)
class Choice:
    """What is restored, why, and what was passed over although it is newer."""

    source: Source
    why: str
    passed: tuple[Passed, ...] = ()


def choose(catalogue: Catalogue, wish: Wish) -> Choice:
    """Return what a wish takes.

    Raises:
        InvalidInput: there is nothing like that to restore; the problem says what there is.
    """
    if wish.region in catalogue.unread:
        why = f"the recovery points there cannot be read: {catalogue.unread[wish.region]}"
        raise _unusable("--site", f"{wish.region}: {why}")
    if wish.point:
        return _by_point(catalogue, wish)
    if wish.moment is not None:
        return _by_moment(catalogue, wish, wish.moment)
    return _by_age(catalogue, wish)


def _by_point(catalogue: Catalogue, wish: Wish) -> Choice:
    named = [one for one in _points(catalogue, wish.series) if one.identifier == wish.point]
    here = [one for one in named if one.region == wish.region]
    if not here:
        raise _unusable("--point", _elsewhere(catalogue, wish, named))
    wanted = here[0].only_refuted and wish.refuted
    if here[0].unusable and not wanted:
        known = _known(catalogue, wish)
        why = f"{here[0].unusable}{NEVERTHELESS if here[0].only_refuted else ''}"
        raise _unusable("--point", f"{here[0]} cannot be restored: {why}; {known}")
    source = of_point(here[0])
    although = f", although {here[0].unusable}" if wanted else ""
    why = f"it is the point that was asked for{although}{_proof(here[0])}"
    return Choice(source, why, _newer(catalogue, wish, source))


def _by_moment(catalogue: Catalogue, wish: Wish, moment: datetime) -> Choice:
    covering = [one for one in _reaches(catalogue, wish) if not one.unusable and _in(one, moment)]
    if not covering:
        raise _unusable("--at", _unreached(catalogue, wish, moment))
    best = max(covering, key=lambda one: (one.oldest or moment, one.arn))
    why = f"the backups of {best.instance} reach from {_text(best.oldest)} to "
    source = of_reach(best, moment)
    return Choice(source, f"{why}{_text(best.newest)}", _newer(catalogue, wish, source))


def _by_age(catalogue: Catalogue, wish: Wish) -> Choice:
    found = [(of_point(one), _proof(one)) for one in _usable(catalogue, wish)]
    found += [
        (of_reach(one, one.newest), "")
        for one in _reaches(catalogue, wish)
        if not one.unusable and one.newest is not None
    ]
    if not found:
        raise _unusable("DATABASE", f"{wish.series.resource}: {_nothing(catalogue, wish)}")
    source, proof = max(found, key=lambda one: (one[0].moment, one[0].name))
    why = f"it holds the newest data that can be restored{proof}"
    return Choice(source, why, _newer(catalogue, wish, source))


def _proof(point: Point) -> str:
    """Say what is known of a point's content, beside that RDS would restore it."""
    if point.verified:
        return f"; a restore of it was tested at {point.verified}"
    return f"; taken in {point.incident} and never tested" if point.incident else ""


def _newer(catalogue: Catalogue, wish: Wish, source: Source) -> tuple[Passed, ...]:
    """Return what holds newer data than what is taken, or might, and why it is not taken."""
    found = [
        Passed(one.identifier, one.taken_at, _against(one, wish))
        for one in _points(catalogue, wish.series)
        if one.region == wish.region and (one.taken_at is None or one.taken_at > source.moment)
    ]
    found += [
        Passed(f"backups of {one.instance}", one.newest, _against(one, wish))
        for one in _reaches(catalogue, wish)
        if one.unusable or (one.newest is not None and one.newest - BEFORE_LATEST > source.moment)
    ]
    return tuple(sorted(found, key=_age, reverse=True)[:FEW])


def _against(one: Point | Reach, wish: Wish) -> str:
    if one.unusable:
        return one.unusable
    return "it was not asked for" if not wish.newest else "it holds nothing newer"


def _age(passed: Passed) -> tuple[bool, float, str]:
    moment = passed.moment
    return moment is None, moment.timestamp() if moment else 0.0, passed.name


def _elsewhere(catalogue: Catalogue, wish: Wish, named: Iterable[Point]) -> str:
    others = sorted({one.region for one in named})
    if others:
        return (
            f"{wish.point} lies in {', '.join(others)} and not in {wish.region}: a snapshot is "
            "restored where it lies, so choose that site with --site, or copy it first"
        )
    return f"{wish.series.resource} has no point {wish.point}; {_known(catalogue, wish)}"


def _unreached(catalogue: Catalogue, wish: Wish, moment: datetime) -> str:
    here = [_window(one) for one in _reaches(catalogue, wish)]
    there = [
        f"those in {one.region} do: choose that site with --site"
        for one in catalogue.reaches
        if (one.series, one.unusable) == (wish.series, "") and _in(one, moment)
    ]
    reach = "; ".join((*here, *there)) or "there are none"
    return f"no automated backups in {wish.region} reach {_text(moment)}: {reach}"


def _window(reach: Reach) -> str:
    if reach.unusable:
        return f"those of {reach.instance} cannot be restored: {reach.unusable}"
    return f"those of {reach.instance} reach from {_text(reach.oldest)} to {_text(reach.newest)}"


def _nothing(catalogue: Catalogue, wish: Wish) -> str:
    against = [f"{one.name}: {one.why}" for one in _every(catalogue, wish)]
    told = "; ".join(against[:FEW]) or "there is no recovery point"
    return f"nothing can be restored in {wish.region} ({told})"


def _every(catalogue: Catalogue, wish: Wish) -> Iterator[Passed]:
    for one in _points(catalogue, wish.series):
        if one.region == wish.region:
            yield Passed(one.identifier, one.taken_at, one.unusable)
    for reach in _reaches(catalogue, wish):
        yield Passed(f"backups of {reach.instance}", reach.newest, reach.unusable)


def _known(catalogue: Catalogue, wish: Wish) -> str:
    usable = sorted(_usable(catalogue, wish), key=taken, reverse=True)
    names = ", ".join(one.identifier for one in usable[:FEW])
    return f"what can be restored in {wish.region}: {names or 'no snapshot'}"


def _usable(catalogue: Catalogue, wish: Wish) -> list[Point]:
    points = _points(catalogue, wish.series)
    return [one for one in points if one.region == wish.region and one.usable]


def _points(catalogue: Catalogue, series: Series) -> Iterator[Point]:
    """Yield a database's snapshots; what AWS Backup keeps are files."""
    for one in catalogue.points:
        if one.series == series and one.store is not Store.VAULT:
            yield one


def _reaches(catalogue: Catalogue, wish: Wish) -> Iterator[Reach]:
    for one in catalogue.reaches:
        if one.series == wish.series and one.region == wish.region:
            yield one


def _in(reach: Reach, moment: datetime) -> bool:
    return (
        reach.oldest is not None
        and reach.newest is not None
        and reach.oldest <= moment <= reach.newest
    )


def _text(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "nowhere"


def _unusable(path: str, message: str) -> InvalidInput:
    return InvalidInput("The restore", [Problem(path, message)])
