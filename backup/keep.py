"""Keep: what becomes of every recovery point of a zone, with the reason. Pure.

`backup.prune` acts on the plan, `cli` prints it. `backup.rotation` gives places; around it stand
the rails: no deletion under a hold, from a shelf whose newest usable point is too old, of what is
being copied or is the newest copy, of what is not ours, nor of more than a part of a shelf in one
run. A shelf is one series in one region: each region must be able to restore by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backup import rotation
from backup.hold_rules import TRIED, Standing, anchors
from backup.incident_points import with_incidents
from backup.points import Catalogue, Point, taken
from continuity.manifest import Manifest
from continuity.zone import Retention

FAILED = frozenset({"failed", "PARTIAL", "EXPIRED"})
"""States that never turn into a usable point again: RDS's, and AWS Backup's. An expired one could
not be deleted when its time had come, and is paid for until it is."""

FAILED_FOR = timedelta(days=7)
"""How long a failed point is kept for somebody to look at."""

REFUTED_FOR = timedelta(days=14)
"""How long a refuted point is kept at least for somebody to look at: two weekly verifications, from
the trial on, which may draw an old one. It goes only where a trial has proven a newer one: the
check may be wrong, and it the only one left."""

MOST_A_RUN = 10
MOST_PART = 4
"""A run deletes at most 10 points of a shelf, and at most a quarter of it: what a wrong clock or a
wrong setting would delete takes nights, in which somebody sees it."""


@dataclass(frozen=True)
class Terms:
    """What a plan is made by: places, calendar, how old the newest usable point may be."""

    retention: Retention
    timezone: str
    rpo: timedelta
    capped: bool = True

    @classmethod
    def of(cls, manifest: Manifest, *, capped: bool = True) -> "Terms":
        """Return a zone's own terms."""
        return cls(manifest.retention, manifest.window.timezone, manifest.objectives.rpo, capped)


@dataclass(frozen=True)
class Decision:
    """What becomes of a point. `postponed`: deletable, but not in this run.

    `placed`: the rotation gave it a place, whatever else keeps it.
    """

    point: Point
    kept: bool
    reason: str
    postponed: bool = False
    placed: bool = False


@dataclass(frozen=True)
class PrunePlan:
    """A decision about every point of a zone, and what an operator should know of it."""

    zone: str
    at: datetime
    decisions: tuple[Decision, ...]
    warnings: tuple[str, ...] = ()

    @property
    def deletions(self) -> tuple[Decision, ...]:
        """Return what this run deletes, in this order."""
        goes = (one for one in self.decisions if not one.kept and not one.postponed)
        return tuple(sorted(goes, key=_order))


def plan(catalogue: Catalogue, standing: Standing, terms: Terms) -> PrunePlan:
    """Decide about every point of the catalogue; two equal catalogues give equal plans."""
    catalogue = with_incidents(catalogue, standing)
    decisions: list[Decision] = []
    warnings = [f"{name} was not read: {error}" for name, error in catalogue.unread.items()]
    for (series, region), points in catalogue.shelves().items():
        shelf = _Shelf(catalogue, points, terms)
        found = shelf.decisions(standing)
        decisions += _capped(found) if terms.capped else found
        warnings += [f"{series} in {region}: {text}" for text in shelf.warnings]
    return PrunePlan(catalogue.zone, catalogue.at, tuple(decisions), tuple(warnings))


class _Shelf:
    """One series in one region."""

    def __init__(self, catalogue: Catalogue, points: Sequence[Point], terms: Terms) -> None:
        self._catalogue = catalogue
        self._points = points
        self._terms = terms
        self._now = catalogue.at
        self._places, self.warnings = self._rotated()
        self._newest = self._fresh()

    def decisions(self, standing: Standing) -> list[Decision]:
        """Return a decision for each point, newest first."""
        held = standing.why(self._now)
        stays = {**self._pinned(standing), **dict.fromkeys(standing.trials, TRIED)}
        return [self._decided(point, held or stays.get(point.arn, "")) for point in self._points]

    def _decided(self, point: Point, held: str) -> Decision:
        keep, reason = self._rule(point)
        stop = "" if keep else held or self._rail(point)
        return Decision(point, keep or bool(stop), stop or reason, placed=self._is_placed(point))

    def _is_placed(self, point: Point) -> bool:
        verdict = self._places.get(point.arn)
        return bool(verdict and verdict.kept) and self._catalogue.past(point)

    def _rule(self, point: Point) -> tuple[bool, str]:
        """Say what would become of a point if nothing stood against it."""
        if not point.ours:
            return True, "not taken by Holdfast: never deleted"
        if point.arn in self._places:
            verdict = self._places[point.arn]
            return verdict.kept, verdict.reason
        if point.in_the_making:
            return True, f"in the making: {point.progress} %"
        if not point.usable:
            return self._broken(point)
        return False, f"taken in {point.incident} and never verified"

    def _broken(self, point: Point) -> tuple[bool, str]:
        """Keep what failed for a while, and for as long as nothing newer could replace it."""
        if point.only_refuted:
            return self._refuted(point)
        if point.status not in FAILED:
            return True, f"not usable now: {point.unusable}"
        if point.taken_at is None or self._now - point.taken_at < FAILED_FOR:
            return True, "failed: kept for 7 days"
        if self._newest is None or taken(self._newest) <= point.taken_at:
            return True, "failed, and nothing newer is usable"
        return False, "failed more than 7 days ago"

    def _refuted(self, point: Point) -> tuple[bool, str]:
        """Keep what a trial refuted for a while, and for as long as no newer point is proven."""
        moment, why = taken(point), f"refuted ({point.refuted})"
        proven = (one for one in self._points if one.usable and one.verified)
        if not any(taken(one) > moment for one in proven):
            return True, f"{why}: kept until a newer point is proven"
        if self._now - _found_wrong(point) < REFUTED_FOR:
            return True, f"{why}: kept for {REFUTED_FOR.days} days"
        return False, f"{why} more than {REFUTED_FOR.days} days ago, and a newer point is proven"

    def _rail(self, point: Point) -> str:
        """Say what forbids to delete a point that the rotation gives up; empty if nothing."""
        if self._newest is None:
            return "no usable point would be left"
        if point.arn == self._newest.arn:
            return "newest usable"
        if self._now - taken(self._newest) > self._terms.rpo:
            age = (self._now - taken(self._newest)) / timedelta(hours=1)
            return f"the newest usable point is {age:.0f} h old: nothing is deleted"
        return self._copying(point)

    def _copying(self, point: Point) -> str:
        """Say whether a copy depends on a point: deleting a source aborts its copy."""
        if self._catalogue.unread:
            return f"{', '.join(self._catalogue.unread)} cannot be asked for copies in flight"
        if point.arn in self._catalogue.in_flight:
            return "copy in flight"
        copied = (one for one in self._points if one.source and one.usable)
        newest = next(copied, None)
        if newest is not None and newest.arn == point.arn:
            return "newest copy here: without it the next one is a full one"
        return ""

    def _rotated(self) -> tuple[Mapping[str, rotation.Verdict], tuple[str, ...]]:
        """Give places to the points that count, by ARN."""
        counted = [one for one in self._points if one.counts]
        moments = [taken(one) for one in counted]
        terms = self._terms
        found = rotation.rotate(moments, terms.retention, terms.timezone, self._now)
        arns = (one.arn for one in counted)
        return dict(zip(arns, found.verdicts, strict=True)), found.warnings

    def _fresh(self) -> Point | None:
        """Return the newest point that counts; one from the future says nothing about today."""
        past = self._catalogue.past
        return next((one for one in self._points if one.counts and past(one)), None)

    def _pinned(self, standing: Standing) -> Mapping[str, str]:
        monthly = [
            one
            for one in self._points
            if one.arn in self._places and self._places[one.arn].tier is rotation.Tier.MONTHLY
        ]
        found = anchors(self._points, standing, monthly, self._now)
        return {one.point.arn: f"last known good before {one.identifier}" for one in found}


def _found_wrong(point: Point) -> datetime:
    """Return when a trial refuted a point; where its mark does not say so, when it was taken."""
    try:
        found = datetime.fromisoformat(point.refuted.partition(" ")[0])
    except ValueError:
        return taken(point)
    return found if found.tzinfo else taken(point)


def _capped(decisions: list[Decision]) -> list[Decision]:
    """Postpone what is more than one run may delete."""
    goes = sorted((one for one in decisions if not one.kept), key=_order)
    most = max(1, min(MOST_A_RUN, len(decisions) // MOST_PART))
    later = {one.point.arn for one in goes[most:]}
    return [_postponed(one, most) if one.point.arn in later else one for one in decisions]


def _postponed(decision: Decision, most: int) -> Decision:
    reason = f"{decision.reason} (a later run: at most {most} in one)"
    return replace(decision, reason=reason, postponed=True)


def _order(decision: Decision) -> tuple[bool, str, str]:
    """The oldest go first, what was taken in an incident goes last."""
    point = decision.point
    moment = point.taken_at.isoformat() if point.taken_at else ""
    return bool(point.incident), moment, point.arn
