"""What people say about an incident that is on record: pure, from the incident to drafts.

`holdfast incident update|acknowledge|close` write them through `incident.book`. What is so already
is not written again, so that a command that was cut off is simply repeated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from continuity.errors import InvalidInput, Problem, Refusal
from continuity.incidents import Kind, Source
from continuity.journal import Fact
from incident import review
from incident.declare import Words, open_one
from incident.draft import Draft, Voice
from incident.messages.occasions import PUBLIC, occasions, rousing
from incident.record import Incident, Role
from incident.severity import Severity
from incident.states import State, ahead, objection

Facts = dict[str, Fact]


@dataclass(frozen=True)
class Update:
    """What one command changes. `since` dates what `affected` names; None means now.

    `public` is for customers, who read it as it is.
    """

    state: State | None = None
    severity: Severity | None = None
    roles: Mapping[Role, str] = field(default_factory=dict)
    affected: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    since: datetime | None = None
    note: str = ""
    public: str = ""


def chosen(known: Sequence[Incident], wanted: str | None, zone: str) -> Incident:
    """Return the incident of an id, or the open one.

    Raises:
        Refusal: none is open.
        InvalidInput: there is none of that id; the error names those that there are.
    """
    if wanted is None:
        running = open_one(known)
        if running is None:
            raise Refusal(
                f"No incident of {zone} is open.",
                f"Declare one with `holdfast incident declare {zone} --title ...`, or name a "
                "closed one.",
            )
        return running
    found = next((one for one in known if one.id == wanted), None)
    if found is None:
        ids = ", ".join(one.id for one in known) or "none yet"
        message = f"there is no {wanted!r}; incidents are {ids}"
        raise InvalidInput("The incident", [Problem("INCIDENT", message)])
    return found


def update(found: Incident, voice: Voice, wanted: Update) -> Words:
    """Return what an update adds.

    Raises:
        Refusal: it does not follow from where the incident stands; nothing of it is written.
    """
    if wanted.state is not None and wanted.state is not found.state:
        _demand(found, wanted.state)
    elif not found.open:
        raise _closed(found)
    drafts = tuple(_changes(found, voice, wanted))
    return Words(found, drafts)


def acknowledge(found: Incident, voice: Voice, note: str) -> Words:
    """Return the entry by which somebody says that they are at it.

    Once for each person, and again when it came again or became worse.
    """
    roused = rousing(occasions(found))[-1]
    known = [one for one in found.of(Kind.ACKNOWLEDGED) if one.number > roused.number]
    if any(one.actor == voice.actor for one in known):
        return Words(found, ())
    if not found.open:
        raise _closed(found)
    text = f"{who(voice)} is at it{f': {note}' if note else '.'}"
    return Words(found, (Draft(voice, Kind.ACKNOWLEDGED, text),))


def objections(found: Incident) -> tuple[str, ...]:
    """Return everything that stands against closing an incident, each as half a sentence."""
    against = (objection(found.state, State.CLOSED), review.objection(found))
    return tuple(one for one in against if one is not None)


def close(found: Incident, voice: Voice, reason: str) -> Words:
    """Return the entry that closes an incident; closed already is well.

    Raises:
        InvalidInput: no reason is given.
        Refusal: something stands against it.
    """
    if not found.open:
        return Words(found, ())
    if not reason.strip():
        raise InvalidInput("The command", [Problem("--reason", "says why it is over")])
    against = objections(found)
    if against:
        raise Refusal(
            f"{found.id} is not closed: {'; '.join(against)}.",
            _lift(found),
        )
    data: Facts = {"state": str(State.CLOSED), "reason": reason}
    return Words(found, (Draft(voice, Kind.CLOSED, f"{who(voice)} closes it: {reason}", data),))


def reached(found: Incident, drafts: Sequence[Draft]) -> Words:
    """Return of a machine's drafts those that are new and lead forward, each by its key.

    A state that people have passed already is not gone back to.
    """
    new: list[Draft] = []
    state = found.state
    for draft in drafts:
        if draft.data["key"] in found.keys or not found.open:
            continue
        wanted = draft.data.get("state")
        if wanted is not None and not ahead(state, State(str(wanted))):
            continue
        state = state if wanted is None else State(str(wanted))
        new.append(draft)
    return Words(found, tuple(new))


def who(voice: Voice) -> str:
    """Return how sentences name somebody: what comes last in an ARN. Facts keep all of it."""
    return voice.actor.rpartition("/")[2] if voice.source is Source.PERSON else voice.actor


def _changes(found: Incident, voice: Voice, wanted: Update) -> Iterator[Draft]:
    name = who(voice)
    if wanted.severity not in (None, found.severity):
        text = f"{name} rates it {wanted.severity} instead of {found.severity}."
        yield Draft(voice, Kind.RATED, text, {"severity": str(wanted.severity)})
    for role, person in wanted.roles.items():
        if found.roles.get(role) != person:
            data: Facts = {"role": str(role), "to": person}
            yield Draft(voice, Kind.ASSIGNED, f"{person} has the role of {role}.", data)
    yield from _services(found, voice, wanted)
    if wanted.state not in (None, found.state):
        text = f"{name} moves it from {found.state} to {wanted.state}."
        yield Draft(voice, Kind.MOVED, text, {"state": str(wanted.state)})
    if wanted.note:
        yield Draft(voice, Kind.NOTED, wanted.note)
    if wanted.public:
        text = f"{name} tells customers: {wanted.public}"
        yield Draft(voice, Kind.NOTED, text, {PUBLIC: wanted.public})


def _services(found: Incident, voice: Voice, wanted: Update) -> Iterator[Draft]:
    new = [one for one in wanted.affected if wanted.since or one not in found.hit_now]
    if new:
        data: Facts = {"services": ",".join(new)}
        if wanted.since is not None:
            data["since"] = wanted.since.isoformat()
        yield Draft(voice, Kind.AFFECTED, f"Affected: {', '.join(new)}.", data)
    back = [one for one in wanted.restored if one in found.hit_now]
    if back:
        text = f"Clients have again: {', '.join(back)}."
        yield Draft(voice, Kind.RESTORED, text, {"services": ",".join(back)})


def _demand(found: Incident, wanted: State) -> None:
    if wanted is State.CLOSED:
        raise Refusal(f"{found.id} is not closed by an update.", "Use `holdfast incident close`.")
    against = objection(found.state, wanted)
    if against is not None:
        raise Refusal(f"{found.id} does not move to {wanted}: {against}.", "Choose another state.")


def _lift(found: Incident) -> str:
    if objection(found.state, State.CLOSED) is not None:
        return "Say with `holdfast incident update --state` where it stands."
    return "Say with `holdfast incident review` what was found."


def _closed(found: Incident) -> Refusal:
    return Refusal(
        f"{found.id} is closed: nothing is added to it.",
        "What comes again is another incident: declare it.",
    )
