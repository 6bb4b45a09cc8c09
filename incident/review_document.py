"""The post-incident review as a document: what happened, how long, why, and what is to be done.

`cli.incident_review` writes it. Everything comes from the record and the journals of its runs; what
people add are causes and improvements. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from continuity.critical_functions import RestsOn
from continuity.incidents import ABOUT_MESSAGES, Kind
from continuity.wording import seconds_text
from incident.course import Course
from incident.documents.document import Chapter, Document, Listing, Paragraph, Part, Section, Table
from incident.documents.moments import moment_text
from incident.measures import durations, impact
from incident.messages.tellings import Sort, sort_of
from incident.record import Incident
from incident.review import Item, causes, held, items
from incident.timeline import Line


@dataclass(frozen=True)
class Reviewed:
    """All that a review is made of. `unread` says which journals could not be read."""

    incident: Incident
    functions: Sequence[RestsOn]
    lines: Sequence[Line]
    courses: Sequence[Course]
    timezone: str
    now: datetime
    version: str
    unread: Sequence[str] = ()

    def moment(self, at: datetime) -> str:
        """Return a moment as the document says them."""
        return moment_text(at, self.timezone)


def document(about: Reviewed) -> Document:
    """Return the review of one incident."""
    found = about.incident
    chapters = (
        _summary(about),
        _chapter("impact", "Impact", tuple(_impact(about))),
        _chapter("response", "Detection and response", (_times(about),)),
        Chapter("course", "As planned, and not", "", good=True, parts=(), sections=_courses(about)),
        _chapter("messages", "Messages", tuple(_messages(about))),
        _chapter("causes", "Causes", _causes(found)),
        _chapter("improvements", "Improvements", _improvements(about)),
        _chapter("timeline", "Timeline", (_timeline(about),)),
    )
    truth = Listing(("Everything here is on record; what nobody wrote down is not.", *about.unread))
    closing = (
        f"Written by Holdfast {about.version} at {about.now:%Y-%m-%d %H:%M:%S} UTC. "
        "This file is complete: it loads nothing and runs nothing."
    )
    return Document(f"Review of {found.id}: {found.title}", (truth,), chapters, closing)


def _chapter(key: str, heading: str, parts: tuple[Part, ...]) -> Chapter:
    return Chapter(key, heading, "", good=True, parts=parts, sections=())


def _summary(about: Reviewed) -> Chapter:
    found, entry = about.incident, held(about.incident)
    word = "NOT REVIEWED" if entry is None else "REVIEWED"
    rows = [
        ("Severity", f"{found.severity}: {found.severity.meaning}"),
        ("State", str(found.state)),
        ("Began", about.moment(found.began_at)),
        ("Declared", f"{about.moment(found.declared_at)}, by {_who(found.entries[0].actor)}"),
        *((str(role).capitalize(), name) for role, name in found.roles.items()),
    ]
    if entry is not None:
        rows.append(("Reviewed", f"{about.moment(entry.at)}, {_who(entry.actor)}: {entry.text}"))
    parts = (Table("The incident", ("What", "Value"), tuple(rows)),)
    return Chapter("summary", "Summary", word, good=entry is not None, parts=parts, sections=())


def _impact(about: Reviewed) -> Iterator[Part]:
    hits = impact(about.incident, about.functions)
    if not hits:
        yield Paragraph("No critical function was hit.")
    else:
        rows = tuple(
            (
                str(one.function),
                ", ".join(one.services),
                about.moment(one.since),
                _end(about, one.until),
            )
            for one in hits
        )
        yield Table("Critical functions", ("Function", "By", "Since", "Until"), rows)
    services = tuple(
        (one.service, about.moment(one.since), _end(about, one.until))
        for one in about.incident.affected
    )
    if services:
        yield Table("Services", ("Service", "Since", "Until"), services)


def _end(about: Reviewed, until: datetime | None) -> str:
    return "still" if until is None else about.moment(until)


def _times(about: Reviewed) -> Table:
    took = durations(about.incident)
    rows = (
        ("until somebody or something declared it", took.detected_s),
        ("until a person acknowledged it", took.acknowledged_s),
        ("until it was contained", took.contained_s),
        ("until clients had everything again", took.recovered_s),
    )
    told = tuple((what, "never" if s is None else seconds_text(s)) for what, s in rows)
    return Table("From when it began", ("What", "Took"), told)


def _courses(about: Reviewed) -> tuple[Section, ...]:
    if not about.courses:
        nothing = Paragraph("No failover run was part of it: no plan was carried out by itself.")
        return (Section("runs", "Runs", (nothing,)),)
    return tuple(
        Section(one.run, f"Run {one.run}", tuple(_course(about, one))) for one in about.courses
    )


def _course(about: Reviewed, run: Course) -> Iterator[Part]:
    took = "is not known" if run.recovery_s is None else f"was {seconds_text(run.recovery_s)}"
    planned = len(run.steps) - len(run.slower)
    yield Paragraph(
        f"It ended as {run.outcome}. The recovery time {took}, the objective is "
        f"{seconds_text(run.objective_s)}. {planned} of {len(run.steps)} steps took no longer than "
        "the plan said."
    )
    slower = tuple(
        (one.name, seconds_text(one.estimated_s), seconds_text(one.measured_s))
        for one in run.slower
    )
    if slower:
        yield Table("Slower than estimated", ("Step", "Estimated", "Took"), slower)
    told = (("Retries and fallbacks", run.setbacks), ("Refused", run.refused))
    for caption, rows in told:
        if rows:
            table = tuple((about.moment(one.at), one.sentence) for one in rows)
            yield Table(caption, ("When", "What"), table)


def _messages(about: Reviewed) -> Iterator[Part]:
    found = about.incident
    failed = found.of(Kind.UNDELIVERED)
    owed = {str(one.data["message"]): one for one in reversed(found.of(Kind.OWED))}
    missed = [one for key, one in owed.items() if sort_of(key) is Sort.MISSED]
    yield Paragraph(
        f"{len(found.of(Kind.DELIVERED))} messages were delivered, {len(failed)} attempts failed, "
        f"{len(missed)} promised updates were missed."
    )
    rows = tuple(
        (about.moment(one.at), one.text)
        for one in sorted([*failed, *missed], key=lambda one: one.number)
    )
    if rows:
        yield Table("What did not arrive in time", ("When", "What"), rows)


def _causes(found: Incident) -> tuple[Part, ...]:
    stated = causes(found)
    return (Listing(stated) if stated else Paragraph("Nobody has stated a cause yet."),)


def _improvements(about: Reviewed) -> tuple[Part, ...]:
    rows = tuple(_item(about, one) for one in items(about.incident))
    if not rows:
        return (Paragraph("No improvement is on record."),)
    heads = ("Number", "What", "Owner", "Due", "State")
    return (Table("Improvements", heads, rows),)


def _item(about: Reviewed, item: Item) -> tuple[str, ...]:
    state = "overdue" if item.overdue(about.now.date()) else "open"
    if item.done_at is not None:
        state = f"done at {about.moment(item.done_at)}{item.outcome and f': {item.outcome}'}"
    one = item.improvement
    return (str(item.number), one.what, one.owner, one.due.isoformat(), state)


def _timeline(about: Reviewed) -> Table:
    rows = tuple(
        (about.moment(one.at), one.kind, _who(one.actor), one.text)
        for one in about.lines
        if one.kind not in ABOUT_MESSAGES
    )
    return Table("All that happened", ("When", "What", "Who", "Said"), rows)


def _who(actor: str) -> str:
    return actor.rpartition("/")[2]
