"""What the people of a scenario say, said as the commands say it, to a run or by beginning one.

`drill.run` lets each row live beside the controllers. A word goes into the open run through
`failover.decisions` and `failover.declarations`; where none is open and the word begins one, the
person drives it through `failover.lead`, as `holdfast failover start` does.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from continuity.errors import HoldfastError, Refusal
from continuity.journal import Entry
from drill.approver import NAME
from drill.people import Deed, PersonRow
from failover import decisions
from failover.declarations import declare_corrupted, declare_order
from failover.lead import Driver, lead
from failover.options import Declaration, Options, Order, PlannedMove
from failover.progress import Progress
from failover.surroundings import Surroundings

AGAIN_S = 10.0
"""How soon a person tries again what the zone did not take yet."""


class _TimeUpError(Exception):
    """The drill is over while the person still drives."""


@dataclass(frozen=True)
class Person:
    """Somebody at a keyboard. `began` and `began_at` are time zero, on both clocks.

    After the clock's second `end` nothing is said any more. `options` are those of every driver in
    the drill; `watch` is told every progress of a run that the person drives.
    """

    around: Surroundings
    options: Options
    watch: Callable[[Progress], None]
    began: float
    began_at: datetime
    end: float

    def live(self, row: PersonRow) -> None:
        """Wait until the row's time, then say it until somebody has taken it down."""
        clock = self.around.clock
        clock.sleep(max(0.0, self.began + row.at.total_seconds() - clock.monotonic()))
        while clock.monotonic() < self.end and not self._said(row):
            clock.sleep(AGAIN_S)

    def _said(self, row: PersonRow) -> bool:
        """Say it to the open run, or begin one; False where neither is possible yet."""
        try:
            self._say(row)
        except Refusal:
            return self._started(row)
        except HoldfastError:
            return False
        return True

    def _say(self, row: PersonRow) -> Entry:
        if row.does is Deed.DECLARE_CORRUPTED:
            return declare_corrupted(self.around, self._declaration(row))
        if row.does is Deed.ORDER_PLANNED_MOVE:
            raise Refusal("It begins a run of its own.", "Start one.")
        if row.does is Deed.ORDER_MOVE:
            return declare_order(self.around, Order(NAME, row.reason))
        if row.does is Deed.ABORT:
            return decisions.abort(self.around, NAME, row.reason)
        return decisions.consent(self.around, NAME, row.database, row.reason)

    def _started(self, row: PersonRow) -> bool:
        """Drive a run that the word begins; some words need one that goes on."""
        if row.does in (Deed.ACCEPT_DATA_LOSS, Deed.ABORT):
            return False
        try:
            lead(self.around, Driver(NAME, NAME), self._options(row), self._tell)
        except _TimeUpError:
            return True
        except HoldfastError:
            # Nothing to begin, or somebody else began meanwhile: the word is still unsaid.
            return False
        return True

    def _options(self, row: PersonRow) -> Options:
        if row.does is Deed.ORDER_MOVE:
            return replace(self.options, move=Order(NAME, row.reason))
        if row.does is Deed.ORDER_PLANNED_MOVE:
            # A drill takes place at any hour: it does not wait for the window.
            at = self.began_at + row.at
            move = PlannedMove(NAME, row.reason, at, emergency=True)
            return replace(self.options, planned=move)
        return replace(self.options, declared=(self._declaration(row),))

    def _declaration(self, row: PersonRow) -> Declaration:
        return Declaration(row.database, self.began_at + row.moment, NAME, row.reason)

    def _tell(self, progress: Progress) -> None:
        if self.around.clock.monotonic() >= self.end:
            raise _TimeUpError
        self.watch(progress)
