"""Whose backups hold a database at which moment, where a restored instance took another's name.

`backup.catalogue` asks. What was set aside goes on being backed up and holds nothing new; what took
its name was backed up before that, and held nothing that counts. The name of the one that was set
aside says when they changed places (`continuity.naming.aside_at`). Pure.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from backup.points import Reach
from continuity.naming import aside_at


def serving_turns(reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """Return each reach cut to the time in which its instance was the database, in order."""
    found = tuple(reaches)
    return tuple(_cut(one, found) for one in found)


def _cut(one: Reach, found: Iterable[Reach]) -> Reach:
    """End a reach where its instance was set aside; begin it where the one before it was."""
    ended = aside_at(one.instance)
    changes = sorted(
        moment
        for other in found
        if (other.series, other.region) == (one.series, one.region)
        and (moment := aside_at(other.instance)) is not None
        and (ended is None or moment < ended)
    )
    oldest = _later(one.oldest, changes[-1] if changes else None)
    newest = one.newest if ended is None or one.newest is None else min(one.newest, ended)
    if oldest is not None and newest is not None and oldest > newest:
        return replace(one, oldest=None, newest=None, unusable=one.unusable or _NOTHING)
    return replace(one, oldest=oldest, newest=newest)


_NOTHING = "it holds no moment yet"


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return one if one is None or other is None else max(one, other)
