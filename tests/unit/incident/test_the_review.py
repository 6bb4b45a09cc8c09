"""What a review demands, what it keeps, and what it tells of an incident and its runs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from continuity.critical_functions import usual
from continuity.errors import InvalidInput, Refusal
from continuity.incidents import ABOUT_REVIEW, IncidentEntry, Kind, Source
from incident import change
from incident.course import Course, StepCourse
from incident.declare import Report, Words, declare
from incident.documents.pages import html, markdown
from incident.documents.report import Told
from incident.draft import Voice
from incident.messages.occasions import occasions
from incident.record import Incident, incidents
from incident.review import Findings, Improvement, causes, held, items, objection, review
from incident.review_document import Reviewed, document
from incident.states import State
from incident.timeline import joined, of_record

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ANA = Voice(Source.PERSON, "arn:aws:sts::1:assumed-role/r/ana")
FUNCTIONS = usual(["orders"])
EARLIER = Improvement("Alarm on lag <earlier>", "operations", date(2026, 3, 10))
LEARNED = Findings(causes=("The region was lost.",), improvements=(EARLIER,), held=True)


def after(found: Incident, words: Words, minutes: int = 1) -> Incident:
    first = found.entries[-1].number + 1
    at = found.entries[-1].at + timedelta(minutes=minutes)
    new = [one.entry(first + n, found.id, at) for n, one in enumerate(words.drafts)]
    return incidents((*found.entries, *new))[0]


@pytest.fixture
def watched() -> Incident:
    report = Report(ANA, "Orders fail", "A customer calls.", services=("orders",), key="a")
    drafts = declare(report, (), FUNCTIONS).drafts
    entries = [one.entry(n, "we1-away-0001", NOW) for n, one in enumerate(drafts, start=1)]
    found = incidents(entries)[0]
    return after(found, change.update(found, ANA, change.Update(state=State.MONITORING)))


def test_nothing_is_closed_that_nobody_reviewed(watched: Incident) -> None:
    with pytest.raises(Refusal, match=r"nobody has reviewed it.*holdfast incident review"):
        change.close(watched, ANA, "over")
    reviewed = after(watched, review(watched, ANA, LEARNED))
    assert objection(reviewed) is None
    closed = after(reviewed, change.close(reviewed, ANA, "over"))
    assert not closed.open


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        (Findings(held=True), "no cause is stated; it says neither what to improve nor why"),
        (Findings(causes=("Rain.",), held=True), "it says neither what to improve nor why"),
        (Findings(nothing="It went well.", held=True), "no cause is stated"),
    ],
)
def test_a_review_that_found_nothing_is_none(
    watched: Incident, said: Findings, missing: str
) -> None:
    with pytest.raises(Refusal, match=missing):
        review(watched, ANA, said)


def test_what_goes_on_is_not_reviewed(watched: Incident) -> None:
    again = after(watched, change.update(watched, ANA, change.Update(state=State.RECOVERING)))
    with pytest.raises(Refusal, match="it is recovering, and what goes on is not over yet"):
        review(again, ANA, LEARNED)
    assert review(again, ANA, Findings(causes=("Rain.",))).drafts


def test_findings_are_written_once_and_improvements_are_open_until_they_are_done(
    watched: Incident,
) -> None:
    reviewed = after(watched, review(watched, ANA, LEARNED))
    assert review(reviewed, ANA, LEARNED).drafts == ()
    (item,) = items(reviewed)
    assert (item.number, item.improvement, item.done_at) == (1, EARLIER, None)
    assert [item.overdue(EARLIER.due + timedelta(days=one)) for one in (0, 1)] == [False, True]
    closed = after(reviewed, change.close(reviewed, ANA, "over"))
    done = after(closed, review(closed, ANA, Findings(done=(1,), outcome="Alarm at 30 s")))
    (item,) = items(done)
    assert item.outcome == "Alarm at 30 s"
    assert not item.overdue(date(2030, 1, 1))
    assert review(done, ANA, Findings(done=(1,))).drafts == ()
    assert causes(done) == ("The region was lost.",)
    assert (done.state, held(done) is not None) == (State.CLOSED, True)


def test_an_improvement_that_nobody_knows_cannot_be_done(watched: Incident) -> None:
    with pytest.raises(InvalidInput, match="no improvement 2 of we1-away-0001; there are none yet"):
        review(watched, ANA, Findings(done=(2,)))


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (Findings(outcome="Alarm at 30 s"), "--outcome: says what came of --done"),
        (Findings(causes=("Rain.",), nothing="It went well."), "-improve: is said with --held"),
    ],
)
def test_no_words_of_a_review_are_lost(watched: Incident, said: Findings, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        review(watched, ANA, said)


def test_nobody_is_told_of_a_review(watched: Incident) -> None:
    reviewed = after(watched, review(watched, ANA, LEARNED))
    kinds = {entry.kind for one in occasions(reviewed) for entry in one.entries}
    assert not kinds & ABOUT_REVIEW
    assert len(occasions(reviewed)) == len(occasions(watched))


@pytest.mark.parametrize(
    ("estimated_s", "measured_s", "slower"),
    [(100, 121, True), (100, 119, False), (5, 14, False), (5, 16, True), (100, 50, False)],
)
def test_a_step_is_slower_where_one_can_learn_from_it(
    estimated_s: float, measured_s: float, slower: bool
) -> None:
    assert StepCourse("promote-orders", estimated_s, measured_s).slower is slower


def told(found: Incident, *courses: Course) -> str:
    lines = joined(of_record(found.entries))
    about = Reviewed(
        found, FUNCTIONS, lines, courses, "Europe/Lisbon", NOW + timedelta(days=30), "1"
    )
    page = html(document(about))
    assert "<earlier>" not in page
    return markdown(document(about))


def test_the_review_tells_what_did_not_go_as_planned(watched: Incident) -> None:
    reviewed = after(watched, review(watched, ANA, LEARNED))
    steps = (StepCourse("promote-orders", 300, 700), StepCourse("open-away", 60, 55))
    setbacks = (Told(NOW, "orders: its replica gave up."),)
    course = Course("we1-0001", "recovered", 43200, 900, steps, (), setbacks)
    page = told(reviewed, course)
    assert "The recovery time was 15 min, the objective is 12 h. 1 of 2 steps" in page
    assert "| promote-orders | 5 min | 11 min 40 s |" in page
    assert "its replica gave up" in page
    assert "| 1 | Alarm on lag \\<earlier\\> | operations | 2026-03-10 | overdue |" in page
    assert "| data integrity and access | orders |" in page
    assert "REVIEWED" in page
    assert "NOT REVIEWED" not in page


def test_a_review_without_anything_says_so(watched: Incident) -> None:
    page = told(watched)
    for sentence in (
        "NOT REVIEWED",
        "No failover run was part of it",
        "Nobody has stated a cause yet",
        "No improvement is on record",
        "0 messages were delivered, 0 attempts failed, 0 promised updates were missed",
    ):
        assert sentence in page


def test_messages_that_failed_or_came_late_are_named(watched: Incident) -> None:
    def entry(number: int, kind: Kind, message: str, text: str) -> IncidentEntry:
        data = {"message": message, "attempt": 1}
        return IncidentEntry(number, watched.id, NOW, Source.RUN, "slack", kind, text, data)

    first = watched.entries[-1].number + 1
    missed = f"{watched.id}:1:missed:1:slack"
    new = [
        entry(first, Kind.OWED, f"{watched.id}:1:said:1:slack", "To slack: it began"),
        entry(first + 1, Kind.UNDELIVERED, f"{watched.id}:1:said:1:slack", "slack is down"),
        entry(first + 2, Kind.OWED, missed, "To slack: an update is missing"),
        entry(first + 3, Kind.DELIVERED, missed, "slack has it"),
    ]
    page = told(incidents((*watched.entries, *new))[0])
    assert "1 messages were delivered, 1 attempts failed, 1 promised updates were missed" in page
    assert "slack is down" in page
    assert "an update is missing" in page
