"""What the record says of messages: which were tried, which arrived, when to try again. Pure.

`incident.messages.due` asks before anything is delivered, `incident.messages.outbox` writes the
entries. An attempt is claimed before it is made, so that two who deliver never say the same at
once; a claim without an outcome is free again after `CLAIM_S`: whoever made it may be dead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from continuity.incidents import ABOUT_MESSAGES, IncidentEntry, Kind, Source
from continuity.journal import Fact
from incident.channels.channel import Message, Moment
from incident.draft import Draft, Voice

CLAIM_S = 60.0
"""Longer than any channel takes to answer and the record to be written."""

FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 1800.0
"""How long a channel that failed is left alone: twice as long each time, up to half an hour."""

LAST_REFUSAL = 5
"""What a channel refuses for good at this attempt or a later one makes way for the next message."""

AGAIN, GIVEN_UP = "again_s", "given_up"


@dataclass(frozen=True)
class Delivery:
    """One message on its way through one channel: its attempts, and what came of them."""

    message: str
    channel: str
    owed: tuple[IncidentEntry, ...] = ()
    outcomes: tuple[IncidentEntry, ...] = ()

    @property
    def last(self) -> IncidentEntry | None:
        """Return the newest outcome."""
        return self.outcomes[-1] if self.outcomes else None

    @property
    def finished(self) -> bool:
        """Say whether nothing more is tried."""
        last = self.last
        return last is not None and (last.kind is Kind.DELIVERED or bool(last.data.get(GIVEN_UP)))

    @property
    def claimed_until(self) -> datetime | None:
        """Return until when an attempt belongs to whoever began it; None where it has ended."""
        last, attempt = self.last, self.owed[-1]
        if last is not None and last.data["attempt"] == attempt.data["attempt"]:
            return None
        return attempt.at + timedelta(seconds=CLAIM_S)

    @property
    def not_before(self) -> datetime:
        """Return from when it may be tried again."""
        claimed, last = self.claimed_until, self.last
        if claimed is not None or last is None:
            return claimed or self.owed[-1].at
        return last.at + timedelta(seconds=float(str(last.data[AGAIN])))

    def words(self, incident: str, zone: str) -> Message:
        """Return the message as it was worded when it was tried first."""
        first = self.owed[0]
        return Message(
            key=self.message,
            incident=incident,
            zone=zone,
            severity=str(first.data["rated"]),
            moment=Moment(str(first.data["moment"])),
            title=str(first.data["title"]),
            text=str(first.data["body"]),
            at=datetime.fromisoformat(str(first.data["about"])),
            person=str(first.data["person"]),
        )


@dataclass(frozen=True)
class Ledger:
    """All deliveries of an incident by message and channel, in the order of the first attempts.

    `references` has each channel's last receipt.
    """

    deliveries: Mapping[tuple[str, str], Delivery] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)

    def of(self, message: str, channel: str) -> Delivery | None:
        """Return how far a message is in a channel; None before its first attempt."""
        return self.deliveries.get((message, channel))

    def in_channel(self, channel: str, prefix: str = "") -> tuple[Delivery, ...]:
        """Return what was tried in a channel, of messages whose keys begin so."""
        found = self.deliveries.values()
        return tuple(
            one for one in found if one.channel == channel and one.message.startswith(prefix)
        )


def ledger(entries: Iterable[IncidentEntry]) -> Ledger:
    """Return what an incident's entries say of its messages."""
    rows: dict[tuple[str, str], Delivery] = {}
    references: dict[str, str] = {}
    for entry in entries:
        if entry.kind not in ABOUT_MESSAGES:
            continue
        key = (str(entry.data["message"]), entry.actor)
        one = rows.get(key, Delivery(*key))
        if entry.kind is Kind.OWED:
            rows[key] = Delivery(*key, (*one.owed, entry), one.outcomes)
            continue
        rows[key] = Delivery(*key, one.owed, (*one.outcomes, entry))
        if entry.kind is Kind.DELIVERED:
            references[entry.actor] = str(entry.data["reference"])
    return Ledger(rows, references)


def owed(message: Message, channel: str, attempt: int, by: str) -> Draft:
    """Return the entry that claims an attempt; its first one keeps the words for ever."""
    data: dict[str, Fact] = {"message": message.key, "attempt": attempt, "by": by}
    if attempt == 1:
        data |= {
            "moment": str(message.moment),
            "title": message.title,
            "body": message.text,
            "rated": message.severity,
            "about": message.at.isoformat(),
            "person": message.person,
        }
    again = "" if attempt == 1 else f", attempt {attempt}"
    return _draft(channel, Kind.OWED, f"To {channel}{again}: {message.title}", data)


def delivered(message: Message, channel: str, attempt: int, reference: str) -> Draft:
    """Return the entry of a message that arrived."""
    data: dict[str, Fact] = {"message": message.key, "attempt": attempt, "reference": reference}
    return _draft(channel, Kind.DELIVERED, f"{channel} has it: {message.title}", data)


@dataclass(frozen=True)
class Failure:
    """Why an attempt came to nothing. `lasting`: trying again mends nothing by itself."""

    why: str
    delay_s: float
    lasting: bool


def undelivered(message: Message, channel: str, attempt: int, failure: Failure) -> Draft:
    """Return the entry of an attempt that failed, with when the next one follows."""
    wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(attempt - 1, 10))
    wait_s = max(LONGEST_WAIT_S if failure.lasting else wait_s, failure.delay_s)
    data: dict[str, Fact] = {"message": message.key, "attempt": attempt, AGAIN: wait_s}
    over = failure.lasting and attempt >= LAST_REFUSAL
    if over:
        data[GIVEN_UP] = True
    end = " It is given up." if over else ""
    text = f"{channel} does not take {message.title!r}: {failure.why}{end}"
    return _draft(channel, Kind.UNDELIVERED, text, data)


def _draft(channel: str, kind: Kind, text: str, data: Mapping[str, Fact]) -> Draft:
    return Draft(Voice(Source.CHANNEL, channel), kind, text, data)
