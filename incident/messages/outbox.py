"""The outbox: what the record owes is claimed, delivered and written down, channel beside channel.

Commands, the failover's driver and the zone's function call `Outbox.deliver`. It keeps nothing: the
record says what is owed and what was done, so that whoever comes next goes on wherever somebody was
cut off. Each message is said at least once, and once only as far as a channel can tell by its key.
"""

import logging
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from continuity.clock import Clock, Workers
from continuity.errors import HoldfastError, TemporaryError
from continuity.incidents import IncidentEntry
from incident.channels.channel import Channel
from incident.declare import Words
from incident.draft import Draft
from incident.messages.arrangement import Arrangement
from incident.messages.due import Due, messages_due
from incident.messages.ledger import Failure, delivered, owed, undelivered
from incident.record import Incident

_LOG = logging.getLogger(__name__)

Rule = Callable[[tuple[Incident, ...]], Words]


class Shelf(Protocol):
    """What a record holds, as it was read."""

    @property
    def known(self) -> tuple[Incident, ...]:
        """Return the incidents, in order."""


class Noted(Protocol):
    """What came of writing."""

    @property
    def incident(self) -> Incident:
        """Return the incident as it is now."""

    @property
    def written(self) -> tuple[IncidentEntry, ...]:
        """Return what is new; nothing where the rule had nothing to say."""


class Record(Protocol):
    """The record of a zone's incidents; `incident.book.Book` is the real one."""

    def read(self) -> Shelf:
        """Read all that can be read."""

    def write(self, rule: Rule) -> Noted:
        """Write what a rule says of what stands there when it is written."""


@dataclass(frozen=True)
class Result:
    """What one delivery came to; `failure` None where it arrived."""

    due: Due
    reference: str = ""
    failure: Failure | None = None


@dataclass(frozen=True)
class Round:
    """What a delivery brought, in order, and when there is more to do; None: nothing is owed."""

    results: tuple[Result, ...] = ()
    next_at: datetime | None = None


@dataclass(frozen=True)
class Outbox:
    """One who delivers. `by` is unique to this process; `hands` work side by side.

    `patient` False tries channels again that are being left alone: somebody may have mended them.
    """

    record: Record
    channels: Sequence[Channel]
    zone: Arrangement
    clock: Clock
    hands: Workers
    by: str
    patient: bool = True

    def deliver(self, within_s: float) -> Round:
        """Deliver what is owed, turn by turn; no turn begins after so many seconds.

        Raises:
            HoldfastError: the record cannot be read or written. What was said meanwhile is said
                again later under the same key.
        """
        until = self.clock.monotonic() + within_s
        results: list[Result] = []
        ahead: list[datetime] = []
        for one in self.record.read().known:
            found = self._tell(one, until, results)
            ahead += self._ahead(found)
        return Round(tuple(results), min(ahead, default=None))

    def _tell(self, found: Incident, until: float, results: list[Result]) -> Incident:
        """Take turns with one incident until nothing is due; return it as it is then."""
        tried: set[tuple[str, str]] = set()
        while self._due(found, tried) and self.clock.monotonic() < until:
            found, claimed = self._claim(found, tried)
            if not claimed:
                break  # others were quicker
            tried |= {(one.message.key, one.channel) for one in claimed}
            sent = self.hands.run([partial(send, self.channels, one) for one in claimed])
            results += sent
            found = self._write_down(found, sent)
        return found

    def _ahead(self, found: Incident) -> list[datetime]:
        """Return when there is more to do with one incident: now, if time was up before its end."""
        now = self.clock.now()
        outlook = messages_due(found, self.zone, now)
        if any(one.not_before <= now for one in outlook.heads):
            return [now]
        return [at for at in [outlook.next_at(now)] if at is not None]

    def _due(self, found: Incident, tried: AbstractSet[tuple[str, str]]) -> tuple[Due, ...]:
        now = self.clock.now()
        heads = messages_due(found, self.zone, now).heads
        return tuple(
            one
            for one in heads
            if one.not_before <= now or (self._hurries(one) and _name(one) not in tried)
        )

    def _hurries(self, one: Due) -> bool:
        return not self.patient and not one.claimed

    def _claim(
        self, found: Incident, tried: AbstractSet[tuple[str, str]]
    ) -> tuple[Incident, tuple[Due, ...]]:
        """Write down who tries what, unless somebody else has; return what is ours to try."""
        wanted: dict[tuple[str, str], Due] = {}

        def rule(known: Sequence[Incident]) -> Words:
            now = _same(found, known)
            wanted.clear()
            wanted.update({_name(one): one for one in self._due(now, tried)})
            drafts = [owed(o.message, o.channel, o.attempt, self.by) for o in wanted.values()]
            return Words(now, tuple(drafts))

        noted = self.record.write(rule)
        names = [(str(one.data["message"]), one.actor) for one in noted.written]
        return noted.incident, tuple(wanted[name] for name in names if name in wanted)

    def _write_down(self, found: Incident, sent: Sequence[Result]) -> Incident:
        drafts = tuple(outcome(one) for one in sent)
        return self.record.write(lambda known: Words(_same(found, known), drafts)).incident


def _same(found: Incident, known: Sequence[Incident]) -> Incident:
    """Return an incident as it stands now; one that cannot be read just now as it was."""
    return next((one for one in known if one.id == found.id), found)


def _name(one: Due) -> tuple[str, str]:
    return one.message.key, one.channel


def send(channels: Sequence[Channel], one: Due) -> Result:
    """Deliver one message; whatever a channel does, the others are not held up by it."""
    channel = next(each for each in channels if each.name == one.channel)
    try:
        receipt = channel.deliver(one.message, one.reference)
    except TemporaryError as error:
        return Result(one, failure=Failure(str(error), error.delay, lasting=False))
    except HoldfastError as error:
        return Result(one, failure=Failure(str(error), 0.0, lasting=True))
    except Exception as error:  # noqa: BLE001 - a defect of one channel silences that one only
        _LOG.exception("The channel %s failed", one.channel)
        return Result(one, failure=Failure(repr(error), 0.0, lasting=True))
    return Result(one, receipt.reference)


def outcome(one: Result) -> Draft:
    """Return the entry that says what a delivery came to."""
    due = one.due
    if one.failure is None:
        return delivered(due.message, due.channel, due.attempt, one.reference)
    return undelivered(due.message, due.channel, due.attempt, one.failure)
