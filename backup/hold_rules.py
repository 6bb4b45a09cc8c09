"""What holds mean: the states of a zone, what stays pinned, and when a hold may go. Pure.

    NORMAL --place--> HELD --last release--> RELEASING --seven days--> NORMAL
                       ^-------- place ----------'

`backup.hold` stores holds and releases, `backup.standing` reads those of both sites. Several holds
add up by name; what cannot be read counts as held, for deleting cannot be undone; no hold lapses
by itself (decision 0017); one that was placed by what was seen is lifted by what is seen, as
`backup.release_rules` has it.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from backup.points import Point, taken

GRACE = timedelta(days=7)
"""How long after the last release nothing is deleted: what would be is published, and a relapse
finds everything still there."""

PINNED = timedelta(days=90)
"""How long the last known good point stays at least after its hold is released."""

DETECTED_AFTER = timedelta(minutes=15)
"""Assumption: what is wrong when a hold is placed was wrong for so long already. The last known
good point is older than that."""

NAME = re.compile(r"[^\W_][\w.:/=+@-]{0,127}")
"""What a hold may be called: each point taken meanwhile bears the name as the value of a tag, and
RDS refuses a snapshot with any other character in it (API reference, Tag)."""


DAMAGED = "damaged"
"""What the name of a hold begins with that was placed for what a trial refuted."""

TRIED = "it is being tried: a restore of it runs"
"""Why a point stays that a verification has under way."""


class HoldState(StrEnum):
    """Whether recovery points of a zone may be deleted: only when it is normal."""

    NORMAL = "normal"
    HELD = "held"
    RELEASING = "releasing"


@dataclass(frozen=True)
class Hold:
    """One reason not to delete anything. The identifier is the run's, so a repeat finds it.

    `automatic`: placed by what was seen, and lifted by what is seen (`backup.release_rules`).
    """

    identifier: str
    reason: str
    since: datetime
    automatic: bool = False


@dataclass(frozen=True)
class Release:
    """A hold that was taken off: its name and beginning, when, by whom and why.

    `placed` is why it was on.
    """

    identifier: str
    since: datetime
    at: datetime
    by: str = ""
    reason: str = ""
    placed: str = ""


@dataclass(frozen=True)
class Raised:
    """One thing that a hold raised: `was` is what is put back. `hold` is who raised it last."""

    name: str
    was: str
    hold: str


@dataclass(frozen=True)
class Standing:
    """The holds of a zone at one moment; `unreadable` are the tables that did not answer.

    `raised` is what holds raised and nobody has put back yet. `trials` are the ARNs of the points
    that a verification restores just now: each of them stays meanwhile, and nothing else for it.
    """

    holds: tuple[Hold, ...] = ()
    releases: tuple[Release, ...] = ()
    unreadable: tuple[str, ...] = ()
    raised: tuple[Raised, ...] = ()
    trials: tuple[str, ...] = ()

    def state(self, now: datetime) -> HoldState:
        """Return the zone's state."""
        if self.holds or self.unreadable:
            return HoldState.HELD
        graced = any(release.at + GRACE > now for release in self.releases)
        return HoldState.RELEASING if graced else HoldState.NORMAL

    def why(self, now: datetime) -> str:
        """Say why nothing may be deleted: `hold INC-7`; empty if it may."""
        if self.holds:
            return f"hold {', '.join(hold.identifier for hold in self.holds)}"
        if self.unreadable:
            return f"held: the holds in {', '.join(self.unreadable)} cannot be read"
        if self.state(now) is HoldState.RELEASING:
            return f"releasing until {self.grace_ends:%Y-%m-%d %H:%M} UTC"
        return ""

    def of(self, arn: str, now: datetime) -> str:
        """Say why one point may not be deleted: a reason for all, or that it is being tried."""
        return self.why(now) or (TRIED if arn in self.trials else "")

    @property
    def grace_ends(self) -> datetime:
        """Return when the grace of the last release is over."""
        return max(release.at for release in self.releases) + GRACE

    def without(self, identifiers: Collection[str], now: datetime) -> "Standing":
        """Return the zone as it is once these were released now and every grace is over."""
        over = now - GRACE
        gone = [one for one in self.holds if one.identifier in identifiers]
        return replace(
            self,
            holds=tuple(one for one in self.holds if one.identifier not in identifiers),
            releases=(
                *(replace(one, at=min(one.at, over)) for one in self.releases),
                *(Release(one.identifier, one.since, over) for one in gone),
            ),
        )


@dataclass(frozen=True)
class Anchor:
    """The last known good point of a shelf, and the hold for which it is pinned."""

    point: Point
    identifier: str


def anchors(
    shelf: Sequence[Point], standing: Standing, monthly: Sequence[Point], now: datetime
) -> tuple[Anchor, ...]:
    """Return what stays pinned on one shelf: per hold, the newest usable point before it.

    A released hold lets its anchor go after `PINNED`, once `monthly`, the points in the monthly
    places, holds a verified one from after the incident.
    """
    found = [_anchor(shelf, hold.identifier, hold.since) for hold in standing.holds]
    for release in standing.releases:
        proven = any(one.verified and taken(one) > release.at for one in monthly)
        if now < release.at + PINNED or not proven:
            found.append(_anchor(shelf, release.identifier, release.since))
    return tuple(anchor for anchor in found if anchor is not None)


def is_damage(identifier: str) -> bool:
    """Say whether a hold was placed for data that a trial found wrong: good is what was proven."""
    return identifier.startswith(f"{DAMAGED}-")


def _anchor(shelf: Sequence[Point], identifier: str, since: datetime) -> Anchor | None:
    good = [one for one in shelf if one.counts and taken(one) <= since - DETECTED_AFTER]
    if is_damage(identifier):
        good = [one for one in good if one.verified] or good
    return Anchor(max(good, key=taken), identifier) if good else None
