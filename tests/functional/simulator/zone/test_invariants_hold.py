"""Every invariant is broken once on purpose and caught, and kept once and not complained about."""

from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from continuity import naming
from continuity.zone import SiteName
from simulator.faults import Fault, FaultKind
from simulator.invariants import Invariants
from simulator.traffic import Traffic

Stage = Any  # the conftest's class: test files share no modules

HOME, AWAY = "eu-west-1", "eu-central-1"
REPLICA = "we1-orders-away-1"


@pytest.fixture
def invariants(stage: Stage) -> Invariants:
    """Watch a zone in which clients have written for five minutes."""
    stage.world.clock.sleep(60)
    Traffic(stage.world, stage.manifest).start()
    invariants = Invariants(stage.world, stage.manifest)
    stage.world.clock.sleep(300)
    return invariants


def broken(invariants: Invariants) -> set[int]:
    return {violation.invariant for violation in invariants.violations}


def said(invariants: Invariants) -> str:
    return "\n".join(str(violation) for violation in invariants.violations)


def modify(stage: Stage, **changes: object) -> None:
    rds = stage.client("rds", AWAY)
    rds.modify_db_instance(DBInstanceIdentifier=REPLICA, ApplyImmediately=True, **changes)


def test_a_right_failover_breaks_nothing(stage: Stage, invariants: Invariants) -> None:
    stage.lose_home()
    stage.world.clock.sleep(30)
    stage.fail_over()
    assert invariants.violations == ()


def test_a_right_failover_breaks_nothing_when_home_returns(
    stage: Stage, invariants: Invariants
) -> None:
    stage.fault(Fault(FaultKind.REGION_LOST, 0, region=HOME, lasts_s=400))
    stage.world.clock.sleep(30)
    stage.fail_over()
    stage.world.clock.sleep(1800)
    assert invariants.violations == ()


def test_1_opening_before_old_answers_have_drained_is_caught(
    stage: Stage, invariants: Invariants
) -> None:
    stage.prepare()
    for database in stage.manifest.databases:
        stage.promote(database.name)
    stage.wait_until_promoted()
    stage.close()
    stage.revoke()
    stage.open()
    stage.world.clock.sleep(120)
    assert broken(invariants) == {1}
    assert "two writable primaries of orders" in said(invariants)


def test_1_a_lost_region_that_may_return_counts_as_within_reach(
    stage: Stage, invariants: Invariants
) -> None:
    stage.lose_home()
    stage.prepare()
    for database in stage.manifest.databases:
        stage.promote(database.name)
    stage.wait_until_promoted()
    stage.close()
    stage.revoke()
    stage.open()
    stage.world.clock.sleep(120)
    assert broken(invariants) == {1}


def test_2_a_promotion_beyond_the_objective_needs_consent(
    stage: Stage, invariants: Invariants
) -> None:
    stage.fault(Fault(FaultKind.REPLICA_BROKEN, 0, database="orders"))
    stage.world.clock.sleep(400)
    stage.prepare()
    stage.close()
    stage.promote("orders")
    assert broken(invariants) == {2}
    assert "orders was promoted" in said(invariants)


def test_2_a_promotion_with_unknown_lag_needs_consent(stage: Stage, invariants: Invariants) -> None:
    stage.fault(Fault(FaultKind.LAG_UNKNOWN, 0, database="orders"))
    stage.world.clock.sleep(400)
    stage.prepare()
    stage.promote("orders")
    stage.promote("billing")
    assert [one.sentence.split()[0] for one in invariants.violations] == ["orders"]


def test_2_consent_for_that_database_is_enough(stage: Stage, invariants: Invariants) -> None:
    stage.fault(Fault(FaultKind.REPLICA_BROKEN, 0))
    stage.world.clock.sleep(400)
    stage.prepare()
    stage.write_down(3, "consented", database="orders", by="ana")
    stage.promote("orders")
    assert invariants.violations == ()
    stage.promote("billing")
    assert broken(invariants) == {2}


def test_3_opening_a_site_that_is_not_writable_is_caught(
    stage: Stage, invariants: Invariants
) -> None:
    stage.prepare()
    stage.close()
    stage.revoke()
    stage.promote("orders")
    stage.world.clock.sleep(1000)
    stage.open()
    assert broken(invariants) == {3}
    assert "billing cannot be written there" in said(invariants)
    assert "orders" not in said(invariants)


def test_3_a_person_may_open_without_what_is_not_writable(
    stage: Stage, invariants: Invariants
) -> None:
    stage.prepare()
    stage.write_down(3, "opened without", database="billing", by="ana")
    stage.close()
    stage.revoke()
    stage.promote("orders")
    stage.world.clock.sleep(1000)
    stage.open()
    assert invariants.violations == ()


def test_4_a_latch_that_is_put_again_is_caught(stage: Stage, invariants: Invariants) -> None:
    stage.close()
    assert invariants.violations == ()
    stage.close()
    assert broken(invariants) == {4}


def test_4_a_repeat_that_aws_refuses_is_no_second_effect(
    stage: Stage, invariants: Invariants
) -> None:
    stage.prepare()
    stage.promote("orders")
    rds = stage.client("rds", AWAY)
    with pytest.raises(rds.exceptions.InvalidDBInstanceStateFault):
        stage.promote("orders")
    assert invariants.violations == ()


def test_6_a_change_without_a_hold_is_caught(stage: Stage, invariants: Invariants) -> None:
    modify(stage, DeletionProtection=True)
    assert broken(invariants) == {6}
    assert "while no hold was on" in said(invariants)


def test_6_what_a_failover_left_may_be_retired_without_a_hold(
    stage: Stage, invariants: Invariants
) -> None:
    rds = stage.client("rds", AWAY)
    [found] = rds.describe_db_instances(DBInstanceIdentifier=REPLICA)["DBInstances"]
    tags = [{"Key": naming.TAG_FENCED, "Value": "ops-0001@away 2026-03-03T09:00:00+00:00"}]
    rds.add_tags_to_resource(ResourceName=found["DBInstanceArn"], Tags=tags)
    modify(stage, DeletionProtection=False)
    assert invariants.violations == ()


def test_6_a_change_under_a_hold_is_right(stage: Stage, invariants: Invariants) -> None:
    stage.hold()
    modify(stage, DeletionProtection=True)
    assert invariants.violations == ()


def test_6_deleting_a_recovery_point_under_a_hold_is_caught(
    stage: Stage, invariants: Invariants
) -> None:
    rds = stage.client("rds", HOME)
    for name in ("first", "second"):
        rds.create_db_snapshot(DBInstanceIdentifier="we1-orders-home-1", DBSnapshotIdentifier=name)
        stage.world.clock.sleep(1800)
    stage.try_a_point()
    rds.delete_db_snapshot(DBSnapshotIdentifier="first")
    assert invariants.violations == ()
    stage.hold()
    rds.delete_db_snapshot(DBSnapshotIdentifier="second")
    assert broken(invariants) == {6}


def test_7_a_change_in_the_impaired_region_that_is_no_fence_is_caught(
    stage: Stage, invariants: Invariants
) -> None:
    stage.lose_home()
    stage.world.clock.sleep(60)
    rds = stage.client("rds", HOME)
    with pytest.raises(ConnectTimeoutError):
        rds.stop_db_instance(DBInstanceIdentifier="we1-orders-home-1")
    assert broken(invariants) == {7}


def test_7_one_attempt_to_fence_and_probes_are_right_and_a_third_attempt_is_not(
    stage: Stage, invariants: Invariants
) -> None:
    hosting = stage.manifest.serving_site.hosting
    stage.lose_home()
    stage.world.clock.sleep(60)
    ecs = stage.client("ecs", HOME)
    for attempt in range(3):
        with pytest.raises(ConnectTimeoutError):
            ecs.describe_services(cluster=hosting.cluster, services=[hosting.service])
        with pytest.raises(ConnectTimeoutError):
            ecs.update_service(cluster=hosting.cluster, service=hosting.service, desiredCount=0)
        assert bool(invariants.violations) == (attempt == 2)


def test_7_a_region_that_has_returned_may_be_fenced_as_often_as_it_is_found_open(
    stage: Stage, invariants: Invariants
) -> None:
    hosting = stage.manifest.serving_site.hosting
    stage.fault(Fault(FaultKind.REGION_LOST, 0, region=HOME, lasts_s=60))
    stage.world.clock.sleep(120)
    for _ in range(4):
        stage.client("ecs", HOME).update_service(
            cluster=hosting.cluster, service=hosting.service, desiredCount=0
        )
    assert invariants.violations == ()


def test_8_a_journal_line_beside_the_lease_is_caught(stage: Stage, invariants: Invariants) -> None:
    line = {"run": {"S": "we1-0001"}, "sequence": {"N": "1"}, "kind": {"S": "done"}}
    dynamodb = stage.client("dynamodb", AWAY)
    dynamodb.put_item(TableName=stage.away.journal_table, Item=line)
    assert broken(invariants) == {8}


def test_8_a_transaction_without_the_lease_is_caught(stage: Stage, invariants: Invariants) -> None:
    line = {"run": {"S": "we1-0001"}, "sequence": {"N": "1"}, "kind": {"S": "done"}}
    put = {"Put": {"TableName": stage.away.journal_table, "Item": line}}
    stage.client("dynamodb", AWAY).transact_write_items(TransactItems=[put])
    assert broken(invariants) == {8}


def test_8_a_line_with_the_lease_in_hand_is_right(stage: Stage, invariants: Invariants) -> None:
    stage.take_lease()
    stage.write_down(1, "planned", hash="abc")
    assert invariants.violations == ()


@pytest.mark.parametrize("approval", [None, "another plan's hash"])
def test_10_a_promotion_without_approval_of_this_plan_is_caught(
    stage: Stage, invariants: Invariants, approval: str | None
) -> None:
    stage.take_lease()
    stage.hold()
    stage.write_down(1, "planned", hash="abc")
    if approval:
        stage.write_down(2, "approved", hash=approval, by="ana")
    stage.promote("orders")
    assert broken(invariants) == {10}


def test_10_nothing_changes_after_an_abort(stage: Stage, invariants: Invariants) -> None:
    stage.prepare()
    stage.write_down(3, "aborted")
    stage.close()
    assert broken(invariants) == {10}


def test_10_a_warrant_is_revoked_with_an_approval_only(
    stage: Stage, invariants: Invariants
) -> None:
    stage.revoke()
    assert broken(invariants) == {10}
    assert "a warrant was revoked without an approval" in said(invariants)


def test_11_a_site_is_not_opened_while_its_own_latch_warrants_the_other(
    stage: Stage, invariants: Invariants
) -> None:
    stage.prepare()
    stage.close()
    for database in stage.manifest.databases:
        stage.promote(database.name)
    stage.wait_until_promoted()
    stage.open()
    assert broken(invariants) == {11}
    assert "opened while its latch warrants" in said(invariants)


def test_11_a_warrant_that_is_given_back_is_caught(stage: Stage, invariants: Invariants) -> None:
    stage.fail_over()
    assert invariants.violations == ()
    stage.revoke(naming.WARRANTED)
    assert broken(invariants) == {11}
    assert "was given back" in said(invariants)


def test_11_the_old_site_stays_left_when_the_new_one_is_lost_as_well(
    stage: Stage, invariants: Invariants
) -> None:
    """The latch that closed home is lost with away: what is left says no in the witness's."""
    stage.fault(
        Fault(FaultKind.REGION_LOST, 0, region=HOME, lasts_s=3000),
        Fault(FaultKind.REGION_LOST, 2400, region=AWAY, lasts_s=1200),
    )
    stage.world.clock.sleep(30)
    stage.fail_over()
    stage.world.clock.sleep(4200)
    assert invariants.violations == ()


def test_11_a_witness_that_was_never_told_would_lead_them_back(
    stage: Stage, invariants: Invariants
) -> None:
    stage.prepare()
    stage.close()
    key, bucket = naming.warrant_key(SiteName.HOME), stage.away.latch.bucket
    stage.client("s3", AWAY).put_object(Bucket=bucket, Key=key, Body=b"revoked")
    stage.world.clock.sleep(120)
    stage.lose(AWAY)
    stage.world.clock.sleep(60)
    assert "traffic moved back to home" in said(invariants)


def test_11_traffic_that_returns_to_the_old_site_is_caught(
    stage: Stage, invariants: Invariants
) -> None:
    stage.fail_over()
    assert invariants.violations == ()
    s3 = stage.client("s3", AWAY)
    s3.delete_object(Bucket=stage.away.latch.bucket, Key=stage.away.latch.closed_key)
    stage.world.clock.sleep(60)
    assert "traffic moved back" not in said(invariants)  # without a warrant nobody is led back
    assert "closed/home was taken away although no run" in said(invariants)
    stage.revoke(naming.WARRANTED)
    stage.world.clock.sleep(60)
    assert "moved back to home" in said(invariants)


def test_a_violation_is_told_once_with_its_time(stage: Stage, invariants: Invariants) -> None:
    modify(stage, DeletionProtection=True)
    modified_at = stage.world.clock.now()
    stage.world.clock.sleep(600)
    modify(stage, DeletionProtection=False)
    [violation] = invariants.violations
    assert violation.at <= modified_at
    assert str(violation).startswith(f"{violation.at:%H:%M:%S} invariant 6: rds.ModifyDBInstance")
