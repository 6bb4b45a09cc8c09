import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from continuity.journal import Entry, EntryKind
from continuity.wording import seconds_text
from drill.expectation import Expectation, Outcome
from drill.facts import Facts
from drill.scenario import Scenario
from drill.text import as_text
from drill.verdict import judge
from drill.verdict_json import as_json

MakeEntry = Callable[..., Entry]


def test_the_object_for_programs_has_exactly_the_agreed_fields(
    scenario: Scenario, facts: Facts, entry: MakeEntry
) -> None:
    journal = (entry(EntryKind.SUSPECTED, 5, "The platform is silent."),)
    found = as_json(judge(scenario, 1, replace(facts, journal=journal)))
    assert list(found) == [
        "scenario",
        "zone",
        "outcome",
        "rto",
        "rpo",
        "floor_s",
        "phases",
        "databases",
        "violations",
        "api_calls",
        "journal",
    ]
    assert found["rto"] == {"objective_s": 900.0, "measured_s": 400.0, "met": True}
    assert found["databases"] == [
        {"name": "orders", "source": "replica", "data_loss_s": 2.0, "claimed_loss_s": None},
        {"name": "files", "source": "replica", "data_loss_s": 1.0, "claimed_loss_s": None},
    ]
    assert found["journal"] == [journal[0].as_json()]
    assert found["phases"] == [
        {"name": "notice", "seconds": 4.0},
        {"name": "detect", "seconds": 0.0},
        {"name": "arrive", "seconds": 396.0},
    ]


def test_the_object_is_json_and_equal_for_equal_verdicts(scenario: Scenario, facts: Facts) -> None:
    one, other = (json.dumps(as_json(judge(scenario, 1, facts))) for _ in range(2))
    assert one == other


def test_people_read_what_came_back_how_fast_and_what_was_lost(
    scenario: Scenario, facts: Facts
) -> None:
    text = as_text(judge(scenario, 3, facts))
    assert [line[:86] for line in text.splitlines()] == [
        "we1  RECOVERED  A test (test, seed 3)",
        "  recovery time    objective 15 min, measured 6 min 40 s: met",
        "  data loss        objective 5 min, measured 2 s: met",
        "  floor            5 min 20 s is what AWS alone needed",
        "  phases           none: nothing was started",
        "  databases        orders  from its replica  lost 2 s",
        "                   files   from its replica  lost 1 s",
        "  calls            32 to AWS; most of them rds.DescribeDBInstances 30, rds.PromoteRead",
        "  violations       none",
    ]


def test_people_read_what_was_missed_broken_and_unexpected(scenario: Scenario, down: Facts) -> None:
    wanted = replace(scenario, expect=Expectation(Outcome.REFUSED))
    text = as_text(judge(wanted, 3, replace(down, violations=("two primaries",), api_calls={})))
    assert "measured 14 min 59 s: MISSED" in text
    assert "does not take writes" in text
    assert "  violations       two primaries" in text
    assert "  not as expected  expected to end refused, but it ended blocked" in text
    assert "  calls            none" in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (43200, "12 h"),
        (3661, "1 h 1 min"),
        (3601, "1 h"),
        (172800, "2 d"),
        (90000, "1 d 1 h"),
    ],
)
def test_seconds_are_said_in_the_two_largest_units(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text
