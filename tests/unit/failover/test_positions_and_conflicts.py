"""What a prober's answer is worth, and what a planned move waits for beside its own looks. Pure."""

from datetime import UTC, datetime

import pytest

from backup.hold_rules import Hold, Standing
from continuity.errors import TemporaryError
from continuity.journal import Entry, EntryKind
from failover import whole
from failover.diagnose import Diagnosis
from failover.planned import NAME
from failover.positions import Position, place, questions, read
from failover.readiness.finding import blocks, degrades
from failover.readiness.judge import Readiness
from failover.run import Run
from incident.record import Incident
from incident.severity import Severity
from incident.states import State

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)


def answer(error: str = "", **values: object) -> dict[str, object]:
    rows = [{"name": name, "value": value, "error": ""} for name, value in values.items()]
    return {"error": error, "values": rows}


def test_a_position_is_two_halves_in_hexadecimal() -> None:
    assert place("16/B374D848") == 0x16B374D848
    assert place("0/3000060") < place("1/0")


def test_who_is_signed_in_is_asked_before_the_position() -> None:
    assert [one["name"] for one in questions(primary=True)] == ["sessions", "position"]
    assert [one["name"] for one in questions(primary=False)] == ["position"]


def test_an_answer_is_read() -> None:
    assert read(answer(sessions=2, position="0/10")) == Position(16, 2)


@pytest.mark.parametrize(
    "wrong",
    [answer("no way in"), answer(sessions=0), answer(position="here"), answer(position=None)],
)
def test_an_answer_that_says_nothing_is_no_proof(wrong: dict[str, object]) -> None:
    with pytest.raises(TemporaryError):
        read(wrong)


def test_the_name_of_the_diagnosis_is_the_one_that_the_journal_is_read_by() -> None:
    assert str(Diagnosis.PLANNED_MOVE) == NAME


def test_an_open_run_and_an_open_incident_stand_against_a_move() -> None:
    begun = Entry(1, AT, EntryKind.SUSPECTED, "It is silent.", None, {"both": True})
    ended = Entry(2, AT, EntryKind.CLEARED, "It is well.")
    assert whole.of_run(Run("we1-0001", (begun,))) == (
        "we1-0001 goes on. Let it end, or abort it.",
    )
    assert whole.of_run(Run("we1-0001", (begun, ended))) == ()
    known = Incident("we1-1", "it", AT, AT, Severity.SEV1)
    closed = Incident("we1-2", "it", AT, AT, Severity.SEV1, State.CLOSED)
    assert len(whole.of_incidents([known, closed])) == 1


def test_only_a_hold_that_placed_itself_stands_against_a_move() -> None:
    mine = Hold("we1-0001", "we1-0001 recovers we1", AT, automatic=True)
    held = Standing(holds=(mine, Hold("audit", "a person asks", AT)))
    assert len(whole.of_holds(held, None)) == 1
    order = Entry(1, AT, EntryKind.DECLARED, "ana", None, {"what": "planned"})
    refused = Entry(2, AT, EntryKind.FINISHED, "no", None, {"outcome": "refused"})
    assert whole.of_holds(held, Run("we1-0001", (order, refused))) == ()


def test_what_blocks_stands_against_a_move_and_what_cannot_be_read_is_told_apart() -> None:
    findings = (
        blocks("fence", "away", "It is shut.", "Open it."),
        blocks("unreadable", "away", "denied", "Make it readable."),
        degrades("lag", "orders", "It is late.", "Wait."),
    )
    found = whole.of_readiness(Readiness("we1", "eu-central-1", AT, 3, findings))
    assert found == ("away: It is shut. Open it.",)
