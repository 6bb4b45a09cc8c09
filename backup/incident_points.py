"""Which points of files were taken under a hold: each takes no place until it is tried. Pure.

`backup.keep` asks before it decides. A snapshot carries its incident as a tag (`backup.capture`);
AWS Backup takes points by itself and lists them without tags, so of these the holds themselves say
it, those that are on and those that were released. What is never tried, a shared file system, has
no way to prove itself and counts as it always did.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from backup.hold_rules import Standing
from backup.points import Catalogue, Point, Store

Span = tuple[datetime, datetime | None, str]
"""From when to when a hold was on, None for one that is, and its name."""


def with_incidents(catalogue: Catalogue, standing: Standing) -> Catalogue:
    """Return the catalogue, each point of files with the first hold under which it was taken."""
    spans = sorted(_spans(standing), key=lambda one: (one[0], one[2]))
    if not spans:
        return catalogue
    return replace(catalogue, points=tuple(_told(one, spans) for one in catalogue.points))


def _spans(standing: Standing) -> Iterator[Span]:
    for hold in standing.holds:
        yield hold.since, None, hold.identifier
    for release in standing.releases:
        yield release.since, release.at, release.identifier


def _told(point: Point, spans: list[Span]) -> Point:
    moment = point.taken_at
    if point.store is not Store.VAULT or moment is None:
        return point
    for since, until, identifier in spans:
        if since <= moment and (until is None or moment <= until):
            return replace(point, incident=identifier)
    return point
