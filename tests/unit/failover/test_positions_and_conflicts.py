"""What a prober's answer is worth, and what a planned move waits for beside its own looks. Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from backup.hold_rules import Hold, Standing
from continuity.errors import TemporaryError
from continuity.journal import Entry, EntryKind
from continuity.proving import ScratchPlace
from continuity.zone import SiteName
from failover import whole
from failover.aws_switch import AwsSwitch
from failover.diagnose import Diagnosis
from failover.planned import NAME
from failover.positions import Position, place, questions, read
from failover.readiness.finding import blocks, degrades
from failover.readiness.judge import Readiness
from failover.run import Run
from incident.record import Incident
from incident.severity import Severity
from incident.states import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest

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


class AnsweringDoor:
    """The way to a prober that left one answer; it counts how often the prober is sent."""

    def __init__(self, left: dict[str, object] | None) -> None:
        self.cloud, self.left, self.sent = self, left, 0

    def at(self, region: str) -> AnsweringDoor:
        assert region
        return self

    def read(self, _service: str, operation: str, **asked: object) -> dict[str, object]:
        if operation == "DescribeDBInstances":
            return {"DBInstances": [{"DBInstanceIdentifier": asked["DBInstanceIdentifier"]}]}
        item = {} if self.left is None else {"we1-0001@away:home:orders": self.body()}
        return {"Item": item}

    def body(self) -> dict[str, str]:
        return {"S": json.dumps(self.left)}

    def change(self, _service: str, operation: str, **asked: object) -> None:
        assert (operation, asked["FunctionName"]) == ("Invoke", "we1-home-prober")
        self.sent += 1


@pytest.fixture
def manifest(manifest_of: Callable[..., Manifest]) -> Manifest:
    return manifest_of()


def asked(door: AnsweringDoor, manifest: Manifest) -> Position | None:
    site = replace(manifest.sites[SiteName.HOME], scratch=ScratchPlace(prober="we1-home-prober"))
    known = replace(manifest, sites={**manifest.sites, SiteName.HOME: site})
    orders = next(one for one in known.databases if one.name == "orders")
    return AwsSwitch(known, door).position("we1-0001", SiteName.HOME, orders)


@pytest.mark.parametrize("wrong", [answer("no way in"), answer(sessions=0, position=None)])
def test_an_answer_of_no_use_is_told_and_the_database_is_asked_once_more(
    manifest: Manifest, wrong: dict[str, object]
) -> None:
    door = AnsweringDoor(wrong)
    with pytest.raises(TemporaryError, match="asked in vain"):
        asked(door, manifest)
    assert door.sent == 1


def test_the_first_question_sends_the_prober_and_its_answer_stands(manifest: Manifest) -> None:
    door = AnsweringDoor(None)
    assert asked(door, manifest) is None
    assert door.sent == 1
    door.left = answer(sessions=0, position="0/10")
    assert asked(door, manifest) == Position(16, 0)
    assert door.sent == 1


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
    mine = Hold("we1-0001@away", "we1-0001 recovers we1", AT, automatic=True)
    held = Standing(holds=(mine, Hold("audit", "a person asks", AT)))
    assert len(whole.of_holds("we1", SiteName.AWAY, held, None)) == 1
    order = Entry(1, AT, EntryKind.DECLARED, "ana", None, {"what": "planned"})
    refused = Entry(2, AT, EntryKind.FINISHED, "no", None, {"outcome": "refused"})
    taken_back = Run("we1-0001", (order, refused))
    assert whole.of_holds("we1", SiteName.AWAY, held, taken_back) == ()
    [other] = whole.of_holds("we1", SiteName.HOME, held, taken_back)
    assert other.startswith("we1-0001@away holds the recovery points")


def test_what_blocks_stands_against_a_move_and_what_cannot_be_read_is_told_apart() -> None:
    findings = (
        blocks("fence", "away", "It is shut.", "Open it."),
        blocks("unreadable", "away", "denied", "Make it readable."),
        degrades("lag", "orders", "It is late.", "Wait."),
    )
    found = whole.of_readiness(Readiness("we1", "eu-central-1", AT, 3, findings))
    assert found == ("away: It is shut. Open it.",)
