"""`holdfast drill --ledger`: every drill is kept, passed or not, and nothing there is lost."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cli import drill_record, exercise_ledger
from continuity import ledger
from continuity.errors import InvalidInput
from continuity.significant import SUBJECTS
from drill.expectation import Expectation, Outcome
from drill.facts import Facts
from drill.scenario import Scenario
from drill.verdict import Verdict, judge

Keep = Callable[..., tuple[ledger.Exercise, ...]]


@pytest.fixture
def verdict(scenario: Scenario, facts: Facts) -> Verdict:
    return judge(scenario, 1, facts)


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keep:
    place = tmp_path / ledger.PLACE
    place.parent.mkdir(parents=True)
    monkeypatch.setattr(exercise_ledger, "project_root", lambda: tmp_path)

    def kept(*verdicts: Verdict) -> tuple[ledger.Exercise, ...]:
        drill_record.keep(verdicts)
        return ledger.read(place.read_text("utf-8"))

    return kept


def test_each_drill_is_a_line_that_says_what_came_of_it(keep: Keep, verdict: Verdict) -> None:
    (found,) = keep(verdict)
    assert (found.zone, found.passed) == (verdict.zone, True)
    assert f"({verdict.scenario}, seed 1)" in found.what
    assert found.result == "recovered in 6 min 40 s, 2 s lost"
    assert sorted(found.digests) == sorted(SUBJECTS)
    assert len(keep(verdict, verdict)) == 3


def test_a_drill_that_did_not_end_as_promised_is_kept_too(
    keep: Keep, scenario: Scenario, facts: Facts
) -> None:
    broken = replace(facts, violations=("two primaries",))
    (found,) = keep(judge(replace(scenario, expect=Expectation()), 1, broken))
    assert not found.passed
    assert found.result.endswith("not as promised")


def test_a_zone_that_was_not_to_come_back_has_no_recovery_time(
    keep: Keep, verdict: Verdict
) -> None:
    refused = replace(verdict, outcome=Outcome.REFUSED)
    (found,) = keep(refused)
    assert (found.passed, found.recovery_s) == (True, None)
    assert ledger.last_passed([found], verdict.zone) is None


def test_a_last_line_that_somebody_left_open_is_closed_first(
    keep: Keep, verdict: Verdict, tmp_path: Path
) -> None:
    keep(verdict)
    place = tmp_path / ledger.PLACE
    place.write_text(place.read_text("utf-8").rstrip("\n"), "utf-8")
    assert len(keep(verdict)) == 2


def test_a_ledger_that_cannot_be_read_is_left_as_it_is(
    keep: Keep, verdict: Verdict, tmp_path: Path
) -> None:
    place = tmp_path / ledger.PLACE
    place.write_text("no\n", "utf-8")
    with pytest.raises(InvalidInput, match="line 1: is not JSON"):
        keep(verdict)
    assert place.read_text("utf-8") == "no\n"
