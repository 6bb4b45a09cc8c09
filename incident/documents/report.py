"""What a drill or a failover showed, as frozen values: what a report is made of.

`failover.account` fills one from a run's journal, `drill.report` one from a verdict;
`incident.documents.chapters` puts them into words.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from continuity.journal import Entry


class Ending(StrEnum):
    """How one step ended."""

    DONE = "done"
    FAILED = "gave up"
    OPEN = "not finished"


@dataclass(frozen=True)
class Objective:
    """What was promised and what was measured, in seconds; None where nobody could measure it.

    `met` None: that is still open, because the zone is not back.
    """

    name: str
    objective_s: float
    measured_s: float | None
    met: bool | None


@dataclass(frozen=True)
class Span:
    """A stretch of time; `ended` None means that it had not ended when the report's time did."""

    name: str
    began: datetime
    ended: datetime | None


@dataclass(frozen=True)
class StepSpan(Span):
    """One step of a run. `critical`: everything that came later waited for it."""

    ending: Ending = Ending.DONE
    critical: bool = False


@dataclass(frozen=True)
class Story:
    """What happened when. `outage` is what clients suffered, as far as it is known.

    `lost_s` are the seconds of writes before the outage that are lost, None where unknown.
    """

    began: datetime
    ended: datetime
    phases: tuple[Span, ...] = ()
    steps: tuple[StepSpan, ...] = ()
    outage: Span | None = None
    lost_s: float | None = None


@dataclass(frozen=True)
class DatabaseLine:
    """One database: what it came back from, the seconds it lost, and what spoke against others.

    `source` None: it did not come back, or never left; `state` says which. `lost_s` is what
    clients lost, `recorded_s` what the run wrote down; None where it is not known.
    """

    name: str
    state: str
    source: str | None
    lost_s: float | None
    recorded_s: float | None
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """A sentence of the journal, with its moment."""

    at: datetime
    sentence: str


@dataclass(frozen=True)
class Decision:
    """What a person decided. `plan` is the hash that was approved, where it was an approval."""

    at: datetime
    who: str
    what: str
    plan: str | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer in one word, whether it is a good one, and the sentences that go with it."""

    word: str
    good: bool
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallLine:
    """How often an operation of AWS was called, and how often that got an error or no answer."""

    operation: str
    count: int
    failed: int


@dataclass(frozen=True)
class MessageLine:
    """What somebody was told, where, and the state that is shown with it."""

    at: datetime
    where: str
    state: str
    text: str


@dataclass(frozen=True)
class ZoneReport:
    """One zone's drill or run. `timezone` is IANA; `calls` None where nobody counted them.

    `messages` None: there was no channel to tell anybody.

    `facts` identify what was run: seed, scenario, digests, as name and value.
    """

    key: str
    heading: str
    timezone: str
    verdict: Verdict
    objectives: tuple[Objective, ...]
    story: Story | None
    databases: tuple[DatabaseLine, ...] = ()
    refused: tuple[Told, ...] = ()
    setbacks: tuple[Told, ...] = ()
    decisions: tuple[Decision, ...] = ()
    violations: tuple[str, ...] | None = None
    calls: tuple[CallLine, ...] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    journal: tuple[Entry, ...] = ()
    messages: tuple[MessageLine, ...] | None = None


@dataclass(frozen=True)
class Report:
    """One or more zones in one file. `truth` says what of it is simulated and what is real."""

    title: str
    lead: str
    truth: tuple[str, ...]
    version: str
    written_at: datetime
    zones: tuple[ZoneReport, ...]
