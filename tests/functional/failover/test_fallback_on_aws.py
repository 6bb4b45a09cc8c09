"""Sources that give way to each other on simulated AWS, judged by what AWS holds in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from continuity.journal import EntryKind
from continuity.zone import Objectives, SiteName
from failover import decisions, timeline
from failover.progress import State
from simulator import backstage, inside
from simulator.faults import Fault, FaultKind
from simulator.past import Past
from simulator.settled import settle

if TYPE_CHECKING:
    from failover.run import Run
    from tests.functional.failover.conftest import Rehearsal

HOME, AWAY = "eu-west-1", "eu-central-1"
ORDERS, BILLING = "we1-orders-away-1", "we1-billing-away-1"


def rds(region: str) -> Any:  # noqa: ANN401 - a boto3 client
    return backstage.client("rds", region)


def replicate(name: str) -> None:
    source = inside.instance(HOME, f"we1-{name}-home-1")
    rds(AWAY).start_db_instance_automated_backups_replication(
        SourceDBInstanceArn=source.db_instance_arn, BackupRetentionPeriod=7
    )


def copy_snapshot(name: str) -> None:
    taken = rds(HOME).create_db_snapshot(
        DBInstanceIdentifier=f"we1-{name}-home-1", DBSnapshotIdentifier=f"{name}-daily"
    )["DBSnapshot"]
    rds(AWAY).copy_db_snapshot(
        SourceDBSnapshotIdentifier=taken["DBSnapshotArn"],
        TargetDBSnapshotIdentifier=f"{name}-copy",
    )


@pytest.fixture
def prepared(rehearsal: Rehearsal) -> Rehearsal:
    """Return a zone with an hour's RPO, the parameter group of its manifest, and copies.

    Orders have replicated backups, billing a copied snapshot.
    """
    hour = timedelta(hours=1)
    manifest = replace(rehearsal.manifest, objectives=Objectives(rto=4 * hour, rpo=hour))
    made = type(rehearsal)(rehearsal.world, manifest)
    settle(made.world, manifest, Past(days=3))
    with made.world.instantly():
        rds(AWAY).create_db_parameter_group(
            DBParameterGroupName="group", DBParameterGroupFamily="postgres16", Description="its own"
        )
        replicate("orders")
        copy_snapshot("billing")
    return made


def sources(rehearsal: Rehearsal) -> dict[str, str | None]:
    return {one.name: one.source for one in timeline.databases(run_of(rehearsal).entries)}


def run_of(rehearsal: Rehearsal) -> Run:
    run = decisions.current(rehearsal.person)
    assert run is not None
    return run


def test_broken_replicas_give_way_to_what_the_standby_holds(prepared: Rehearsal) -> None:
    """One to a point in time, the other to a snapshot: both are restored at the same time."""
    prepared.fault(Fault(FaultKind.REPLICA_BROKEN, 0))
    prepared.world.clock.sleep(600)
    prepared.lose_home()
    last = prepared.play(prepared.engine(), limit_s=4 * 3600)
    assert last.state is State.RECOVERED, last.sentence
    assert sources(prepared) == {"orders": "point-in-time", "billing": "snapshot"}
    assert not prepared.invariants.violations
    run = run_of(prepared)
    for step in ("restore-orders-point-in-time", "restore-billing-snapshot"):
        assert run.intents[step].data["restored_from"]
        assert run.intents[step].data["loss_bound_s"] is not None
    away = inside.instances(AWAY)
    aside = f"{ORDERS}-aside-{run.name}"
    assert away[aside].is_replica
    assert not away[ORDERS].is_replica
    assert away[ORDERS].backup_retention_period == 7
    assert away[ORDERS].deletion_protection
    tags = inside.tags_of(away[ORDERS])
    assert tags["holdfast:restored-by"] == f"{run.name}/restore-orders-point-in-time"
    assert tags["holdfast:database"] == "orders"


def test_nothing_but_replicas_is_looked_at_while_they_do(prepared: Rehearsal) -> None:
    prepared.lose_home()
    assert prepared.play(prepared.engine()).state is State.RECOVERED
    asked = {call.operation for call in prepared.world.calls if call.region == AWAY}
    assert not asked & {"DescribeDBSnapshots", "DescribeDBInstanceAutomatedBackups"}


def test_a_failed_promotion_falls_back_as_soon_as_a_person_freed_the_name(
    prepared: Rehearsal,
) -> None:
    """RDS renames nothing that failed: the run says what to do, and goes on when it is done."""
    prepared.fault(Fault(FaultKind.PROMOTION_FAILS, 0, database="orders"))
    prepared.lose_home()
    engine = prepared.engine(patience_s=3600)
    prepared.play(engine, limit_s=1800)
    told = run_of(prepared).of(EntryKind.REFUSED)[-1].sentence
    assert f"delete {ORDERS}" in told
    rds(AWAY).delete_db_instance(DBInstanceIdentifier=ORDERS, SkipFinalSnapshot=True)
    last = prepared.play(engine, limit_s=4 * 3600)
    assert last.state is State.RECOVERED, last.sentence
    assert sources(prepared) == {"orders": "point-in-time", "billing": "replica"}


def test_a_name_that_nobody_frees_is_named_and_holds_nothing_else_up(prepared: Rehearsal) -> None:
    prepared.fault(Fault(FaultKind.PROMOTION_FAILS, 0, database="orders"))
    prepared.lose_home()
    last = prepared.play(prepared.engine(patience_s=120))
    assert last.state is State.BLOCKED
    assert f"{ORDERS} is failed, in which RDS renames nothing" in last.sentence
    assert sources(prepared) == {"orders": None, "billing": "replica"}
    assert SiteName.AWAY.value not in prepared.outside.served_by("we1.example.com")
