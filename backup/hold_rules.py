"""What holds mean: the states of a zone, what stays pinned, and when a hold may go. Pure.

    NORMAL --place--> HELD --last release--> RELEASING --seven days--> NORMAL
                       ^-------- place ----------'

`backup.hold` stores holds and releases, `backup.standing` reads those of both sites. Several holds
add up by name; what cannot be read counts as held, for deleting cannot be undone; no hold lapses
by itself (decision 0017).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backup.points import Point, taken
from continuity.errors import Refusal

GRACE = timedelta(days=7)
"""How long after the last release nothing is deleted: what would be is published, and a relapse
finds everything still there."""

PINNED = timedelta(days=90)
"""How long the last known good point stays at least after its hold is released."""

DETECTED_AFTER = timedelta(minutes=15)
"""Assumption: what is wrong when a hold is placed was wrong for so long already. The last known
good point is older than that."""


class HoldState(StrEnum):
    """Whether recovery points of a zone may be deleted: only when it is normal."""

    NORMAL = "normal"
    HELD = "held"
    RELEASING = "releasing"


@dataclass(frozen=True)
class Hold:
    """One reason not to delete anything. The identifier is the run's, so a repeat finds it."""

    identifier: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class Release:
    """A hold that was taken off: its name and beginning, when, by whom and why."""

    identifier: str
    since: datetime
    at: datetime
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """The holds of a zone at one moment; `unreadable` are the tables that did not answer.

    `trials` are the restores that a verification has under way: nothing is deleted meanwhile. No
    grace follows them, for nothing was wrong.
    """

    holds: tuple[Hold, ...] = ()
    releases: tuple[Release, ...] = ()
    unreadable: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()

    def state(self, now: datetime) -> HoldState:
        """Return the zone's state."""
        if self.holds or self.unreadable or self.trials:
            return HoldState.HELD
        graced = any(release.at + GRACE > now for release in self.releases)
        return HoldState.RELEASING if graced else HoldState.NORMAL

    def why(self, now: datetime) -> str:
        """Say why nothing may be deleted: `hold INC-7`; empty if it may."""
        if self.holds:
            return f"hold {', '.join(hold.identifier for hold in self.holds)}"
        if self.unreadable:
            return f"held: the holds in {', '.join(self.unreadable)} cannot be read"
        if self.trials:
            return f"held: recovery points are being tried ({', '.join(self.trials)})"
        if self.state(now) is HoldState.RELEASING:
            ends = max(release.at for release in self.releases) + GRACE
            return f"releasing until {ends:%Y-%m-%d %H:%M} UTC"
        return ""


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


def _anchor(shelf: Sequence[Point], identifier: str, since: datetime) -> Anchor | None:
    good = [one for one in shelf if one.counts and taken(one) <= since - DETECTED_AFTER]
    return Anchor(max(good, key=taken), identifier) if good else None


@dataclass(frozen=True)
class Condition:
    """One thing that must be so before a hold may go. None: nobody can know it from here."""

    name: str
    met: bool | None
    sentence: str


@dataclass(frozen=True)
class Recovered:
    """What is known of a zone that wants its hold released.

    `healthy_since` is None where nobody watched. `newest` holds per series the newest usable
    point, None where there is none; `restoring` names the instances that are being restored,
    `open_run` the failover that has not ended, empty without one.
    """

    healthy_since: datetime | None
    newest: Mapping[str, Point | None]
    restoring: tuple[str, ...]
    open_run: str = ""


HEALTHY_FOR = timedelta(hours=24)
"""For how long a zone must be healthy without a break before its hold goes."""


def conditions(
    hold: Hold, standing: Standing, found: Recovered, rpo: timedelta, now: datetime
) -> tuple[Condition, ...]:
    """Return what a hold's release waits for, each with a sentence."""
    since = found.healthy_since
    others = [one.identifier for one in standing.holds if one.identifier != hold.identifier]
    fresh = {
        name: point is not None and now - taken(point) <= rpo
        for name, point in found.newest.items()
    }
    proven = {
        name: point is not None and taken(point) > hold.since and bool(point.verified)
        for name, point in found.newest.items()
    }
    return (
        Condition(
            "healthy",
            None if since is None else now - since >= HEALTHY_FOR,
            "the zone was healthy for 24 h without a break",
        ),
        _all("fresh", fresh, "the newest usable point is within the objective"),
        _all("verified", proven, "a point from after the incident was restored and checked"),
        Condition(
            "nothing-restoring",
            not found.restoring,
            f"no restore is running{_named(found.restoring)}",
        ),
        Condition(
            "no-run-open",
            not found.open_run,
            f"no failover is under way{_named(filter(None, [found.open_run]))}",
        ),
        Condition("alone", not others, f"no other hold is on{_named(others)}"),
    )


def demand_release(hold: Hold, found: Sequence[Condition], reason: str) -> None:
    """Raise Refusal unless a hold may go now: by itself, or by hand for a reason that is given.

    Other holds stay on by themselves, so they stand against nothing; a failover that is under way
    always does.
    """
    lacking = {one.name: one.sentence for one in found if one.met is not True}
    lacking.pop("alone", None)
    if "no-run-open" in lacking:
        raise Refusal(
            f"{hold.identifier} is not released: nobody can say that {lacking['no-run-open']}.",
            "Let the run end, or abort it.",
        )
    if lacking and not reason.strip():
        unmet = "; that ".join(lacking.values())
        raise Refusal(
            f"{hold.identifier} is not released: nobody can say that {unmet}.",
            "Wait until it is so, or release it by hand with --reason.",
        )


def _all(name: str, answers: dict[str, bool], sentence: str) -> Condition:
    lacking = sorted(one for one, answer in answers.items() if not answer)
    return Condition(name, bool(answers) and not lacking, f"{sentence}{_named(lacking)}")


def _named(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f" (not so: {listed})" if listed else ""


def room_days(used: int, maximum: int, per_day: int) -> float:
    """Return for how many days a region still takes snapshots while nothing is deleted."""
    return float("inf") if per_day <= 0 else max(0, maximum - used) / per_day
