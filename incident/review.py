"""The review of an incident: causes as stated, what is to be improved, and that it was held. Pure.

`holdfast incident review` writes it through `incident.book`; `incident.change` closes nothing
without it; `incident.review_document` tells it. Improvements stay open until somebody says that
they are done, also when the incident has long been closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from continuity.errors import InvalidInput, Problem, Refusal
from continuity.incidents import IncidentEntry, Kind
from continuity.journal import Fact
from incident.declare import Words
from incident.draft import Draft, Voice
from incident.record import Incident
from incident.states import State

Facts = dict[str, Fact]


@dataclass(frozen=True)
class Improvement:
    """What is to be done, the role that sees to it, and until when."""

    what: str
    owner: str
    due: date


@dataclass(frozen=True)
class Item:
    """An improvement on record. Numbers count within the incident, from 1."""

    number: int
    improvement: Improvement
    since: datetime
    done_at: datetime | None = None
    outcome: str = ""

    def overdue(self, today: date) -> bool:
        """Say whether it should have been done before today, and is not."""
        return self.done_at is None and self.improvement.due < today


@dataclass(frozen=True)
class Findings:
    """What one command adds. `nothing` is why there is nothing to improve."""

    causes: tuple[str, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    done: tuple[int, ...] = ()
    outcome: str = ""
    held: bool = False
    nothing: str = ""


def causes(found: Incident) -> tuple[str, ...]:
    """Return the causes as they were stated, in order."""
    return tuple(str(one.data["cause"]) for one in found.of(Kind.CAUSE))


def items(found: Incident) -> tuple[Item, ...]:
    """Return the improvements of an incident, in order."""
    done = {int(str(one.data["item"])): one for one in found.of(Kind.IMPROVED)}
    return tuple(
        _item(number, entry, done.get(number))
        for number, entry in enumerate(found.of(Kind.IMPROVEMENT), start=1)
    )


def held(found: Incident) -> IncidentEntry | None:
    """Return the entry that says that the review was held; None where it was not."""
    return next(iter(found.of(Kind.REVIEWED)[-1:]), None)


def objection(found: Incident) -> str | None:
    """Return why a review stands against closing an incident; None where it does not."""
    return None if held(found) else "nobody has reviewed it"


def review(found: Incident, voice: Voice, said: Findings) -> Words:
    """Return what findings add; what stands there already is not written again.

    Raises:
        InvalidInput: an improvement that is done is none of the incident's, or words would be lost
            because what they belong to is not said with them.
        Refusal: a review cannot be held yet, or found nothing.
    """
    _demand_whole(said)
    known = {item.number for item in items(found)}
    unknown = [number for number in said.done if number not in known]
    if unknown:
        names = ", ".join(map(str, sorted(known))) or "none yet"
        message = f"there is no improvement {unknown[0]} of {found.id}; there are {names}"
        raise InvalidInput("The review", [Problem("--done", message)])
    drafts = (*_stated(found, voice, said), *_done(found, voice, said))
    if said.held:
        drafts = (*drafts, *_held(found, voice, said))
    return Words(found, drafts)


def _demand_whole(said: Findings) -> None:
    problems = []
    if said.outcome and not said.done:
        problems.append(Problem("--outcome", "says what came of --done"))
    if said.nothing and not said.held:
        problems.append(Problem("--nothing-to-improve", "is said with --held"))
    if problems:
        raise InvalidInput("The review", problems)


def _stated(found: Incident, voice: Voice, said: Findings) -> Iterator[Draft]:
    for cause in dict.fromkeys(said.causes):
        if cause not in causes(found):
            yield Draft(voice, Kind.CAUSE, f"Cause: {cause}", {"cause": cause})
    known = [item.improvement for item in items(found)]
    for one in dict.fromkeys(said.improvements):
        if one not in known:
            facts = {"what": one.what, "owner": one.owner, "due": one.due.isoformat()}
            text = f"To improve by {one.due:%Y-%m-%d}, {one.owner}: {one.what}"
            yield Draft(voice, Kind.IMPROVEMENT, text, facts)


def _done(found: Incident, voice: Voice, said: Findings) -> Iterator[Draft]:
    waiting = {item.number: item for item in items(found) if item.done_at is None}
    for number in dict.fromkeys(said.done):
        if number in waiting:
            what = waiting[number].improvement.what
            outcome = f": {said.outcome}" if said.outcome else "."
            data: Facts = {"item": number, "outcome": said.outcome}
            yield Draft(voice, Kind.IMPROVED, f"Improved ({what}){outcome}", data)


def _held(found: Incident, voice: Voice, said: Findings) -> Iterator[Draft]:
    against = tuple(_missing(found, said))
    if against:
        raise Refusal(
            f"{found.id} is not reviewed: {'; '.join(against)}.",
            "Add it to the same command with --cause, and --improve or --nothing-to-improve.",
        )
    if held(found) is None:
        nothing = f" Nothing is to be improved: {said.nothing}" if said.nothing else ""
        data = {"nothing": said.nothing}
        yield Draft(voice, Kind.REVIEWED, f"The review was held.{nothing}", data)


def _missing(found: Incident, said: Findings) -> Iterator[str]:
    if found.state not in (State.MONITORING, State.CLOSED):
        yield f"it is {found.state}, and what goes on is not over yet"
    if not (causes(found) or said.causes):
        yield "no cause is stated"
    if not (items(found) or said.improvements or said.nothing):
        yield "it says neither what to improve nor why there is nothing"


def _item(number: int, opened: IncidentEntry, done: IncidentEntry | None) -> Item:
    data = opened.data
    improvement = Improvement(
        str(data["what"]), str(data["owner"]), date.fromisoformat(str(data["due"]))
    )
    if done is None:
        return Item(number, improvement, opened.at)
    return Item(number, improvement, opened.at, done.at, str(done.data["outcome"]))
