"""The timeline as a picture: where on a time axis everything lies. Pure geometry.

`incident.documents.chapters` draws a story; the template writes it down as SVG. Positions across
are percents of the width, positions down are pixels: the picture fills any width while its letters
keep their size, so that it reads on a telephone as on paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.wording import seconds_text
from incident.documents.report import Ending, Span, StepSpan, Story

ROW_PX, LABEL_PX, BAR_PX, TOP_PX, GROUP_PX = 26.0, 15.0, 6.0, 22.0, 22.0
"""A row is a label with a bar below it. The axis is above all rows, a heading above each group."""

THIN = 0.6
"""Percent: what took no time is seen all the same."""

BEFORE = 0.1
"""The most of the picture that losses before the outage take; longer ones are cut there."""

MOST_STEPS = 24
"""More do not fit on a sheet of paper: then the critical ones and the longest are drawn."""

TICKS = 5
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
_DAY_S = 86400


@dataclass(frozen=True)
class Tick:
    """A mark on the axis; `anchor` is SVG's text-anchor, so that no label leaves the picture."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Bar:
    """A row: its label and, below it, a bar from `x` over `width` percent."""

    label: str
    style: str
    x: float
    width: float
    y: float

    @property
    def bar_y(self) -> float:
        """Return where the bar begins, in pixels from the top."""
        return self.y + LABEL_PX


@dataclass(frozen=True)
class Group:
    """The heading of the rows below it."""

    text: str
    y: float


@dataclass(frozen=True)
class Picture:
    """A drawn story; `told` says in words what is to be seen."""

    height: float
    ticks: tuple[Tick, ...]
    groups: tuple[Group, ...]
    bars: tuple[Bar, ...]
    told: str
    bar_px: float = BAR_PX


def draw(story: Story) -> Picture:
    """Return the picture of a story."""
    axis = _Axis.of(story)
    groups, bars, y = [], [], TOP_PX
    for name, rows in _groups(story):
        if rows:
            groups.append(Group(name, y))
            y += GROUP_PX
        for row in rows:
            bars.append(axis.bar(row, y))
            y += ROW_PX
    return Picture(y, axis.ticks(), tuple(groups), tuple(bars), told(story))


def told(story: Story) -> str:
    """Return what the picture shows, in words."""
    phases = ", ".join(f"{one.name} {_length(one, story)}" for one in story.phases)
    path = ", ".join(step.name for step in story.steps if step.critical)
    sentences = [
        _outage(story),
        _loss(story),
        f"Phases: {phases}." if phases else "",
        f"Critical path: {path}." if path else "",
    ]
    return " ".join(filter(None, sentences))


def shown_steps(story: Story) -> tuple[StepSpan, ...]:
    """Return the steps that are drawn, in the order in which they began."""
    ranked = sorted(story.steps, key=lambda one: (not one.critical, -_seconds(one, story)))
    chosen = {step.name for step in ranked[:MOST_STEPS]}
    drawn = [step for step in story.steps if step.name in chosen]
    return tuple(sorted(drawn, key=lambda one: (one.began, one.ended or story.ended, one.name)))


@dataclass(frozen=True)
class _Row:
    label: str
    style: str
    began: datetime
    ended: datetime


def _groups(story: Story) -> tuple[tuple[str, list[_Row]], ...]:
    return (
        ("Clients", list(_suffered(story))),
        ("Phases", list(_phases(story))),
        ("Steps", [_step(step, story) for step in shown_steps(story)]),
    )


def _suffered(story: Story) -> Iterator[_Row]:
    if story.outage is not None:
        began, ended = story.outage.began, story.outage.ended or story.ended
        yield _Row(_outage(story).rstrip("."), "outage", began, ended)
    if story.lost_s:
        since = story.outage.began if story.outage is not None else story.began
        label = f"Last {seconds_text(story.lost_s)} of writes lost"
        yield _Row(label, "loss", since - timedelta(seconds=story.lost_s), since)


def _phases(story: Story) -> Iterator[_Row]:
    """Yield the phases that took at least a second."""
    for one in story.phases:
        if _seconds(one, story) >= 1:
            label = f"{one.name}, {_length(one, story)}"
            yield _Row(label, "phase", one.began, one.ended or story.ended)


def _step(step: StepSpan, story: Story) -> _Row:
    ending = "" if step.ending is Ending.DONE else f", {step.ending}"
    mark, style = ("◆ ", "critical") if step.critical else ("", "step")
    style = "failed" if step.ending is Ending.FAILED else style
    label = f"{mark}{step.name}, {_length(step, story)}{ending}"
    return _Row(label, style, step.began, step.ended or story.ended)


def _outage(story: Story) -> str:
    if story.outage is None:
        return ""
    still = "" if story.outage.ended is not None else " and still were not"
    return f"Clients were not served for {_length(story.outage, story)}{still}."


def _loss(story: Story) -> str:
    if story.lost_s is None:
        return "How much data was lost is not known."
    since = "the outage" if story.outage is not None else "the first failing reading"
    lost = f"The last {seconds_text(story.lost_s)} of writes before {since} are lost."
    return lost if story.lost_s else "No acknowledged write was lost."


def _seconds(span: Span, story: Story) -> float:
    return ((span.ended or story.ended) - span.began).total_seconds()


def _length(span: Span, story: Story) -> str:
    return seconds_text(_seconds(span, story))


@dataclass(frozen=True)
class _Axis:
    """Time from `left` on, over `seconds`; the labels count from `origin`."""

    left: datetime
    origin: datetime
    seconds: float

    @classmethod
    def of(cls, story: Story) -> "_Axis":
        length = max(1.0, (story.ended - story.began).total_seconds())
        margin = min(story.lost_s or 0.0, BEFORE * length)
        return cls(story.began - timedelta(seconds=margin), story.began, length + margin)

    def x(self, at: datetime) -> float:
        """Return where a moment lies, in percent; what is outside lies at the edge."""
        share = (at - self.left).total_seconds() / self.seconds
        return 100.0 * min(1.0, max(0.0, share))

    def bar(self, row: _Row, y: float) -> Bar:
        width = max(THIN, self.x(row.ended) - self.x(row.began))
        x = max(0.0, min(self.x(row.began), 100.0 - width))
        return Bar(row.label, row.style, x, width, y)

    def ticks(self) -> tuple[Tick, ...]:
        before = (self.origin - self.left).total_seconds()
        after = self.seconds - before
        step = _step_s(after)
        moments = [step * number for number in range(int(after // step) + 1)]
        return tuple(
            _tick(100.0 * (before + seconds) / self.seconds, seconds) for seconds in moments
        )


def _step_s(seconds: float) -> int:
    """Return the least round step of which at most `TICKS` fit."""
    days = max(1, -(-int(seconds) // (TICKS * _DAY_S)))
    return next((step for step in _STEPS_S if seconds / step <= TICKS), days * _DAY_S)


def _tick(x: float, seconds: int) -> Tick:
    near, far = 8.0, 90.0
    anchor = "start" if x < near else "end" if x > far else "middle"
    return Tick(min(x, 100.0), f"+{seconds_text(seconds)}" if seconds else "0", anchor)
