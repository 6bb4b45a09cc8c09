"""How much a restore would really lose: not how old the newest copy is, but how old it can get.

Between two copies the newest one ages by the interval at which they are taken; a copy that is on
its way is no copy yet. Interval + snapshot + copy time is the RPO that a zone really has.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from continuity.manifest import Database
from failover.readiness.finding import Finding, degrades
from failover.readiness.picture import Copy, CopyKind, Picture
from failover.readiness.rules import copies

LOGS_EVERY = timedelta(minutes=5)
"""RDS user guide: transaction logs are stored every five minutes."""

DAILY = timedelta(days=1)
"""How often RDS takes a snapshot by itself: what counts where fewer than two copies tell."""

RECENT = 8
"""From how many copies of the past the interval is read: a week of daily ones."""


def real_rpo(picture: Picture) -> Iterator[Finding]:
    """Judge whether copies come often enough; one that is too old already is judged elsewhere."""
    objective = picture.manifest.objectives.rpo
    for database in picture.manifest.databases:
        best, worst = copies.newest_usable(picture, database), worst_age(picture, database)
        if best is None or best.newest is None or worst is None:
            continue
        if picture.now - best.newest <= objective < worst:
            yield degrades(
                "copies-too-seldom",
                database.name,
                f"before the next {best.kind} arrives, the newest is {copies.hours(worst)} old; "
                f"the objective allows {copies.hours(objective)}",
                "Take copies more often or replicate the automated backups; snapshot and copy "
                "time count as well as the interval.",
            )


def worst_age(picture: Picture, database: Database) -> timedelta | None:
    """Return how old the newest usable copy gets at least; None where there is no such copy."""
    best = copies.newest_usable(picture, database)
    if best is None or best.newest is None:
        return None
    age = picture.now - best.newest
    if best.kind is CopyKind.BACKUPS:
        return max(age, LOGS_EVERY)
    return max(age, _interval(picture, database) + _travel(best))


def _interval(picture: Picture, database: Database) -> timedelta:
    """Return the longest time that lay between two of the last copies' data."""
    moments = sorted(
        copy.newest
        for copy in copies.of(database, picture.target.copies.value or ())
        if copy.kind is CopyKind.SNAPSHOT and copy.newest is not None
    )[-RECENT:]
    return max((later - earlier for earlier, later in pairwise(moments)), default=DAILY)


def _travel(copy: Copy) -> timedelta:
    """Return how long after the moment of its data a copy was there."""
    if copy.arrived is None or copy.newest is None:
        return timedelta()
    return max(copy.arrived - copy.newest, timedelta())
