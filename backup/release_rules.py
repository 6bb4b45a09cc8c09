"""What the release of a hold waits for. Pure.

`backup.recovered` looks at the zone; `backup.automatic` asks every night for the holds that lift
themselves, `holdfast backup release` for the one that a person names. Unknown is never taken for
well: a hold goes by what is seen to be right, or by hand for a reason that is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backup.hold_rules import Hold, Standing
from backup.points import Point, taken
from continuity.errors import Refusal


@dataclass(frozen=True)
class Condition:
    """One thing that must be so before a hold may go. None: nobody can know it from here."""

    name: str
    met: bool | None
    sentence: str


@dataclass(frozen=True)
class Recovered:
    """What is known of a zone: whether it is well, and what there is to restore it from.

    `healthy_since` is since when every alarm of it was quiet; None where one was not, or where
    nobody can say. `failing` names the alarms that have gone off. `newest` holds per database the
    newest usable point, None where there is none; `files` the same of files. `proven` is the moment
    of the newest point that was restored and checked, of databases and of files. `restoring` names
    the instances that are being restored, `open_run` the failover that has not ended, as its hold
    is called, empty without one; None: nobody can say. `unseen` are the regions whose instances
    nobody saw, `never` the series that never had a point, `damaged` those of which a trial refuted
    a point and proved no newer one: what came since may be as wrong, and must push nothing out.
    """

    healthy_since: datetime | None
    newest: Mapping[str, Point | None]
    restoring: tuple[str, ...]
    open_run: str | None = ""
    failing: tuple[str, ...] = ()
    files: Mapping[str, Point | None] = field(default_factory=dict)
    proven: Mapping[str, datetime] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()
    never: frozenset[str] = frozenset()
    damaged: tuple[str, ...] = ()

    def stale(self, rpo: timedelta, now: datetime) -> tuple[str, ...]:
        """Return the series whose newest usable point is missing, or older than the objective."""
        every = {**self.newest, **self.files}
        return tuple(
            name
            for name, point in sorted(every.items())
            if point is None or now - taken(point) > rpo
        )

    def provable(self) -> tuple[str, ...]:
        """Return the series of which a newest point is wanted that was tried."""
        return tuple(sorted((*self.newest, *self.files)))


HEALTHY_FOR = timedelta(hours=24)
"""For how long a zone must be healthy without a break before its hold goes."""


def conditions(
    hold: Hold, standing: Standing, found: Recovered, rpo: timedelta, now: datetime
) -> tuple[Condition, ...]:
    """Return what a hold's release waits for, each with a sentence.

    Holds that lift themselves do not wait for each other: they go together.
    """
    since = found.healthy_since
    others = [
        one.identifier
        for one in standing.holds
        if one.identifier != hold.identifier and not one.automatic
    ]
    unproven = [
        name
        for name in found.provable()
        if name not in found.proven or found.proven[name] <= hold.since
    ]
    return (
        Condition(
            "healthy",
            None if since is None and not found.failing else _long(since, now),
            f"the zone was healthy for 24 h without a break{_named(found.failing)}",
        ),
        _all("fresh", found, found.stale(rpo, now), "the newest usable point is recent enough"),
        _all("verified", found, unproven, "a point from afterwards was restored and checked"),
        Condition(
            "nothing-restoring",
            None if found.unseen and not found.restoring else not found.restoring,
            f"no restore is running{_named(found.restoring or found.unseen)}",
        ),
        Condition(
            "no-run-open",
            None if found.open_run is None else not found.open_run,
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
    if any(one.name == "no-run-open" and one.met is False for one in found):
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


def _long(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since >= HEALTHY_FOR


def _all(name: str, found: Recovered, lacking: Sequence[str], sentence: str) -> Condition:
    """Say that nothing lacks; where there is nothing to protect, nothing is proven either."""
    return Condition(name, bool(found.newest) and not lacking, f"{sentence}{_named(lacking)}")


def _named(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f" (not so: {listed})" if listed else ""
