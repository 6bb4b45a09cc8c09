"""An incident as its entries tell it: one frozen value, built anew whenever the log is read. Pure.

`incident.book` reads the log, `incident.declare` and `incident.change` say what comes next,
`incident.measures` and `incident.timeline` tell what it was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from continuity.incidents import IncidentEntry, Kind
from incident.severity import Severity
from incident.states import State


class Role(StrEnum):
    """Who does what while an incident lasts."""

    COMMANDER = "commander"  # decides
    OPERATIONS = "operations"  # acts
    COMMUNICATIONS = "communications"  # tells people
    SCRIBE = "scribe"  # keeps this record


@dataclass(frozen=True)
class Affected:
    """A service without which clients had to do, from a moment to a moment, or still."""

    service: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class RunOf:
    """A failover run that is part of an incident; its journal lies in the site that it names."""

    run: str
    site: str


@dataclass(frozen=True)
class Incident:
    """One incident. `began_at` is the earliest moment that anybody states or measured."""

    id: str
    title: str
    declared_at: datetime
    began_at: datetime
    severity: Severity
    state: State = State.DECLARED
    roles: Mapping[Role, str] = field(default_factory=dict)
    affected: tuple[Affected, ...] = ()
    entries: tuple[IncidentEntry, ...] = ()

    @property
    def open(self) -> bool:
        """Say whether it goes on."""
        return self.state is not State.CLOSED

    @property
    def keys(self) -> frozenset[str]:
        """Return what it was told of, so that nothing is taken for something new twice."""
        return frozenset(str(one.data["key"]) for one in self.entries if one.data.get("key"))

    @property
    def runs(self) -> tuple[RunOf, ...]:
        """Return the failover runs that are part of it, in order."""
        found = [
            RunOf(str(one.data["run"]), str(one.data["site"]))
            for one in self.entries
            if one.data.get("run")
        ]
        return tuple(dict.fromkeys(found))

    @property
    def hit_now(self) -> frozenset[str]:
        """Return the services that are affected still."""
        return frozenset(one.service for one in self.affected if one.until is None)

    def of(self, kind: Kind) -> tuple[IncidentEntry, ...]:
        """Return its entries of one kind, in order."""
        return tuple(one for one in self.entries if one.kind is kind)


def incidents(entries: Iterable[IncidentEntry]) -> tuple[Incident, ...]:
    """Return the incidents of a log in the order in which they were declared."""
    rows: dict[str, list[IncidentEntry]] = {}
    for entry in sorted(entries, key=lambda one: one.number):
        rows.setdefault(entry.incident, []).append(entry)
    return tuple(_incident(found) for found in rows.values())


def stages(entries: Sequence[IncidentEntry]) -> Iterator[Incident]:
    """Return an incident as it was after each of its entries, in order; without the entries."""
    first = entries[0]
    found = Incident(
        id=first.incident,
        title=str(first.data["title"]),
        declared_at=first.at,
        began_at=first.at,
        severity=Severity(str(first.data["severity"])),
    )
    for entry in entries:
        found = _after(found, entry)
        yield found


def _incident(entries: Sequence[IncidentEntry]) -> Incident:
    *_, last = stages(entries)
    return replace(last, entries=tuple(entries))


def _after(found: Incident, entry: IncidentEntry) -> Incident:
    """Return the incident after one more entry."""
    since = moment(entry.data.get("since"))
    if entry.kind in (Kind.DECLARED, Kind.REPORTED) and since is not None:
        found = replace(found, began_at=min(found.began_at, since))
    found = replace(found, affected=_affected(found, entry, since or entry.at))
    if entry.kind is Kind.ASSIGNED:
        role = Role(str(entry.data["role"]))
        return replace(found, roles={**found.roles, role: str(entry.data["to"])})
    if "severity" in entry.data:
        found = replace(found, severity=Severity(str(entry.data["severity"])))
    if "state" in entry.data:
        found = replace(found, state=State(str(entry.data["state"])))
    return found


def _affected(found: Incident, entry: IncidentEntry, since: datetime) -> tuple[Affected, ...]:
    """Return what is affected: entering `monitoring` means that clients have everything again."""
    rows, named = found.affected, services(entry)
    if entry.kind is Kind.RESTORED or entry.data.get("state") == State.MONITORING:
        ended = named or tuple(found.hit_now)
        return tuple(
            replace(one, until=max(one.since, entry.at))
            if one.service in ended and one.until is None
            else one
            for one in rows
        )
    known = found.hit_now
    earlier = tuple(
        replace(one, since=min(one.since, since))
        if one.service in named and one.until is None
        else one
        for one in rows
    )
    return (*earlier, *(Affected(name, since) for name in named if name not in known))


def services(entry: IncidentEntry) -> tuple[str, ...]:
    """Return the services that an entry names."""
    text = str(entry.data.get("services") or "")
    return tuple(text.split(",")) if text else ()


def moment(value: object) -> datetime | None:
    """Return a moment that an entry states."""
    return None if value is None else datetime.fromisoformat(str(value))
