from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from continuity import grants, permissions
from failover.answers import ANSWERS
from failover.case import Case
from failover.diagnose import Diagnosis
from failover.plan import Plan
from failover.region_loss import region_loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest


def test_the_same_manifest_gives_the_same_plan(manifest_of: Callable[..., Manifest]) -> None:
    assert region_loss(manifest_of()).hash == region_loss(manifest_of()).hash


def test_another_database_is_another_plan(manifest_of: Callable[..., Manifest]) -> None:
    plan = region_loss(manifest_of())
    assert region_loss(manifest_of(("billing", "orders", "stock"))).hash != plan.hash


def test_estimates_are_no_part_of_what_is_approved(manifest_of: Callable[..., Manifest]) -> None:
    assert region_loss(manifest_of(), detect_s=1.0).hash == region_loss(manifest_of()).hash


def test_the_prediction_is_detection_and_the_longest_chain(
    manifest_of: Callable[..., Manifest],
) -> None:
    plan = region_loss(manifest_of(), detect_s=30.0)
    path = plan.critical_path()
    assert path.steps == (
        "hold-recovery-points",
        "fence-home",
        "drain-home",
        "promote-billing",
        "protect-billing",
        "verify-billing",
        "open-away",
        "verify-outside",
    )
    assert path.seconds == 1 + 5 + 90 + 180 + 1 + 2 + 1 + 30
    assert plan.predicted_rto_s == 30 + path.seconds


def test_measured_durations_move_the_critical_path(manifest_of: Callable[..., Manifest]) -> None:
    path = region_loss(manifest_of()).critical_path({"promote-orders": 300.0, "scale-away": 9.0})
    assert "promote-orders" in path.steps
    assert path.seconds == 1 + 5 + 90 + 300 + 1 + 2 + 1 + 30


def test_promotions_and_scaling_wait_for_nothing_of_each_other(
    manifest_of: Callable[..., Manifest],
) -> None:
    steps = {step.name: step for step in region_loss(manifest_of()).steps}
    assert steps["scale-away"].needs == {"hold-recovery-points"}
    assert steps["promote-billing"].needs == steps["promote-orders"].needs == {"drain-home"}


def test_the_site_opens_only_after_every_database_was_verified(
    manifest_of: Callable[..., Manifest],
) -> None:
    steps = {step.name: step for step in region_loss(manifest_of()).steps}
    assert steps["open-away"].needs == {
        "verify-billing",
        "verify-orders",
        "scale-away",
        "revoke-home",
        "revoke-home-at-witness",
        "renew-tasks",
    }


def test_only_the_fence_touches_the_serving_site(manifest_of: Callable[..., Manifest]) -> None:
    steps = region_loss(manifest_of()).steps
    assert [step.name for step in steps if step.site == "home"] == ["fence-home"]


def test_important_databases_come_first(manifest_of: Callable[..., Manifest]) -> None:
    plan = region_loss(manifest_of(("stock", "archive")))
    promoted = [step.database for step in plan.steps if step.name.startswith("promote-")]
    assert promoted == ["stock", "archive"]


def test_a_need_that_comes_later_is_no_plan(manifest_of: Callable[..., Manifest]) -> None:
    plan = region_loss(manifest_of())
    with pytest.raises(ValueError, match="close-home needs hold-recovery-points, which come later"):
        replace(plan, steps=plan.steps[1:])


def test_the_table_shows_each_step_and_what_cannot_be_undone(
    manifest_of: Callable[..., Manifest],
) -> None:
    plan = region_loss(manifest_of())
    lines = plan.table().splitlines()
    assert lines[0] == f"we1: region loss, plan {plan.hash}"
    assert lines[8] == (
        "* promote-billing                  180 s  away  cannot be undone  "
        "promote we1-billing-away-1"
    )
    assert lines[9] == (
        "| restore-billing-point-in-time   1460 s  away  cannot be undone  "
        "restore we1-billing-away-1 from the newest moment in its replicated backups"
    )
    assert lines[-1] == "predicted recovery time: 5 min 40 s"
    assert len(lines) == len(plan.steps) + 3


def test_an_empty_plan_takes_no_time() -> None:
    assert Plan("nothing", "we1", "", 0.0, ()).critical_path().seconds == 0


def test_the_failover_role_may_do_what_steps_and_probes_declare(
    manifest_of: Callable[..., Manifest],
) -> None:
    manifest, case = manifest_of(), Case(Diagnosis.BAD_RELEASE, release="td:1")
    recoveries = {answer.recovery for answer in ANSWERS.values() if answer.recovery}
    plans = [recovery.build(manifest, case, 30.0) for recovery in recoveries]
    declared = {
        permission for plan in plans for step in plan.steps for permission in step.permissions
    }
    around = {
        permissions.WHO_AM_I,
        permissions.DESCRIBE_ALARMS,
        permissions.READ_LEASE,
        permissions.READ_PROOFS,
        permissions.WRITE_LEASE,
        permissions.CHECK_LEASE,
        permissions.READ_JOURNAL,
        permissions.WRITE_JOURNAL,
        permissions.READ_INCIDENTS,
        permissions.WRITE_INCIDENTS,
        permissions.READ_MANIFEST,
        permissions.READ_CHANNEL_SECRET,
        permissions.SEND_MAIL,
        permissions.UNTAG_DATABASE,  # after a run: what was left says so (`failover.leftovers`)
    }
    assert declared | around == set(grants.FAILOVER)
