import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cli import failover_follow
from cli.failover_json import standing_json
from cli.failover_text import history_text, standing_line, standing_text
from cli.output import Format
from failover.approvals import Approval
from failover.history import Achieved
from failover.standing import Stage, Standing, StepStanding
from failover.timeline import DatabaseOutcome, Phase

NOW = datetime(2026, 3, 3, 9, 5, tzinfo=UTC)
COMMAND = "holdfast failover approve we1 --plan abc"


@pytest.fixture
def standing() -> Callable[..., Standing]:
    def make(**changed: object) -> Standing:
        steps = (StepStanding("hold", Stage.DONE, "Held."), StepStanding("open", Stage.BEGUN, "x"))
        approved = (Approval("ana", NOW, NOW, expired=True),)
        fields = {
            "run": "we1-0001",
            "outcome": None,
            "phase": "contain",
            "plan_hash": "abc",
            "approvals": 0,
            "approvers": 2,
            "approved": approved,
            "paused": None,
            "without": (),
            "chosen": (),
            "elapsed_s": 600.0,
            "forecast_s": 1200.0,
            "rto_s": 900.0,
            "left_s": 300.0,
            "phases": (),
            "steps": steps,
            "waits_for": "people",
            "wanted": (f"2 more must approve: {COMMAND}",),
            "last": "Held.",
        }
        return Standing(**{**fields, **changed})

    return make


def test_a_line_says_what_is_left_what_is_waited_for_and_what_to_type(
    standing: Callable[..., Standing],
) -> None:
    assert standing_line(standing(), NOW).splitlines() == [
        (
            "09:05:00 UTC we1-0001 contain: 1 of 2 steps done, waits for people. "
            "LATE: 5 min of 15 min left, 10 min of work expected. Held."
        ),
        f"  WANTED 2 more must approve: {COMMAND}",
    ]
    assert "1 min 40 s past the objective" in standing_line(standing(left_s=-100.0), NOW)


def test_an_expired_approval_is_shown_as_such(standing: Callable[..., Standing]) -> None:
    assert "ana at 09:05 UTC, EXPIRED, give it again" in standing_text(standing())
    used = standing(approved=(Approval("ana", NOW, None, expired=False),))
    assert "ana at 09:05 UTC, for the whole run" in standing_text(used)


def test_a_pause_and_a_missing_database_are_shown(standing: Callable[..., Standing]) -> None:
    told = standing_text(standing(paused="ana paused: a call.", without=("orders",)))
    assert "  PAUSED      ana paused: a call." in told
    assert "  WITHOUT     orders" in told


def test_what_was_chosen_is_shown_with_its_reasons(standing: Callable[..., Standing]) -> None:
    why = "orders comes back from its replicated backups; not from its replica: it is failed."
    assert f"  CHOSEN      {why}" in standing_text(standing(chosen=(why,)))


def test_history_splits_the_time_and_tells_each_loss_as_known_before_and_measured_after() -> None:
    run = Achieved(
        *("we1-0001", NOW, "recovered", 420.0, 3.0),
        met=True,
        diagnosis="region lost",
        worst="orders",
        phases=(Phase("detect", 40.0), Phase("restore", 380.0)),
        databases=(
            DatabaseOutcome("billing", None, None, "Could not promote it."),
            DatabaseOutcome("orders", "replica", 3.0, bound_s=None),
            DatabaseOutcome("stock", "snapshot", 60.0, bound_s=90.0),
        ),
    )
    assert history_text("we1", [run]).splitlines()[1:] == [
        "  region lost; recovery time 7 min, data loss 3 s (orders)",
        "  phases: detect 40 s, restore 6 min 20 s",
        "  billing: not back. Could not promote it.",
        "  orders: from replica, data loss 3 s (known beforehand: nothing)",
        "  stock: from snapshot, data loss 1 min (known beforehand: at most 1 min 30 s)",
    ]


def test_json_of_a_standing_is_json(standing: Callable[..., Standing]) -> None:
    told = json.loads(json.dumps(standing_json(standing())))
    assert told["approved"][0]["expires_at"] == NOW.isoformat()
    assert [step["stage"] for step in told["steps"]] == ["done", "begun"]


@pytest.mark.parametrize("output_format", list(Format))
def test_only_changes_are_told_and_time_is_none(
    standing: Callable[..., Standing], capsys: pytest.CaptureFixture[str], output_format: Format
) -> None:
    with failover_follow.shown(output_format) as show:
        for found in (
            standing(),
            standing(elapsed_s=605.0, left_s=295.0),
            standing(last="Fenced."),
        ):
            show(found, NOW)
    lines = [line for line in capsys.readouterr().out.splitlines() if "WANTED" not in line]
    assert len(lines) == 2
    assert "Fenced." in lines[1]


@pytest.mark.parametrize(
    ("outcome", "rto_s", "told"),
    [
        (None, None, "recovery time not known yet: the run goes on"),
        ("aborted", None, "recovery time none: nothing was recovered"),
        ("recovered", 340.0, "recovery time 5 min 40 s"),
    ],
)
def test_history_says_in_words_what_became_of_the_recovery_time(
    outcome: str | None, rto_s: float | None, told: str
) -> None:
    run = Achieved("we1-0001", NOW, outcome, rto_s, None, met=False)
    assert told in history_text("we1", [run])


def test_a_run_that_moved_the_zone_names_the_next_command(
    standing: Callable[..., Standing],
) -> None:
    opened = (StepStanding("open-away", Stage.DONE, "Open."),)
    told = standing_text(standing(outcome="recovered", steps=opened))
    assert told.splitlines()[-1] == "  next        holdfast reconcile we1"
    assert "reconcile" not in standing_text(standing(steps=opened))
    assert "reconcile" not in standing_text(standing(outcome="recovered", steps=()))
