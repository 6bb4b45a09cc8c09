"""From a report, an alarm or a run to an incident: a new one, or the one that is open. Pure.

`incident.book` writes what is returned here. A zone has one open incident: whoever reports while it
is open adds to it, so that nobody works on the halves of one trouble. The same thing told twice is
told once: by its key for ever, without one as long as the incident is open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from continuity.critical_functions import CriticalFunction, RestsOn
from continuity.incidents import IncidentEntry, Kind, Source
from continuity.journal import Fact
from incident.draft import Draft, Voice
from incident.record import Incident
from incident.severity import Severity, suggested
from incident.states import State


@dataclass(frozen=True)
class Report:
    """What somebody or something says is wrong.

    `certain` where a diagnosis says so; `key` is the same whenever the same thing is told again;
    `severity` is a person's word, None leaves it to the suggestion. `data` says who and how.
    """

    voice: Voice
    title: str
    text: str
    since: datetime | None = None
    services: tuple[str, ...] = ()
    severity: Severity | None = None
    certain: bool = False
    key: str = ""
    data: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """What is to be written, and of which incident; None begins a new one."""

    incident: Incident | None
    drafts: tuple[Draft, ...]


def declare(report: Report, known: Sequence[Incident], functions: Sequence[RestsOn]) -> Words:
    """Return what a report adds: nothing, an entry of the open incident, or a new incident."""
    told = next((one for one in known if report.key and report.key in one.keys), None)
    if told is not None:
        return Words(told, ())
    running = open_one(known)
    if running is None:
        return Words(None, (_first(report, functions),))
    if not report.key and any(_repeats(report, entry) for entry in running.entries):
        return Words(running, ())
    return Words(running, (_another(report, running, functions),))


def open_one(known: Sequence[Incident]) -> Incident | None:
    """Return the open incident of a zone; of two that two sites hold, the one declared last."""
    found = [one for one in known if one.open]
    return max(found, key=lambda one: (one.declared_at, one.id), default=None)


def severity_of(report: Report, functions: Sequence[RestsOn]) -> Severity:
    """Return the severity that a report suggests, whatever its author says."""
    something = report.certain or bool(report.services)
    return suggested(hit(report.services, functions), certain=report.certain, anything=something)


def hit(services: Sequence[str], functions: Sequence[RestsOn]) -> tuple[CriticalFunction, ...]:
    """Return the critical functions that rest on one of these services."""
    return tuple(one.function for one in functions if set(one.services) & set(services))


def _first(report: Report, functions: Sequence[RestsOn]) -> Draft:
    idea = severity_of(report, functions)
    data: dict[str, Fact] = {
        **_facts(report),
        "title": report.title,
        "severity": str(report.severity or idea),
        "suggested": str(idea),
    }
    return Draft(report.voice, Kind.DECLARED, report.text, data)


def _another(report: Report, running: Incident, functions: Sequence[RestsOn]) -> Draft:
    """Return the entry of one more report: it may make an incident worse, and never better.

    A run that begins while we only watched says that it came again.
    """
    data = _facts(report)
    if running.state is State.MONITORING and report.voice.source is Source.RUN:
        data["state"] = str(State.RECOVERING)
    rated = report.severity or severity_of(report, functions)
    if rated.worse_than(running.severity):
        data["severity"] = str(rated)
    return Draft(report.voice, Kind.REPORTED, report.text, data)


def _facts(report: Report) -> dict[str, Fact]:
    facts: dict[str, Fact] = dict(report.data)
    if report.key:
        facts["key"] = report.key
    if report.since is not None:
        facts["since"] = report.since.isoformat()
    if report.services:
        facts["services"] = ",".join(report.services)
    return facts


def _repeats(report: Report, entry: IncidentEntry) -> bool:
    """Say whether an entry is this report, word for word, from the same mouth."""
    same = (entry.source, entry.actor, entry.text)
    if same != (report.voice.source, report.voice.actor, report.text):
        return False
    return all(entry.data.get(name) == value for name, value in _facts(report).items())
