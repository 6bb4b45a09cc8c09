"""What AWS Lambda runs inside a site's network to look into a restored database.

`stacks.prober` declares it, `cloud.probers` sends it on its way. It reads the database's own
password and nothing else, asks one statement after the other, and leaves the values in the
controller table: `backup.verify_checks` says what they are worth. It may restore, delete and hold
nothing.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from backup import answers
from cloud.door import Cloud, Door
from cloud.permitted import permitted
from cloud.postgres import NoAnswer, Session, Way
from cloud.system_clock import SystemClock
from cloud.workers import ThreadWorkers
from continuity.clock import Clock
from continuity.errors import HoldfastError
from continuity.grants import PROBER

Event = Mapping[str, Any]


class Asking(Protocol):
    """An open session with a database."""

    def run(self, sql: str) -> Sequence[Sequence[object]]:
        """Return the rows of one statement; raises `NoAnswer`."""


Connect = Callable[[Way], Asking]


def run(event: Event, _context: object) -> None:
    """Ask what the event says, and leave the answer where it says."""
    door = Cloud(SystemClock(), ThreadWorkers(1)).at(os.environ["AWS_REGION"])
    answer(door, event, Session)


@permitted(*PROBER)
def answer(door: Door, event: Event, connect: Connect) -> None:
    """Ask and answer; a database that cannot be reached is an answer too.

    Raises:
        HoldfastError: the answer cannot be written.
    """
    try:
        reply = door.read("secretsmanager", "GetSecretValue", SecretId=event["secret"])
        found = questioned(door.clock, event, str(reply["SecretString"]), connect)
    except HoldfastError as error:
        found = {"error": str(error), "values": []}
    answers.give(door, event["table"], event["scratch"], found)


def questioned(clock: Clock, event: Event, password: str, connect: Connect) -> dict[str, Any]:
    """Return what the database says to each check; `error` says why it could not be asked."""
    way = Way(event["host"], event["port"], event["user"], event["database"], password)
    try:
        session = connect(way)
    except NoAnswer as error:
        return {"error": f"it cannot be signed in to: {error}", "values": []}
    return {"error": "", "values": [_value(clock, session, one) for one in event["checks"]]}


def _value(clock: Clock, session: Asking, check: Mapping[str, str]) -> dict[str, Any]:
    began = clock.monotonic()
    found: dict[str, Any] = {"name": check["name"], "value": None, "error": "", "code": ""}
    try:
        rows = session.run(check["sql"])
        found["value"] = _plain(rows[0][0]) if rows and rows[0] else None
    except NoAnswer as error:
        found |= {"error": str(error), "code": error.code}
    return {**found, "seconds": clock.monotonic() - began}


def _plain(value: object) -> object:
    """Return a value as JSON knows it; a moment without a time zone is UTC, as RDS sets it."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)
