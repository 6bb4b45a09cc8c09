"""Which points were taken under a hold: each takes no place until it is tried. Pure.

`backup.keep` asks before it decides. A snapshot carries its incident as a tag (`backup.capture`);
AWS Backup takes points by itself and lists them without tags, so of these the holds themselves say
it, those that are on and those that were released. So they do of a snapshot that was taken while
nobody could read them, as soon as they can be read: where none was on, nothing was wrong with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from backup.hold_rules import Standing
from backup.points import Catalogue, Point, Store

UNREADABLE = "holds-unreadable"
"""The incident of what is taken while nobody can know of holds."""

Span = tuple[datetime, datetime | None, str]
"""From when to when a hold was on, None for one that is, and its name."""


def with_incidents(catalogue: Catalogue, standing: Standing) -> Catalogue:
    """Return the catalogue, each point with the first hold under which it was taken."""
    on = sorted(spans(standing), key=lambda one: (one[0], one[2]))
    if not on and UNREADABLE not in {one.incident for one in catalogue.points}:
        return catalogue
    unread = bool(standing.unreadable)
    return replace(catalogue, points=tuple(_told(one, on, unread) for one in catalogue.points))


def spans(standing: Standing) -> Iterator[Span]:
    """Yield when holds were on: those that are, and those that were released."""
    for hold in standing.holds:
        yield hold.since, None, hold.identifier
    for release in standing.releases:
        yield release.since, release.at, release.identifier


def under(moment: datetime, on: Iterable[Span]) -> str:
    """Return the first of these holds that was on at a moment; empty if none was."""
    return next(
        (
            identifier
            for since, until, identifier in on
            if since <= moment and (until is None or moment <= until)
        ),
        "",
    )


def _told(point: Point, on: list[Span], unread: bool) -> Point:
    moment = point.taken_at
    if moment is None:
        return point
    if point.incident == UNREADABLE and not unread:
        return replace(point, incident=under(moment, on))
    if point.store is Store.VAULT and on:
        return replace(point, incident=under(moment, on) or point.incident)
    return point
