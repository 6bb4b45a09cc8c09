"""Telling people of work on a zone: what a notice owes is claimed, delivered and written down.

`cli.maintenance_told` calls it after a notice was noted, and again whenever somebody repeats the
command. The notice stands whatever its channels do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from incident.channels.channel import Channel
from incident.draft import Draft
from incident.messages.due import Due
from incident.messages.ledger import owed
from incident.messages.opening import arrangement
from incident.messages.outbox import Result, outcome, send
from maintenance.board import Board
from maintenance.notices import Notices
from maintenance.owed import messages_due


@dataclass(frozen=True)
class Told:
    """What was said now, and the channels that somebody else is telling or was cut off from."""

    results: tuple[Result, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class Herald:
    """One who tells; `by` is unique to this process."""

    notices: Notices
    channels: Sequence[Channel]
    by: str

    def tell(self, notice: str) -> Told:
        """Deliver what one notice owes to each channel, side by side; once each.

        Raises:
            HoldfastError: its log cannot be read or written. What was said meanwhile is said again
                under the same key.
        """
        due = self._claim(notice)
        elsewhere = tuple(one.channel for one in due if one.claimed)
        tasks = [partial(send, self.channels, one) for one in due if not one.claimed]
        sent = tuple(self.notices.cloud.workers.run(tasks))
        self.notices.add(notice, lambda _: [outcome(one) for one in sent])
        return Told(sent, elsewhere)

    def _claim(self, notice: str) -> tuple[Due, ...]:
        """Write down who tries what, unless somebody else has; return all that is owed."""
        found: list[Due] = []
        zone = arrangement(self.notices.manifest, self.channels)
        clock = self.notices.cloud.clock

        def rule(board: Board) -> list[Draft]:
            found[:] = messages_due(board.entries(notice), zone, clock.now())
            free = [one for one in found if not one.claimed]
            return [owed(one.message, one.channel, one.attempt, self.by) for one in free]

        self.notices.add(notice, rule)
        return tuple(found)
