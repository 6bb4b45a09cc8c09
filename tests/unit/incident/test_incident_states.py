"""An incident's states and its log: laws over every word that people, alarms and runs may say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.critical_functions import usual
from continuity.errors import InvalidInput, Refusal
from continuity.incidents import IncidentEntry, Kind, Source
from incident import change
from incident.declare import Report, Words, declare, open_one
from incident.draft import Draft, Voice
from incident.record import Incident, incidents
from incident.review import Findings, review
from incident.severity import Severity
from incident.states import FOLLOWS, State, ahead, follows, objection

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
FUNCTIONS = usual(["orders"])
ANA = Voice(Source.PERSON, "arn:aws:sts::1:assumed-role/r/ana")
BEA = Voice(Source.PERSON, "arn:aws:sts::1:assumed-role/r/bea")
Log = tuple[IncidentEntry, ...]


def grown(log: Log, words: Words, at: datetime) -> Log:
    """Return a log after words were written, as the book numbers them."""
    name = words.incident.id if words.incident else f"we1-away-{len(incidents(log)) + 1:04d}"
    first = log[-1].number + 1 if log else 1
    return (*log, *(one.entry(first + n, name, at) for n, one in enumerate(words.drafts)))


def reported(key: str, *services: str) -> Report:
    return Report(ANA, "slow", f"A customer reports by phone: {key}", services=services, key=key)


def test_only_what_was_watched_is_closed_and_nothing_follows() -> None:
    assert [state for state in State if follows(state, State.CLOSED)] == [State.MONITORING]
    assert not FOLLOWS[State.CLOSED]
    assert set(FOLLOWS) == set(State)


@pytest.mark.parametrize("state", State)
def test_every_state_leads_to_the_end_and_says_why_it_goes_nowhere_else(state: State) -> None:
    reached = {state}
    for _ in State:
        reached |= {one for each in reached for one in FOLLOWS[each]}
    assert State.CLOSED in reached
    for wanted in State:
        against = objection(state, wanted)
        assert (against is None) == follows(state, wanted)
        if ahead(state, wanted):
            assert follows(state, wanted)


SAYINGS = st.lists(
    st.one_of(
        st.tuples(st.just("report"), st.sampled_from("abc"), st.sampled_from(["orders", "files"])),
        st.tuples(st.just("move"), st.sampled_from(list(State)), st.just("")),
        st.tuples(st.just("machine"), st.sampled_from(list(State)), st.sampled_from("xyz")),
        st.tuples(st.just("close"), st.just(""), st.just("")),
        st.tuples(st.just("review"), st.just(""), st.just("")),
        st.tuples(st.just("acknowledge"), st.just(""), st.just("")),
    ),
    max_size=25,
)


def said(log: Log, saying: tuple[str, str, str]) -> Words:
    """Return what one saying adds to a log."""
    known = incidents(log)
    what, first, second = saying
    if what == "report":
        return declare(reported(first, second), known, FUNCTIONS)
    found = change.chosen(known, None, "we1")
    if what == "move":
        return change.update(found, ANA, change.Update(state=State(first)))
    if what == "machine":
        data = {"key": second, "state": first}
        return change.reached(found, [Draft(ANA, Kind.MOVED, "it moves", data)])
    if what == "review":
        return review(found, ANA, Findings(causes=("Rain.",), held=True, nothing="It is dry."))
    if what == "close":
        return change.close(found, ANA, "it is over")
    return change.acknowledge(found, ANA, "")


@given(SAYINGS)
def test_whatever_is_said_there_is_one_open_incident_and_no_step_that_does_not_follow(
    sayings: list[tuple[str, str, str]],
) -> None:
    log: Log = ()
    at = NOW
    for saying in sayings:
        at += timedelta(minutes=1)
        before = {one.id: one for one in incidents(log)}
        try:
            words = said(log, saying)
        except Refusal:
            continue
        log = grown(log, words, at)
        again = grown(log, _repeated(log, saying), at)
        assert again == log, "what is so already was written twice"
        for one in incidents(log):
            old = before.get(one.id)
            assert old is None or old.state is one.state or follows(old.state, one.state)
            assert old is None or old.open or old == one
    assert sum(one.open for one in incidents(log)) <= 1
    assert [one.number for one in log] == list(range(1, len(log) + 1))


def _repeated(log: Log, saying: tuple[str, str, str]) -> Words:
    try:
        return said(log, saying)
    except Refusal:
        return Words(incidents(log)[0], ())


@pytest.fixture
def running() -> Incident:
    words = declare(reported("a", "orders"), (), FUNCTIONS)
    return incidents(grown((), words, NOW))[0]


def test_a_report_makes_an_open_incident_worse_and_never_better(running: Incident) -> None:
    assert running.severity is Severity.SEV2
    certain = Report(BEA, "lost", "orders is lost", services=("orders",), certain=True, key="run")
    log = grown(running.entries, declare(certain, [running], FUNCTIONS), NOW)
    assert [one.severity for one in incidents(log)] == [Severity.SEV1]
    log = grown(log, declare(reported("question"), incidents(log), FUNCTIONS), NOW)
    assert [one.severity for one in incidents(log)] == [Severity.SEV1]
    assert open_one(incidents(log)) == incidents(log)[0]


def test_the_same_report_without_a_key_is_told_once_while_it_is_open(running: Incident) -> None:
    plain = Report(BEA, "slow", "A customer reports by phone: slow")
    log = grown(running.entries, declare(plain, [running], FUNCTIONS), NOW)
    assert len(log) == 2
    assert declare(plain, incidents(log), FUNCTIONS).drafts == ()
    other = Report(ANA, "slow", plain.text)
    assert len(declare(other, incidents(log), FUNCTIONS).drafts) == 1


def test_a_run_that_begins_while_we_only_watched_takes_it_back(running: Incident) -> None:
    watched = change.update(running, ANA, change.Update(state=State.MONITORING))
    log = grown(running.entries, watched, NOW)
    run = Report(Voice(Source.RUN, "we1-0002"), "lost", "Lost.", services=("orders",), key="run:2")
    log = grown(log, declare(run, incidents(log), FUNCTIONS), NOW)
    [found] = incidents(log)
    assert (found.state, found.hit_now) == (State.RECOVERING, {"orders"})


def test_closing_asks_for_the_state_and_for_a_reason(running: Incident) -> None:
    with pytest.raises(Refusal, match="only what was watched is closed"):
        change.close(running, ANA, "over")
    with pytest.raises(InvalidInput, match="--reason"):
        change.close(running, ANA, "  ")
    with pytest.raises(Refusal, match="incident close"):
        change.update(running, ANA, change.Update(state=State.CLOSED))


def test_an_update_says_all_that_is_new_and_nothing_that_is_not(running: Incident) -> None:
    wanted = change.Update(
        state=State.CONTAINED,
        severity=Severity.SEV1,
        roles={change.Role.COMMANDER: "Ana"},
        affected=("orders", "platform"),
        restored=("files",),
        note="The old primary is isolated.",
    )
    words = change.update(running, ANA, wanted)
    kinds = [one.kind for one in words.drafts]
    assert kinds == [Kind.RATED, Kind.ASSIGNED, Kind.AFFECTED, Kind.MOVED, Kind.NOTED]
    found = incidents(grown(running.entries, words, NOW))[0]
    assert (found.severity, found.state) == (Severity.SEV1, State.CONTAINED)
    assert found.roles == {change.Role.COMMANDER: "Ana"}
    assert found.hit_now == {"orders", "platform"}
    assert [one.kind for one in change.update(found, ANA, wanted).drafts] == [Kind.NOTED]


def test_an_incident_is_chosen_by_its_id_or_because_it_is_open(running: Incident) -> None:
    assert change.chosen([running], None, "we1") is running
    with pytest.raises(InvalidInput, match="incidents are we1-away-0001"):
        change.chosen([running], "we1-away-0009", "we1")
    with pytest.raises(Refusal, match="No incident of we1 is open"):
        change.chosen([], None, "we1")
