"""What a run may and may not do with restores and with damaged data, judged at the instant."""

from datetime import timedelta
from typing import Any

import pytest

from continuity.zone import SiteName
from simulator import inside, strikes
from simulator.content import Content
from simulator.faults import Fault, FaultKind
from simulator.invariants import Invariants
from simulator.past import Past
from simulator.settled import settle

Stage = Any  # the conftest's class: test files share no modules

HOME, AWAY = "eu-west-1", "eu-central-1"
REPLICA = "we1-orders-away-1"


@pytest.fixture
def invariants(stage: Stage) -> Invariants:
    """A zone with a past and replicated backups, whose run has done all that comes first."""
    settle(stage.world, stage.manifest, Past(days=3))
    strikes.watch(stage.world)
    arn = stage.database("orders").members[SiteName.HOME].arn
    with stage.world.instantly():
        stage.client("rds", AWAY).start_db_instance_automated_backups_replication(
            SourceDBInstanceArn=arn
        )
    stage.prepare()
    return Invariants(stage.world, stage.manifest)


def broken(invariants: Invariants) -> list[tuple[int, str]]:
    return [(one.invariant, one.sentence) for one in invariants.violations]


def step_aside(stage: Stage) -> None:
    stage.client("rds", AWAY).modify_db_instance(
        DBInstanceIdentifier=REPLICA,
        NewDBInstanceIdentifier=f"{REPLICA}-aside",
        ApplyImmediately=True,
    )
    stage.world.clock.sleep(900)


def restore(stage: Stage, back: timedelta | None = None) -> None:
    rds = stage.client("rds", AWAY)
    backups = rds.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
    (arn,) = {one["DBInstanceAutomatedBackupsArn"] for one in backups if one["Region"] == HOME}
    moment = (
        {"UseLatestRestorableTime": True}
        if back is None
        else {"RestoreTime": stage.world.clock.now() - back}
    )
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceAutomatedBackupsArn=arn,
        TargetDBInstanceIdentifier=REPLICA,
        DBSubnetGroupName=stage.away.subnet_group,
        VpcSecurityGroupIds=[stage.away.database_security_group],
        Tags=[{"Key": "holdfast:zone", "Value": "we1"}],
        **moment,
    )


def test_a_restore_to_yesterday_needs_consent(stage: Stage, invariants: Invariants) -> None:
    step_aside(stage)
    restore(stage, timedelta(days=1))
    ((number, sentence),) = broken(invariants)
    assert number == 2
    assert "orders was restored 8" in sentence  # 86 400 s, less a quarter of an hour
    assert "without consent (RPO 300 s)" in sentence


def test_with_consent_it_is_nobodys_business(stage: Stage, invariants: Invariants) -> None:
    stage.write_down(3, "consented", database="orders", by="ana")
    step_aside(stage)
    restore(stage, timedelta(days=1))
    assert broken(invariants) == []


def test_a_restore_after_an_abort_and_without_a_hold_is_a_violation(
    stage: Stage, invariants: Invariants
) -> None:
    step_aside(stage)
    stage.client("dynamodb", AWAY).delete_item(
        TableName=stage.away.lease_table, Key={"name": {"S": "hold"}}
    )
    stage.write_down(3, "aborted", by="ana")
    restore(stage)
    assert {number for number, _ in broken(invariants)} == {6, 10}


@pytest.mark.parametrize("restored", [True, False])
def test_data_that_was_declared_damaged_is_never_opened(
    stage: Stage, invariants: Invariants, restored: bool
) -> None:
    clock = stage.world.clock
    stage.fault(Fault(FaultKind.DATA_CORRUPTED, 60, database="orders"))
    clock.sleep(1200)
    moment = clock.now().isoformat()
    stage.write_down(3, "declared", what="corrupted", database="orders", moment=moment)
    stage.write_down(4, "consented", database="orders", by="ana")
    stage.close()
    clock.sleep(stage.manifest.traffic.drain_s + 5)
    stage.promote("billing")
    if restored:
        step_aside(stage)
        restore(stage, timedelta(minutes=45))
    else:
        stage.promote("orders")
    clock.sleep(4 * 3600)
    stage.revoke()
    stage.open()
    instance = inside.instance(AWAY, REPLICA)
    assert Content.of(stage.world).mark(instance).damaged is not restored
    numbers = [number for number, _ in broken(invariants)]
    assert numbers == ([] if restored else [13])
