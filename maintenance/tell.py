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
from maintenance.notices import Board, Notices
from maintenance.owed import messages_due


@dataclass(frozen=True)
class Herald:
    """One who tells; `by` is unique to this process."""

    notices: Notices
    channels: Sequence[Channel]
    by: str

    def tell(self, notice: str) -> tuple[Result, ...]:
        """Deliver what one notice owes to each channel, side by side; once each.

        Raises:
            HoldfastError: its log cannot be read or written. What was said meanwhile is said again
                under the same key.
        """
        claimed = self._claim(notice)
        if not claimed:
            return ()
        tasks = [partial(send, self.channels, one) for one in claimed]
        sent = tuple(self.notices.cloud.workers.run(tasks))
        self.notices.add(notice, lambda _: [outcome(one) for one in sent])
        return sent

    def _claim(self, notice: str) -> tuple[Due, ...]:
        """Write down who tries what, unless somebody else has; return what is ours to try."""
        wanted: list[Due] = []
        zone = arrangement(self.notices.manifest, self.channels)
        clock = self.notices.cloud.clock

        def rule(board: Board) -> list[Draft]:
            wanted[:] = messages_due(board.entries(notice), zone, clock.now())
            return [owed(one.message, one.channel, one.attempt, self.by) for one in wanted]

        self.notices.add(notice, rule)
        return tuple(wanted)
