"""One timeline of an incident: its own entries, and the journals of the runs that belong to it.

`incident.book` reads both, `holdfast incident show` and the documents tell it. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge

from continuity.incidents import IncidentEntry
from continuity.journal import Entry, Fact

_PEOPLE = "by"
"""Names the fact of a journal's entry that says who spoke."""


@dataclass(frozen=True)
class Line:
    """One thing that happened. `source` is person, alarm or run; `actor` who or which one."""

    at: datetime
    source: str
    actor: str
    kind: str
    text: str
    data: Mapping[str, Fact] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the line as JSON types; the moment in ISO 8601."""
        return {
            "at": self.at.isoformat(),
            "source": self.source,
            "actor": self.actor,
            "kind": self.kind,
            "text": self.text,
            "data": dict(self.data),
        }


def of_record(entries: Iterable[IncidentEntry]) -> tuple[Line, ...]:
    """Return the lines of an incident's own entries."""
    return tuple(
        Line(one.at, str(one.source), one.actor, str(one.kind), one.text, one.data)
        for one in entries
    )


def of_run(run: str, entries: Iterable[Entry]) -> tuple[Line, ...]:
    """Return the lines of a run's journal; what a person said carries that person's name."""
    return tuple(_of_journal(run, one) for one in entries)


def of_incident(
    entries: Iterable[IncidentEntry], runs: Mapping[str, Iterable[Entry]]
) -> tuple[Line, ...]:
    """Return an incident's timeline: its own entries, and the journals of its runs by run."""
    return joined(of_record(entries), *(of_run(run, journal) for run, journal in runs.items()))


def joined(*sources: Sequence[Line]) -> tuple[Line, ...]:
    """Return all lines in one order: by time, but what one source wrote stays in its order.

    Two clocks may differ; what a source wrote later happened later for it. Of what happened at the
    same moment the earlier source comes first.
    """
    dated = [_dated(index, lines) for index, lines in enumerate(sources)]
    return tuple(line for _, _, _, line in merge(*dated, key=lambda row: row[:3]))


def _dated(index: int, lines: Sequence[Line]) -> list[tuple[datetime, int, int, Line]]:
    """Return the lines with the moment that they are sorted by: never before the one above."""
    rows: list[tuple[datetime, int, int, Line]] = []
    for place, line in enumerate(lines):
        at = max(line.at, rows[-1][0]) if rows else line.at
        rows.append((at, index, place, line))
    return rows


def _of_journal(run: str, entry: Entry) -> Line:
    person = entry.data.get(_PEOPLE)
    source, actor = ("run", run) if person is None else ("person", str(person))
    data: dict[str, Fact] = {**entry.data, "run": run}
    if entry.step is not None:
        data["step"] = entry.step
    return Line(entry.at, source, actor, str(entry.kind), entry.sentence, data)
