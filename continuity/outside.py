"""What an outside client sees of a zone. The engine judges by this, not by its own beliefs.

`cloud.outside` asks over HTTPS, `simulator.platform` answers in the simulated world. The platform
keeps two small promises, which is all that Holdfast knows of it:

- `GET /continuity/health` answers 200 with `{"site": "home"}` while it can serve;
- `POST /continuity/databases/NAME` writes a row through the application's own connection, reads
  it back, and answers 200 with `{"newest_before": ISO-8601 time or null}`: when the newest row
  that was there before had been committed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Served(StrEnum):
    """Who answered a request."""

    HOME = "home"
    AWAY = "away"
    HOLDING_PAGE = "holding page"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Written:
    """The proof that a database takes writes, or the reason why it does not.

    `newest_before` is when the newest row already there had been committed, if any was.
    """

    ok: bool
    newest_before: datetime | None
    reason: str = ""


class Outside(Protocol):
    """A client somewhere on the internet, with short timeouts. Methods never raise."""

    def served_by(self, name: str) -> Served:
        """Resolve the zone's public name afresh and say who answers."""

    def answers(self, address: str, name: str) -> bool:
        """Say whether the platform behind one load balancer answers for the zone's name."""

    def write(self, address: str, name: str, database: str) -> Written:
        """Write and read one row of a database through the platform behind an address."""
