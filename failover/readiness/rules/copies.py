"""What if the replica is no answer? The newest usable copy of each database in the standby region.

A corrupted database is not recovered from its replica. What counts is the age of the data in the
newest *completed* copy: schedule, snapshot and copy time are all in it.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from continuity.manifest import Database
from continuity.restorable import AUTOMATED_DAYS
from failover.readiness.finding import Finding, blocks, degrades
from failover.readiness.picture import Copy, CopyKind, Picture

_USABLE = {CopyKind.BACKUPS: frozenset({"replicating", "retained"}),
           CopyKind.SNAPSHOT: frozenset({"available"})}  # fmt: skip
"""Statuses from which RDS restores (API reference, DBInstanceAutomatedBackup and DBSnapshot)."""


def copies(picture: Picture) -> Iterator[Finding]:
    """Judge each database's recovery points in the standby region."""
    found = picture.target.copies.value
    if found is None:
        return
    for database in picture.manifest.databases:
        mine = of(database, found)
        yield from _replicated(picture, database, mine)
        yield from _newest(picture, database, mine)


def _replicated(picture: Picture, database: Database, mine: list[Copy]) -> Iterator[Finding]:
    primary = database.members[picture.manifest.active].identifier
    running = [copy for copy in mine if copy.kind is CopyKind.BACKUPS and copy.instance == primary]
    if not any(copy.status == "replicating" for copy in running):
        seen = ", ".join(sorted({copy.status for copy in running})) or "not there"
        yield degrades(
            "backups-not-replicated",
            database.name,
            f"the automated backups of {primary} are {seen} in {picture.standby_site.region}",
            "Start their replication (deploy the zone); a second in the past is out of reach.",
        )
        return
    kept = max(copy.retention_days or 0 for copy in running)
    if kept < database.backup_retention_days:
        yield degrades(
            "backups-kept-too-short",
            database.name,
            f"replicated backups are kept {kept} days, the plan says "
            f"{database.backup_retention_days}",
            "No call lengthens it: stop the replication while the source is well, then deploy the "
            f"zone with a refresh: begun anew, it has {AUTOMATED_DAYS} days (decision 0038).",
        )


def _newest(picture: Picture, database: Database, mine: list[Copy]) -> Iterator[Finding]:
    best = newest_usable(picture, database)
    if best is None or best.newest is None:
        yield blocks(
            "no-usable-copy",
            database.name,
            f"nothing in {picture.standby_site.region} can be restored{_reasons(picture, mine)}",
            "Replicate the backups or copy a snapshot there, under the key of that site.",
        )
        return
    newest = best.newest
    age, objective = picture.now - newest, picture.manifest.objectives.rpo
    if age > objective:
        yield blocks(
            "copy-too-old",
            database.name,
            f"the newest usable copy holds data of {newest:%Y-%m-%d %H:%M} UTC, {hours(age)} ago; "
            f"the objective allows {hours(objective)}",
            "Find out why newer copies do not arrive; copy a snapshot by hand until they do.",
        )


def newest_usable(picture: Picture, database: Database) -> Copy | None:
    """Return the copy that a restore would take; None where there is none, or nobody knows."""
    usable = [
        (copy.newest, copy)
        for copy in of(database, picture.target.copies.value or ())
        if copy.newest is not None and not unusable(picture, copy)
    ]
    return max(usable, key=lambda pair: pair[0])[1] if usable else None


def unusable(picture: Picture, copy: Copy) -> str:
    """Return why a copy could not be restored; empty when it could."""
    if copy.status not in _USABLE[copy.kind]:
        return f"is {copy.status}"
    if copy.newest is None:
        return "holds no moment yet"
    if copy.key != picture.standby_site.key_arn:
        return f"is encrypted with {copy.key or 'no key'}, not with the site's own"
    if picture.standby.key.value != "Enabled":
        return "needs a key that is not usable"
    return ""


def of(database: Database, found: Iterable[Copy]) -> list[Copy]:
    """Return the copies of a database, whichever site's instance they were taken of."""
    names = {member.identifier for member in database.members.values()}
    return [copy for copy in found if copy.instance in names]


def _reasons(picture: Picture, mine: list[Copy]) -> str:
    said = [f"the {copy.kind} {copy.identifier} {unusable(picture, copy)}" for copy in mine]
    return f": {'; '.join(said)}" if said else ": there is no copy at all"


def hours(length: timedelta) -> str:
    """Return a length of time as findings say it, `1.5 h`."""
    return f"{length.total_seconds() / 3600:.1f} h"
