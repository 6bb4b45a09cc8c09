"""How far a database has written, and how far its replica has come: what proves that nothing lags.

A prober asks PostgreSQL itself, in each site (`failover.aws`), because RDS's own ReplicaLag is one
number a minute and says nothing of an idle source (decision 0034). `failover.steps.settle` judges.
Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from continuity.errors import TemporaryError

SESSIONS = (
    "select count(*) from pg_stat_activity where backend_type = 'client backend' "
    "and usename <> 'rdsadmin' and pid <> pg_backend_pid()"
)
"""Who else is signed in. Asked before the position: whoever could still write is counted."""

WRITTEN = "select cast(pg_current_wal_flush_lsn() as text)"
REPLAYED = "select cast(pg_last_wal_replay_lsn() as text)"
"""What is on the disk of a primary, and what a replica lets its readers see (PostgreSQL manual,
"System Administration Functions")."""


@dataclass(frozen=True)
class Position:
    """A place in the log of one database, in bytes, and how many others were signed in there."""

    bytes: int
    sessions: int = 0


def questions(*, primary: bool) -> list[Mapping[str, str]]:
    """Return what a prober asks, in this order, as it wants it."""
    if not primary:
        return [{"name": "position", "sql": REPLAYED}]
    return [{"name": "sessions", "sql": SESSIONS}, {"name": "position", "sql": WRITTEN}]


def tells(answer: Mapping[str, Any]) -> bool:
    """Say whether an answer is of use; where it is not, the database must be asked once more."""
    try:
        read(answer)
    except TemporaryError:
        return False
    return True


def read(answer: Mapping[str, Any]) -> Position:
    """Read a prober's answer.

    Raises:
        TemporaryError: the database could not be asked, or did not answer everything.
    """
    values = {one["name"]: one for one in answer["values"]}
    errors = [answer["error"], *(one["error"] for one in values.values())]
    trouble = next(filter(None, errors), "")
    if trouble or values.get("position", {}).get("value") is None:
        raise TemporaryError(f"the database was asked in vain: {trouble or 'no position'}")
    sessions = values.get("sessions", {}).get("value") or 0
    return Position(place(str(values["position"]["value"])), int(sessions))


def place(text: str) -> int:
    """Return a position as a number: `16/B374D848` are two halves of 32 bits, in hexadecimal.

    Raises:
        TemporaryError: it is none.
    """
    high, _, low = text.partition("/")
    try:
        return (int(high, 16) << 32) + int(low, 16)
    except ValueError as error:
        raise TemporaryError(f"{text!r} is no position in a log") from error
