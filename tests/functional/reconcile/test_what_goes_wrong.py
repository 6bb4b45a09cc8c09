"""Each way in which a program and a changed world fall out, as the real provider does it.

A small program over one instance: what `up` makes of it without a refresh, and after one. Sources:
terraform-provider-aws `aws_db_instance`, `resourceInstanceRead` and `resourceInstanceUpdate`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from continuity.agreement import Live, judge
from continuity.errors import PermanentError
from simulator import refreshing
from simulator.backstage import client
from simulator.changes import Operation
from simulator.planning import planned
from simulator.program import Outcome, ProgramFailed, run_inline
from simulator.state import StackState
from simulator.world import World

HOME, AWAY = "eu-west-1", "eu-central-1"
SIZE = {"instance_class": "db.r6g.large", "allocated_storage": 100, "engine": "postgres"}
PRIMARY = {**SIZE, "username": "app", "password": "hunter2hunter2", "skip_final_snapshot": True}
BEFORE = {"backup_retention_period": 7, "db_name": "orders"}


def program(
    standby: str = "orders-away", *, replica: bool = True, ignored: tuple[str, ...] = ()
) -> Callable[[], None]:
    """Declare a primary in home, and in away its replica or a database of its own."""

    def run() -> None:
        home = aws.rds.Instance("home", region=HOME, identifier="orders-home", **PRIMARY, **BEFORE)
        role: dict[str, Any] = {"replicate_source_db": home.arn} if replica else PRIMARY
        aws.rds.Instance(
            "away",
            region=AWAY,
            identifier=standby,
            opts=pulumi.ResourceOptions(ignore_changes=["db_name", "username", *ignored]),
            **{**SIZE, **role, "skip_final_snapshot": True},
        )

    return run


SWAPPED = program(replica=False)


@pytest.fixture
def deployed() -> Iterator[StackState]:
    with World(1) as world, world.instantly():
        yield run_inline(program()).state


def rds() -> Any:  # noqa: ANN401 - a boto3 client
    return client("rds", AWAY)


def promote() -> None:
    rds().promote_read_replica(DBInstanceIdentifier="orders-away", BackupRetentionPeriod=7)


def away(outcome: Outcome) -> Operation:
    [found] = [change.operation for change in outcome.changes if change.name == "away"]
    return found


def preview(declared: Callable[[], None], state: StackState) -> Outcome:
    return run_inline(declared, state=state, preview=True)


def test_a_program_that_says_replica_sees_no_promotion(deployed: StackState) -> None:
    promote()
    assert away(preview(program(), deployed)) is Operation.SAME


def test_after_a_refresh_it_fails_because_no_database_becomes_a_replica(
    deployed: StackState,
) -> None:
    promote()
    with pytest.raises(ProgramFailed, match="cannot elect new source database"):
        run_inline(program(), state=refreshing.refresh(deployed))


def test_swapped_roles_without_a_refresh_promote_again_which_rds_refuses(
    deployed: StackState,
) -> None:
    promote()
    with pytest.raises(ProgramFailed, match="InvalidDBInstanceState"):
        run_inline(SWAPPED, state=deployed)


def test_swapped_roles_after_a_refresh_are_clean(deployed: StackState) -> None:
    promote()
    outcome = run_inline(SWAPPED, state=refreshing.refresh(deployed))
    assert away(outcome) is Operation.UPDATE
    assert away(preview(SWAPPED, outcome.state)) is Operation.SAME


def test_an_ignored_source_keeps_lying_until_a_refresh_writes_the_truth_silently(
    deployed: StackState,
) -> None:
    promote()
    ignoring = program(ignored=("replicate_source_db",))
    assert away(preview(ignoring, deployed)) is Operation.SAME
    refreshed = refreshing.refresh(deployed)
    assert away(preview(ignoring, refreshed)) is Operation.SAME
    assert "replicateSourceDb" not in refreshed.by_urn[urn(refreshed)].inputs


def urn(state: StackState) -> str:
    return next(one.urn for one in state.resources if one.name == "away")


def restore(*, aside: str | None) -> str:
    """Restore the standby's database under its name; what bore it is moved aside, or deleted."""
    rds().create_db_snapshot(DBSnapshotIdentifier="kept", DBInstanceIdentifier="orders-away")
    if aside is None:
        rds().delete_db_instance(DBInstanceIdentifier="orders-away", SkipFinalSnapshot=True)
    else:
        rds().modify_db_instance(
            DBInstanceIdentifier="orders-away", NewDBInstanceIdentifier=aside, ApplyImmediately=True
        )
    made = rds().restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier="orders-away",
        DBSnapshotIdentifier="kept",
        DBInstanceClass="db.r6g.large",
    )
    return str(made["DBInstance"]["DbiResourceId"])


def test_restored_under_its_name_and_the_old_one_gone_a_refresh_drops_it_and_up_creates_it_again(
    deployed: StackState,
) -> None:
    restore(aside=None)
    refreshed = refreshing.refresh(deployed)
    assert [one.name for one in refreshed.resources if one.custom] == ["home"]
    with pytest.raises(ProgramFailed, match="DBInstanceAlreadyExists"):
        run_inline(SWAPPED, state=refreshed)


def test_restored_under_its_name_and_the_old_one_aside_a_refresh_follows_the_old_one(
    deployed: StackState,
) -> None:
    """And `up` would rename it back, to a name that the restored one has."""
    restore(aside="orders-aside")
    refreshed = refreshing.refresh(deployed)
    assert refreshed.by_urn[urn(refreshed)].inputs["identifier"] == "orders-aside"
    with pytest.raises(ProgramFailed, match="DBInstanceAlreadyExists"):
        run_inline(program(), state=refreshed)


def test_renamed_in_the_state_and_imported_the_restored_one_is_found(deployed: StackState) -> None:
    resource = restore(aside="orders-aside")
    old = urn(deployed)
    state = refreshing.rename(deployed, old, "aside")
    parent = state.by_urn[old.replace("::away", "::aside")].parent
    wanted = refreshing.Wanted(
        old, "aws:rds/instance:Instance", "away", parent, "orders-away", AWAY, protect=False
    )
    with pytest.raises(PermanentError, match="already exists"):
        refreshing.import_resource(deployed, wanted)
    state = refreshing.import_resource(state, wanted)
    assert state.by_urn[old].id == resource
    found = preview(SWAPPED, state)
    assert away(found) is Operation.UPDATE
    assert not found.refusals


def test_what_is_not_there_cannot_be_told(deployed: StackState) -> None:
    for wrong in (
        lambda: refreshing.refresh(deployed, ["urn:none"]),
        lambda: refreshing.unprotect(deployed, "urn:none"),
        lambda: refreshing.rename(deployed, "urn:none", "other"),
        lambda: refreshing.rename(deployed, urn(deployed), "home"),
    ):
        with pytest.raises(PermanentError, match=r"no such resource|already exists"):
            wrong()


TASK = '[{"name": "t", "image": "i", "memory": 64}]'
LIMITS = {
    "service_namespace": "ecs",
    "scalable_dimension": "ecs:service:DesiredCount",
    "resource_id": "service/c/s",
}


def pilot_light() -> None:
    """Declare a standby's platform: one task, four at most."""
    named = aws.ecs.Cluster("cluster", region=AWAY, name="c").name
    task = aws.ecs.TaskDefinition("task", region=AWAY, family="t", container_definitions=TASK)
    service = aws.ecs.Service(
        "service", region=AWAY, name="s", cluster=named, task_definition=task.arn, desired_count=1
    )
    aws.appautoscaling.Target(
        "limits",
        region=AWAY,
        min_capacity=1,
        max_capacity=4,
        **LIMITS,
        opts=pulumi.ResourceOptions(depends_on=[service]),
    )


def test_after_a_refresh_a_standbys_counts_scale_the_serving_site_in() -> None:
    live = Live(AWAY, frozenset(), frozenset())
    with World(1) as world, world.instantly():
        state = run_inline(pilot_light).state
        client("ecs", AWAY).update_service(cluster="c", service="s", desiredCount=6)
        client("application-autoscaling", AWAY).register_scalable_target(
            ServiceNamespace="ecs",
            ScalableDimension="ecs:service:DesiredCount",
            ResourceId="service/c/s",
            MinCapacity=4,
            MaxCapacity=24,
        )
        assert judge(planned(preview(pilot_light, state), state), live) == ()
        refreshed = refreshing.refresh(state)
        told = judge(planned(preview(pilot_light, refreshed), refreshed), live)
    assert [one.reason.partition(": ")[2] for one in told] == [
        "desiredCount from 6 to 1",
        "minCapacity from 4 to 1",
        "maxCapacity from 24 to 4",
    ]
