"""A report in words: which chapters and sections it has, and what stands in each of them.

`incident.documents.pages` calls `document`. Tables are made in `incident.documents.tables`.
"""

from collections.abc import Iterator

from incident.documents import tables
from incident.documents.document import (
    Chapter,
    Document,
    Figure,
    Listing,
    Paragraph,
    Part,
    Section,
    Table,
)
from incident.documents.picture import draw, shown_steps
from incident.documents.report import Report, Story, ZoneReport

_MARKS = (
    "Time counts from the beginning of the outage, or from the first failing reading. Steps with "
    "the mark ◆ are the critical path: everything after them waited for them."
)


def document(report: Report) -> Document:
    """Return the report as a document: what it rests on first, then a chapter for each zone."""
    parts: list[Part] = [Paragraph(report.lead)]
    if len(report.zones) > 1:
        parts.append(tables.overview(report.zones))
    if report.truth:
        parts.append(Listing(report.truth))
    closing = (
        f"Written by Holdfast {report.version} at {report.written_at:%Y-%m-%d %H:%M:%S} UTC. "
        "This file is complete: it loads nothing and runs nothing."
    )
    return Document(report.title, tuple(parts), tuple(map(_chapter, report.zones)), closing)


def _chapter(zone: ZoneReport) -> Chapter:
    parts: list[Part] = [Paragraph(sentence) for sentence in zone.verdict.sentences]
    parts += [tables.objectives(zone)] if zone.objectives else []
    sections = [
        *_timeline(zone),
        *_databases(zone),
        _refused(zone),
        _setbacks(zone),
        _decisions(zone),
        *_messages(zone),
        *_invariants(zone),
        _calls(zone),
        _evidence(zone),
    ]
    verdict = zone.verdict
    return Chapter(
        zone.key, zone.heading, verdict.word, verdict.good, tuple(parts), tuple(sections)
    )


def _timeline(zone: ZoneReport) -> Iterator[Section]:
    if zone.story is None:
        nothing = Paragraph("Nothing was begun, so that there is no course of events.")
        yield Section("timeline", "Timeline", (nothing,))
        return
    parts: list[Part] = [Figure(f"{_MARKS}{_left_out(zone.story)}", draw(zone.story))]
    parts += [tables.phases(zone, zone.story)] if zone.story.phases else []
    parts += [tables.steps(zone, zone.story)] if zone.story.steps else []
    yield Section("timeline", "Timeline", tuple(parts))


def _left_out(story: Story) -> str:
    count = len(story.steps) - len(shown_steps(story))
    return f" {count} shorter steps are in the table only." if count else ""


def _databases(zone: ZoneReport) -> Iterator[Section]:
    if zone.databases:
        yield Section("databases", "Databases", (tables.databases(zone),))


def _refused(zone: ZoneReport) -> Section:
    return Section(
        "refused",
        "What was refused, and why",
        _or(tables.told(zone, "Refusals", zone.refused), "Nothing was refused."),
    )


def _setbacks(zone: ZoneReport) -> Section:
    return Section(
        "setbacks",
        "Retries and fallbacks",
        _or(
            tables.told(zone, "What did not go as planned", zone.setbacks),
            "Nothing was begun twice, and nothing had to stand in for anything else.",
        ),
    )


def _decisions(zone: ZoneReport) -> Section:
    return Section(
        "decisions",
        "What people approved and decided",
        _or(tables.decisions(zone), "Nobody approved or decided anything."),
    )


def _messages(zone: ZoneReport) -> Iterator[Section]:
    if zone.messages is not None:
        told = _or(tables.messages(zone, zone.messages), "Nobody was told anything.")
        yield Section("messages", "What people read", told)


def _invariants(zone: ZoneReport) -> Iterator[Section]:
    if zone.violations is None:
        return
    told: Part = Paragraph("No invariant was broken at any instant.")
    told = Listing(zone.violations) if zone.violations else told
    yield Section("invariants", "Invariants", (told,))


def _calls(zone: ZoneReport) -> Section:
    if zone.calls is None:
        return Section("calls", "Calls to AWS", (Paragraph("The journal does not count calls."),))
    return Section("calls", "Calls to AWS", _or(tables.calls(zone), "None were made."))


def _evidence(zone: ZoneReport) -> Section:
    parts: list[Part] = [tables.facts(zone)]
    parts += _or(tables.journal(zone), "There is no journal: no run was begun.")
    return Section("evidence", "Evidence", tuple(parts))


def _or(table: Table, otherwise: str) -> tuple[Part, ...]:
    """Return a table, or a sentence where it would be empty."""
    return (table,) if table.rows else (Paragraph(otherwise),)
