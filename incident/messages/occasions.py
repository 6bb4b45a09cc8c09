"""What happened that people are told of: from an incident's entries to moments. Pure.

`incident.messages.tellings` says who hears which. What was said at once by one voice, such as the
several changes of one `update`, is one occasion.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from continuity.incidents import ABOUT_MESSAGES, ABOUT_REVIEW, IncidentEntry, Kind, Source
from incident.channels.channel import Moment
from incident.record import Incident, stages
from incident.states import State

PUBLIC = "public"
"""Names the fact of an entry that holds words for customers, as they are to read them."""

_OF_STATE = {
    State.CONTAINED: Moment.IDENTIFIED,
    State.RECOVERING: Moment.RECOVERING,
    State.MONITORING: Moment.MONITORING,
    State.CLOSED: Moment.RESOLVED,
}
"""What customers are told while an incident stands so; before, it depends on who knows what."""


@dataclass(frozen=True)
class Occasion:
    """Entries that were said at once, the moment that they are, and how the incident stood then.

    `standing` is the moment in which somebody finds it who hears of it only now. `again`: what was
    over has come back.
    """

    moment: Moment
    standing: Moment
    entries: tuple[IncidentEntry, ...]
    found: Incident
    again: bool = False

    @property
    def number(self) -> int:
        """Return the number of its first entry, which never changes."""
        return self.entries[0].number

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return self.entries[0].at

    @property
    def public(self) -> str:
        """Return what somebody wrote for customers; empty where nobody did."""
        return " ".join(str(one.data[PUBLIC]) for one in self.entries if one.data.get(PUBLIC))


def occasions(found: Incident) -> tuple[Occasion, ...]:
    """Return what people are told of, in order."""
    pairs = list(zip(found.entries, stages(found.entries), strict=True))
    told: list[Occasion] = []
    diagnosed, before = False, State.DECLARED
    for group in _at_once(pairs):
        entries, now = tuple(entry for entry, _ in group), group[-1][1]
        again = before is State.MONITORING and now.state in (State.CONTAINED, State.RECOVERING)
        moment = _moment(entries, again=again, known=diagnosed)
        diagnosed = diagnosed or moment is Moment.IDENTIFIED
        early = Moment.IDENTIFIED if diagnosed else Moment.INVESTIGATING
        standing = _OF_STATE.get(now.state, early)
        told.append(Occasion(moment, standing, entries, now, again=again))
        before = now.state
    return tuple(told)


def rousing(told: Sequence[Occasion]) -> tuple[Occasion, ...]:
    """Return the occasions that make people get up: it began, came again, or became worse."""
    before = [None, *(one.found.severity for one in told[:-1])]
    return tuple(
        one
        for one, severity in zip(told, before, strict=True)
        if severity is None or one.again or one.found.severity.worse_than(severity)
    )


def _at_once(
    pairs: Iterable[tuple[IncidentEntry, Incident]],
) -> Iterator[Sequence[tuple[IncidentEntry, Incident]]]:
    """Return the entries in groups that one voice said at once, without messages and review."""
    group: list[tuple[IncidentEntry, Incident]] = []
    for pair in pairs:
        if pair[0].kind in ABOUT_MESSAGES | ABOUT_REVIEW:
            continue
        if group and _voice(group[-1][0]) != _voice(pair[0]):
            yield group
            group = []
        group.append(pair)
    if group:
        yield group


def _voice(entry: IncidentEntry) -> tuple[object, ...]:
    """Return what entries of one saying share: a run's are each a saying of their own."""
    alone = entry.number if entry.source is Source.RUN else 0
    return (entry.source, entry.actor, entry.at, alone)


def _moment(entries: Sequence[IncidentEntry], *, again: bool, known: bool) -> Moment:
    facts = {name: value for entry in entries for name, value in entry.data.items()}
    kinds = {entry.kind for entry in entries}
    if again or ("diagnosis" in facts and not known):
        return Moment.IDENTIFIED
    if "state" in facts:
        by_run = entries[0].source is Source.RUN
        state = State(str(facts["state"]))
        held = by_run and state is State.CONTAINED
        return Moment.HOLDING_PAGE if held else _OF_STATE[state]
    if Kind.DECLARED in kinds:
        return Moment.INVESTIGATING
    return Moment.ACKNOWLEDGED if Kind.ACKNOWLEDGED in kinds else Moment.NOTE
