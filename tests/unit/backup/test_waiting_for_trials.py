"""How long a verification waits before it looks again."""

from datetime import UTC, datetime, timedelta

import pytest

from backup.points import Kind, Series
from backup.verify import Tick
from backup.verify_loop import LONGEST_POLL_S, POLL_S, pause
from backup.verify_subject import Role, Stage, Trial

BEGAN = datetime(2026, 3, 1, 1, tzinfo=UTC)


def trial(stage: Stage = Stage.RESTORING) -> Trial:
    return Trial(
        scratch="we1-scratch-orders-1",
        series=Series("we1", "orders", Kind.DATABASE),
        point="we1-orders-2026-03-01",
        arn="arn:aws:rds:eu-central-1:123456789012:snapshot:we1-orders-2026-03-01",
        taken_at=BEGAN,
        region="eu-central-1",
        size_gb=100,
        role=Role.NEWEST,
        seed="2026-03-01",
        by="schedule",
        began=BEGAN,
        expected_s=1200.0,
        stage=stage,
    )


@pytest.mark.parametrize(
    ("passed_s", "wanted_s"),
    [(0, LONGEST_POLL_S), (900, 225), (1100, 110), (1500, 150), (5000, LONGEST_POLL_S)],
)
def test_most_of_what_a_restore_still_takes_is_waited_and_then_tenths_of_what_it_took(
    passed_s: int, wanted_s: float
) -> None:
    assert pause(Tick((trial(),), (), ()), BEGAN + timedelta(seconds=passed_s)) == wanted_s


def test_what_has_just_begun_is_not_looked_at_in_a_minute() -> None:
    assert pause(Tick((trial(),), (), ("it is being restored",)), BEGAN) == LONGEST_POLL_S


def test_what_is_asked_its_checks_is_looked_at_soon() -> None:
    assert pause(Tick((trial(), trial(Stage.CHECKING)), (), ()), BEGAN) == POLL_S
