"""What trials of files showed, told to the points themselves, as tags tell it of snapshots. Pure.

AWS Backup lists points without their tags, so `backup.catalogue` asks the evidence instead. A copy
has the moment of its source and holds the same: the word on the one is true of the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from backup.evidence import Evidence, Proofs
from backup.points import WRONG, Kind, Point, Series
from backup.verify_marks import words
from continuity import naming


def told(points: Iterable[Point], proofs: Iterable[Proofs]) -> tuple[Point, ...]:
    """Return the points, those of files with what their newest trial in any site showed."""
    newest = _newest(one for found in proofs for each in found.values() for one in each)
    return tuple(_told(point, newest) for point in points)


def _newest(found: Iterable[Evidence]) -> dict[tuple[Series, datetime], dict[str, str]]:
    ordered = sorted(found, key=lambda one: one.ended)
    said = {(one.series, one.taken_at): words(one) for one in ordered if words(one)}
    return {key: said[key] for key in said if key[0].kind is Kind.FILES}


def _told(point: Point, newest: Mapping[tuple[Series, datetime], Mapping[str, str]]) -> Point:
    if point.taken_at is None or (point.series, point.taken_at) not in newest:
        return point
    said = newest[point.series, point.taken_at]
    refuted = said.get(naming.TAG_REFUTED, "")
    wrong = f"{WRONG}{refuted}" if refuted else ""
    verified = said.get(naming.TAG_VERIFIED, "")
    return replace(point, verified=verified, refuted=refuted, unusable=point.unusable or wrong)
