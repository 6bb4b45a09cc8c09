"""A session with a PostgreSQL database that only reads. `backup.prober` opens one.

The driver is pg8000: it is Python through and through, so that the same package runs on any
machine that Lambda has.
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pg8000 import native
from pg8000.exceptions import DatabaseError, InterfaceError

from continuity.errors import PermanentError

AUTHORITIES = Path("/var/runtime/ca-cert.pem")
"""Where Lambda's runtimes keep the certificates of RDS (Lambda guide, "SSL/TLS requirements for
Amazon RDS connections"); elsewhere the system's own must do."""

CONNECT_S = 20
STATEMENT_MS = 780_000
"""Thirteen minutes for all that one statement does: Lambda ends the function after fifteen."""


@dataclass(frozen=True)
class Way:
    """How to get in. The password is read by whoever goes, and kept nowhere."""

    host: str
    port: int
    user: str
    database: str
    password: str


class NoAnswer(PermanentError):
    """The database did not answer a statement; `code` is PostgreSQL's (appendix A), if any."""

    def __init__(self, sentence: str, code: str = "") -> None:
        self.code = code
        super().__init__(sentence)


class Session:
    """An open session. Whatever is asked, nothing is written."""

    def __init__(self, way: Way) -> None:
        try:
            self._connection: Any = native.Connection(
                way.user,
                host=way.host,
                port=way.port,
                database=way.database,
                password=way.password,
                timeout=CONNECT_S,
                ssl_context=_trust(),
            )
        except (DatabaseError, InterfaceError, OSError) as error:
            raise _no_answer(error) from error
        self.run("SET default_transaction_read_only = on")
        self.run(f"SET statement_timeout = {STATEMENT_MS}")

    def run(self, sql: str) -> Sequence[Sequence[object]]:
        """Return the rows of one statement.

        Raises:
            NoAnswer: PostgreSQL refuses it, or is not there any more.
        """
        try:
            rows: Sequence[Sequence[object]] = self._connection.run(sql) or ()
        except (DatabaseError, InterfaceError, OSError) as error:
            raise _no_answer(error) from error
        return rows


def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if AUTHORITIES.is_file():
        context.load_verify_locations(AUTHORITIES)
    return context


def _no_answer(error: Exception) -> NoAnswer:
    """PostgreSQL's own errors come as a table of fields: C is the code, M the message."""
    told = error.args[0] if error.args else error
    if isinstance(told, dict):
        return NoAnswer(str(told.get("M", told)), str(told.get("C", "")))
    return NoAnswer(str(error) or type(error).__name__)
