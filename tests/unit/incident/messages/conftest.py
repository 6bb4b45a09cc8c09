"""A zone's record in memory, channels that keep what they get, and a story to tell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from continuity.critical_functions import usual
from continuity.incidents import IncidentEntry, Kind, Source
from incident import change
from incident.channels.channel import Audience, Message, Moment, Receipt
from incident.declare import Report, Words, declare
from incident.draft import Draft, Voice
from incident.messages.arrangement import Arrangement, Route, Turn
from incident.messages.outbox import Outbox
from incident.record import Incident, incidents
from incident.review import Findings, review
from incident.severity import Severity
from incident.states import State

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
ANA = Voice(Source.PERSON, "arn:aws:sts::1:assumed-role/r/ana")
RUN = Voice(Source.RUN, "we1-0001")
EVERY = frozenset(Severity)
BAD = frozenset({Severity.SEV1, Severity.SEV2})
ROUTES = (
    Route("slack", Audience.INSIDE, EVERY),
    Route("status_page", Audience.CUSTOMERS, BAD),
    Route("pagerduty", Audience.ON_CALL, frozenset({Severity.SEV1})),
    Route("jira", Audience.TICKETS, EVERY),
)
ZONE = Arrangement(
    zone="we1",
    name="we1.holdfast.example",
    timezone="Europe/Lisbon",
    routes=ROUTES,
    people=(Turn("Ana", timedelta(minutes=10)), Turn("Bea", timedelta(minutes=20))),
    functions=usual(["orders"]),
)


@dataclass
class Time:
    seconds: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Hands:
    def run(self, tasks: Sequence[Callable[[], object]]) -> list[object]:
        return [task() for task in tasks]


@dataclass
class Memory:
    """A record in memory; `cut` is asked before and after each write of the outbox."""

    clock: Time
    log: tuple[IncidentEntry, ...] = ()
    cut: Callable[[], None] = lambda: None

    @property
    def known(self) -> tuple[Incident, ...]:
        return incidents(self.log)

    def read(self) -> "Memory":
        return self

    def write(self, rule: Callable[[tuple[Incident, ...]], Words]) -> "Written":
        words = rule(self.known)
        self.cut()
        name = words.incident.id if words.incident else f"we1-away-{len(self.known) + 1:04d}"
        first, now = len(self.log) + 1, self.clock.now()
        new = tuple(one.entry(first + n, name, now) for n, one in enumerate(words.drafts))
        self.log = (*self.log, *new)
        self.cut()
        return Written(next(one for one in self.known if one.id == name), new)


@dataclass(frozen=True)
class Written:
    incident: Incident
    written: tuple[IncidentEntry, ...]


@dataclass
class Inbox:
    """A channel that keeps what it gets; the same key twice is one message, as services do it."""

    name: str
    audience: Audience
    got: dict[str, Message] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    down: list[Exception] = field(default_factory=list)
    cut: Callable[[], None] = lambda: None

    def deliver(self, message: Message, reference: str) -> Receipt:
        self.cut()
        if self.down:
            raise self.down.pop(0)
        self.heard.append(message.key)
        self.references.append(reference)
        self.got.setdefault(message.key, message)
        self.cut()
        return Receipt(f"{self.name}-1")

    @property
    def moments(self) -> list[Moment]:
        return [one.moment for one in self.got.values()]


@dataclass
class Stage:
    """A zone's record, its channels, and a clock."""

    clock: Time = field(default_factory=Time)
    zone: Arrangement = ZONE

    def __post_init__(self) -> None:
        self.record = Memory(self.clock)
        self.inboxes = {one.channel: Inbox(one.channel, one.audience) for one in self.zone.routes}

    def outbox(self, by: str = "one", *, patient: bool = True) -> Outbox:
        hands = Hands()
        boxes = tuple(self.inboxes.values())
        return Outbox(self.record, boxes, self.zone, self.clock, hands, by, patient)

    def say(self, rule: Callable[[Incident], Words]) -> None:
        self.record.write(lambda known: rule(known[-1]))

    def report(
        self,
        services: tuple[str, ...] = ("platform",),
        severity: str = "",
    ) -> None:
        rated = Severity(severity) if severity else None
        said = Report(ANA, "orders is gone", "A customer calls.", None, services, rated)
        self.record.write(lambda known: declare(said, known, ZONE.functions))

    def begin(self, run: str = "we1-0001") -> None:
        data = {"run": run, "site": "away", "diagnosis": "region lost"}
        services = ("platform", "files", "monitoring", "orders")
        said = Report(
            RUN,
            "we1: region lost",
            "eu-west-1 is lost.",
            self.clock.now(),
            services,
            certain=True,
            key=f"run:{run}@away:begun",
            data=data,
        )
        self.record.write(lambda known: declare(said, known, ZONE.functions))

    def reach(self, state: State) -> None:
        data = {"key": f"run:we1-0001@away:{state}", "state": str(state)}
        if state is State.MONITORING:
            data["key"] = "run:we1-0001@away:ended"
        draft = Draft(RUN, Kind.MOVED, f"we1-0001: {state}", data, self.clock.now())
        self.say(lambda found: change.reached(found, [draft]))

    def after(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def at(self, seconds: float) -> datetime:
        return START + timedelta(seconds=seconds)

    def deliver(self) -> None:
        self.outbox().deliver(60.0)

    def moments(self, channel: str) -> list[Moment]:
        return self.inboxes[channel].moments

    @property
    def heard(self) -> dict[str, list[tuple[Moment, str]]]:
        """Return what each channel holds, in order; keys count the entries before them."""
        return {
            name: [(one.moment, one.text) for one in box.got.values()]
            for name, box in self.inboxes.items()
        }

    def acknowledge(self) -> None:
        self.say(lambda found: change.acknowledge(found, ANA, ""))

    def update(self, **changed: Any) -> None:  # noqa: ANN401 - fields of an update
        self.say(lambda found: change.update(found, ANA, change.Update(**changed)))

    def close(self) -> None:
        """Review what happened, and close it."""
        learned = Findings(causes=("A region was lost.",), held=True, nothing="It went as planned.")
        self.say(lambda found: review(found, ANA, learned))
        self.say(lambda found: change.close(found, ANA, "It held."))

    def story(self) -> list[Callable[[], object]]:
        """Return a region loss as it goes on record, step by step."""
        return [
            self.begin,
            lambda: self.after(60),
            lambda: self.reach(State.CONTAINED),
            lambda: self.after(60),
            self.acknowledge,
            lambda: self.reach(State.RECOVERING),
            lambda: self.after(600),
            lambda: self.reach(State.MONITORING),
            lambda: self.after(600),
            self.close,
        ]

    def told(self, steps: int = 10) -> "Stage":
        """Go through so many steps of the story, and deliver after each."""
        for step in self.story()[:steps]:
            step()
            self.deliver()
        return self


@pytest.fixture
def staged() -> type[Stage]:
    """Return what makes a stage: a zone in which nothing has happened yet."""
    return Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()
