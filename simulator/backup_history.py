"""How far an instance's automated backups reach: from when, and up to when.

Restores, replicated backups and describe (`corrections.rds_*`) ask here, and `content` takes the
rows of the moment that a restore was allowed. A promotion, and backups that are turned on again,
begin a new history; a deletion or the loss of the storage ends it. Moments are naive UTC, as moto
keeps them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.world import current

LOGS_EVERY = timedelta(minutes=5)
"""RDS guide: transaction logs go to S3 every five minutes; nothing newer can be restored."""

COPIED_AFTER = timedelta(minutes=3)
"""How much later they lie in another region, where backups are replicated. Assumption: the RDS
guide gives no figure, it only promises that logs follow as soon as they are ready."""

Instance = Any
"""A moto `DBInstance`; moto is untyped here."""


@dataclass(frozen=True)
class RestoredFrom:
    """What a restored instance holds: everything that `instance` had committed up to `moment`."""

    instance: Instance
    moment: datetime


def now() -> datetime:
    """Return the world's time as moto keeps it."""
    return naive(current().clock.now())


def naive(moment: datetime | str) -> datetime:
    """Return a moment, or the text of one, in UTC without saying so."""
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read


def begin(instance: Instance, since: datetime | None = None) -> None:
    """Begin a new history now, or since a given moment: nothing older can be restored."""
    instance._holdfast_history_began = since or now()
    instance._holdfast_history_ended = None


def end(instance: Instance) -> None:
    """End the history: no log comes any more, what has come can be restored."""
    instance._holdfast_history_ended = _still_logging(instance)


def go_on(instance: Instance) -> None:
    """Take the end back: the storage was found again."""
    instance._holdfast_history_ended = None


def has_ended(instance: Instance) -> bool:
    """Say whether the instance will never write a log again."""
    return getattr(instance, "_holdfast_history_ended", None) is not None


def began(instance: Instance) -> datetime:
    """Return the oldest moment that was ever kept."""
    since: datetime | None = getattr(instance, "_holdfast_history_began", None)
    created: datetime = instance.created
    return since or created


def window(
    instance: Instance, days: int, behind: timedelta = timedelta()
) -> tuple[datetime, datetime] | None:
    """Return the oldest and newest moment that can be restored; None where none can.

    `behind` is how late the logs arrive where the backups lie.
    """
    newest = latest(instance, behind)
    if newest is None:
        return None
    return max(began(instance), newest - timedelta(days=days)), newest


def own_window(instance: Instance) -> tuple[datetime, datetime] | None:
    """Return what the instance's own region can restore: what lapsed once never comes back."""
    found = window(instance, instance.backup_retention_period)
    since: datetime | None = getattr(instance, "_holdfast_lapsed_before", None)
    return found if found is None or since is None else (max(found[0], since), found[1])


def lapse(instance: Instance) -> None:
    """Let go for good of what the retention does not reach now, before it is lengthened."""
    found = own_window(instance)
    instance._holdfast_lapsed_before = found[0] if found else None


def latest(instance: Instance, behind: timedelta = timedelta()) -> datetime | None:
    """Return up to when logs have arrived; None without backups, or before the first ones."""
    since = began(instance)
    kept = _still_logging(instance) - behind - since
    if not instance.backup_retention_period or kept < timedelta():
        return None
    return since + kept // LOGS_EVERY * LOGS_EVERY


def _still_logging(instance: Instance) -> datetime:
    """Return up to when the instance has written its logs."""
    ended: datetime | None = getattr(instance, "_holdfast_history_ended", None)
    if ended is not None:
        return ended
    return now() - timedelta(seconds=current().faults.lost_for_s(instance.region))
