from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.documents.picture import MOST_STEPS, draw, shown_steps, told
from incident.documents.report import Span, StepSpan, Story

START = datetime(2026, 3, 3, 9, 5, tzinfo=UTC)
LENGTHS = st.floats(0, 500_000, allow_nan=False)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@st.composite
def stories(draw_one: st.DrawFn) -> Story:
    """Phases that follow each other, steps anywhere among them, an outage and a loss."""
    ends = [0.0]
    for length in draw_one(st.lists(LENGTHS, max_size=9)):
        ends.append(ends[-1] + length)
    phases = tuple(
        Span(f"phase-{number}", after(began), after(ended))
        for number, (began, ended) in enumerate(pairwise(ends))
    )
    inside = st.floats(0, ends[-1], allow_nan=False)
    steps = []
    for number, (one, other) in enumerate(draw_one(st.lists(st.tuples(inside, inside)))):
        ended = None if draw_one(st.booleans()) else after(max(one, other))
        began, critical = after(min(one, other)), draw_one(st.booleans())
        steps.append(StepSpan(f"step-{number}", began, ended, critical=critical))
    outage = draw_one(st.sampled_from([None, Span("outage", START, None)]))
    lost_s = draw_one(st.none() | LENGTHS)
    return Story(START, after(ends[-1]), phases, tuple(steps), outage, lost_s)


@given(stories())
def test_everything_lies_inside_the_picture(story: Story) -> None:
    picture = draw(story)
    for bar in picture.bars:
        assert 0 <= bar.x < 100
        assert 0 < bar.width <= 100
        assert bar.x + bar.width <= 100 + 1e-9
        assert 0 <= bar.y < bar.bar_y < bar.bar_y + picture.bar_px <= picture.height
    assert all(0 < group.y < picture.height for group in picture.groups)
    rows = sorted([bar.y for bar in picture.bars] + [group.y for group in picture.groups])
    assert all(later - earlier >= 20 for earlier, later in pairwise(rows))
    assert all(0 <= tick.x <= 100 for tick in picture.ticks)
    assert 1 <= len(picture.ticks) <= 6


@given(stories())
def test_phases_follow_each_other_without_an_overlap(story: Story) -> None:
    long = (story.ended - story.began).total_seconds() / 50
    whole = {f"{one.name}," for one in story.phases if _seconds(one) >= max(1, long)}
    bars = [bar for bar in draw(story).bars if bar.label.split(" ")[0] in whole]
    assert len(bars) == len(whole)
    for earlier, later in pairwise(bars):
        assert earlier.x + earlier.width <= later.x + 1e-6


@given(stories())
def test_no_critical_step_gives_way_to_another(story: Story) -> None:
    drawn = shown_steps(story)
    assert len(drawn) == min(len(story.steps), MOST_STEPS)
    critical = {step.name for step in story.steps if step.critical}
    left = critical - {step.name for step in drawn}
    assert not left or all(step.critical for step in drawn)


def test_what_is_critical_is_marked_by_more_than_a_colour() -> None:
    steps = (StepSpan("a", START, after(60), critical=True), StepSpan("b", START, after(30)))
    one, other = draw(Story(START, after(60), (), steps)).bars[-2:]
    assert (one.label, one.style) == ("b, 30 s", "step")
    assert (other.label, other.style) == ("◆ a, 1 min", "critical")


def test_a_loss_lies_before_the_outage_and_a_long_one_is_cut() -> None:
    outage = Span("outage", START, after(100))
    suffered, lost = draw(Story(START, after(100), (), (), outage, 5.0)).bars
    assert lost.x == 0
    assert lost.x + lost.width == pytest.approx(suffered.x)
    assert suffered.x > 4
    suffered, lost = draw(Story(START, after(100), (), (), outage, 86400.0)).bars
    assert (lost.x, lost.width) == (0, pytest.approx(suffered.x))
    assert suffered.width > 90
    assert lost.label == "Last 1 d of writes lost"


def test_what_is_not_known_is_told_and_not_drawn() -> None:
    story = Story(START, after(100), (), (), None, None)
    assert draw(story).bars == ()
    assert told(story) == "How much data was lost is not known."


def test_an_outage_that_goes_on_is_told_as_such() -> None:
    story = Story(START, after(100), (), (), Span("outage", START, None), 0.0)
    assert told(story) == (
        "Clients were not served for 1 min 40 s and still were not. No acknowledged write was lost."
    )


def _seconds(span: Span) -> float:
    assert span.ended is not None
    return (span.ended - span.began).total_seconds()
