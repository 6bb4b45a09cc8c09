"""The tables of a report. Lengths of time are worded as everywhere, moments in both times.

`incident.documents.chapters` places them.
"""

from collections.abc import Sequence

from continuity.wording import seconds_text
from incident.documents.document import Table
from incident.documents.moments import moment_text
from incident.documents.report import (
    DatabaseLine,
    MessageLine,
    Objective,
    Span,
    StepSpan,
    Story,
    Told,
    ZoneReport,
)

_UNKNOWN = "not known"


def overview(zones: Sequence[ZoneReport]) -> Table:
    """Return a row for each zone: its verdict, and each objective with what was measured."""
    names = tuple(dict.fromkeys(one.name for zone in zones for one in zone.objectives))
    rows = [(zone.heading, zone.verdict.word, *_measured(zone, names)) for zone in zones]
    return Table("All at a glance", ("What", "Verdict", *names), tuple(rows))


def _measured(zone: ZoneReport, names: Sequence[str]) -> tuple[str, ...]:
    known = {one.name: f"{_length(one.measured_s)}, {_kept(one)}" for one in zone.objectives}
    return tuple(known.get(name, "does not apply") for name in names)


def objectives(zone: ZoneReport) -> Table:
    """Return what was promised and what was measured."""
    rows = [
        (one.name, seconds_text(one.objective_s), _length(one.measured_s), _kept(one))
        for one in zone.objectives
    ]
    heads = ("What", "Objective", "Measured", "Kept")
    return Table("Objectives", heads, tuple(rows))


def phases(zone: ZoneReport, story: Story) -> Table:
    """Return where the time went."""
    rows = [(one.name, _began(one, zone), _took(one, story)) for one in story.phases]
    return Table("Phases", ("Phase", "Began", "Took"), tuple(rows))


def steps(zone: ZoneReport, story: Story) -> Table:
    """Return every step, in the order in which they began."""
    ordered = sorted(story.steps, key=lambda one: (one.began, one.ended or story.ended, one.name))
    rows = [_step(step, zone, story) for step in ordered]
    return Table("Steps", ("Step", "Began", "Took", "Ended", "Critical path"), tuple(rows))


def _step(step: StepSpan, zone: ZoneReport, story: Story) -> tuple[str, ...]:
    critical = "yes" if step.critical else "no"
    return (step.name, _began(step, zone), _took(step, story), str(step.ending), critical)


def databases(zone: ZoneReport) -> Table:
    """Return what each database came back from, what that cost, and why from nothing better.

    What clients lost has a column where somebody but the run itself knows it.
    """
    truth = any(one.lost_s is not None for one in zone.databases)
    lost = ("Lost",) if truth else ()
    heads = ("Database", "Came back from", *lost, "Loss that the run recorded", "Why not better")
    rows = [_database(one, truth=truth) for one in zone.databases]
    return Table("Databases: source and loss", heads, tuple(rows))


def _database(one: DatabaseLine, *, truth: bool) -> tuple[str, ...]:
    return (
        one.name,
        one.source or one.state,
        *((_length(one.lost_s),) if truth else ()),
        _length(one.recorded_s),
        " ".join(one.against) or "nothing better was left aside",
    )


def told(zone: ZoneReport, caption: str, sentences: Sequence[Told]) -> Table:
    """Return sentences with their moments."""
    rows = [(moment_text(one.at, zone.timezone), one.sentence) for one in sentences]
    return Table(caption, ("When", "What"), tuple(rows))


def decisions(zone: ZoneReport) -> Table:
    """Return who decided what, and which plan was approved."""
    rows = [
        (moment_text(one.at, zone.timezone), one.who, one.what, one.plan or "none")
        for one in zone.decisions
    ]
    return Table("Approvals and decisions", ("When", "Who", "What", "Plan approved"), tuple(rows))


def calls(zone: ZoneReport) -> Table:
    """Return how often each operation was called, and failed, the most frequent first."""
    counted = sorted(zone.calls or (), key=lambda one: (-one.count, one.operation))
    rows = [(one.operation, str(one.count), str(one.failed)) for one in counted]
    total, failed = sum(one.count for one in counted), sum(one.failed for one in counted)
    caption = f"{total} calls in all, {failed} of them with an error or without an answer"
    return Table(caption, ("Operation", "Calls", "Failed"), tuple(rows))


def facts(zone: ZoneReport) -> Table:
    """Return what identifies the run, what it rested on, and where local time is."""
    rows = (("Local time", zone.timezone), *zone.facts)
    return Table("What was run", ("Fact", "Value"), rows)


def journal(zone: ZoneReport) -> Table:
    """Return the whole journal."""
    rows = [
        (
            str(entry.sequence),
            moment_text(entry.at, zone.timezone),
            str(entry.kind) if entry.step is None else f"{entry.kind}: {entry.step}",
            entry.sentence,
        )
        for entry in zone.journal
    ]
    return Table("Journal", ("Entry", "When", "Kind", "What"), tuple(rows))


def _began(span: Span, zone: ZoneReport) -> str:
    return moment_text(span.began, zone.timezone)


def _took(span: Span, story: Story) -> str:
    seconds = ((span.ended or story.ended) - span.began).total_seconds()
    return seconds_text(seconds) if span.ended else f"{seconds_text(seconds)} and not ended"


def _length(seconds: float | None) -> str:
    return _UNKNOWN if seconds is None else seconds_text(seconds)


def _kept(one: Objective) -> str:
    if one.met is None:
        return "open"
    return "met" if one.met else "MISSED"


def messages(zone: ZoneReport, rows: Sequence[MessageLine]) -> Table:
    """Return what people read, in order."""
    told = [(moment_text(one.at, zone.timezone), one.where, one.state, one.text) for one in rows]
    return Table("Messages", ("When", "Where", "State", "What"), tuple(told))
