"""The databases sweep and its verbs on simulated AWS."""

from collections.abc import Callable
from math import ceil
from typing import Any

import pytest
from moto.rds.models import DBInstance, rds_backends

from cloud import databases
from cloud.databases import Settings
from cloud.door import Cloud, Door, OutcomeState
from cloud.effects import Effect
from cloud.failures import Ambiguous, Busy, Conflict, Denied, Missing

ACCOUNT = "123456789012"


def create(backstage: Callable[..., Any], count: int) -> None:
    rds = backstage("rds")
    for number in range(count):
        rds.create_db_instance(
            DBInstanceIdentifier=f"orders-{number:04}",
            DBInstanceClass="db.m6g.large",
            Engine="postgres",
            MasterUsername="holdfast",
            MasterUserPassword="simulated",
            AllocatedStorage=20,
        )


def replica(backstage: Callable[..., Any]) -> DBInstance:
    """One source and its replica, with moto's own object for the replica."""
    create(backstage, 1)
    backstage("rds").create_db_instance_read_replica(
        DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="orders-0000"
    )
    return rds_backends[ACCOUNT]["eu-central-1"].databases["copy"]


def test_a_sweep_over_n_names_makes_exactly_one_call_per_hundred(
    cloud: Cloud, door: Door, backstage: Callable[..., Any]
) -> None:
    create(backstage, 250)
    for count in (0, 1, 99, 100, 101, 200, 250):
        before = cloud.budget.total
        found = databases.describe(door, [f"orders-{number:04}" for number in range(count)])
        assert len(found) == count
        assert cloud.budget.total - before == ceil(count / 100)


def test_a_page_that_is_cut_short_is_followed_by_the_next(
    cloud: Cloud, door: Door, backstage: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    create(backstage, 7)
    monkeypatch.setattr(databases, "PAGE", 20)  # the least that AWS allows in a page
    names = [f"orders-{number:04}" for number in range(7)]
    rds = cloud.clients.of("rds", "eu-central-1")
    rds.meta.events.register(
        "provide-client-params.rds.DescribeDBInstances",
        lambda params, **_: {**params, "MaxRecords": 3},
    )
    assert sorted(databases.describe(door, names)) == names
    assert cloud.budget.total == 3


def test_names_that_do_not_exist_are_simply_absent(
    door: Door, backstage: Callable[..., Any]
) -> None:
    create(backstage, 1)
    assert set(databases.describe(door, ["orders-0000", "nobody"])) == {"orders-0000"}


def test_an_instance_is_read_with_everything_the_engine_decides_by(
    door: Door, backstage: Callable[..., Any]
) -> None:
    moto = replica(backstage)
    moto.status_infos = [
        {"StatusType": "read replication", "Normal": True, "Status": "replicating"}
    ]
    found = databases.describe(door, ["orders-0000", "copy"])
    primary, copy = found["orders-0000"], found["copy"]
    assert primary.available
    assert not primary.is_replica
    assert primary.address.startswith("orders-0000.")
    assert primary.instance_class == "db.m6g.large"
    assert copy.is_replica
    assert copy.replication[0].status == "replicating"
    assert copy.replication[0].normal
    assert copy.pending == ()


def test_promotion_asks_for_backups_and_a_window(door: Door, backstage: Callable[..., Any]) -> None:
    moto = replica(backstage)
    assert databases.promote(door, "copy", 14, "03:00-03:30") is Effect.MADE
    assert moto.backup_retention_period == 14


def test_a_promotion_whose_reply_was_lost_is_found_done(
    cloud: Cloud, door: Door, backstage: Callable[..., Any], fail: Callable[..., None]
) -> None:
    create(backstage, 1)
    fail("PromoteReadReplica", "lost reply", "InvalidDBInstanceState")
    assert databases.promote(door, "orders-0000", 14, "03:00-03:30") is Effect.ALREADY
    assert cloud.budget.counts()["rds.PromoteReadReplica"] == 2


@pytest.mark.parametrize("status", ["available", "modifying", "rebooting"])
def test_a_promotion_in_progress_is_under_way(
    door: Door, backstage: Callable[..., Any], fail: Callable[..., None], status: str
) -> None:
    replica(backstage).status = status
    fail("PromoteReadReplica", "InvalidDBInstanceState")
    assert databases.promote(door, "copy", 14, "03:00-03:30") is Effect.UNDERWAY


def test_a_replica_at_its_own_backup_is_busy_and_says_so(
    door: Door, backstage: Callable[..., Any], fail: Callable[..., None]
) -> None:
    replica(backstage).status = "backing-up"
    fail("PromoteReadReplica", "InvalidDBInstanceState")
    with pytest.raises(Busy, match="copy is backing-up"):
        databases.promote(door, "copy", 14, "03:00-03:30")


def test_a_broken_replica_is_not_waited_for(
    door: Door, backstage: Callable[..., Any], fail: Callable[..., None]
) -> None:
    replica(backstage).status = "storage-full"
    fail("PromoteReadReplica", "InvalidDBInstanceState")
    with pytest.raises(Conflict):
        databases.promote(door, "copy", 14, "03:00-03:30")


def test_a_denied_promotion_names_the_action_and_the_role(
    door: Door, fail: Callable[..., None]
) -> None:
    fail(
        "PromoteReadReplica",
        "AccessDenied",
        message="User: arn:aws:sts::123456789012:assumed-role/holdfast-we1-failover/anna is not "
        "authorized to perform: rds:PromoteReadReplica on resource: copy",
    )
    with pytest.raises(
        Denied, match="holdfast-we1-failover may not rds:PromoteReadReplica"
    ) as raised:
        databases.promote(door, "copy", 14, "03:00-03:30")
    assert raised.value.code == "AccessDenied"


def test_a_throttled_promotion_is_repeated_once_at_a_time(
    cloud: Cloud, door: Door, backstage: Callable[..., Any], fail: Callable[..., None]
) -> None:
    replica(backstage)
    fail("PromoteReadReplica", "Throttling", "Throttling")
    assert databases.promote(door, "copy", 14, "03:00-03:30") is Effect.MADE
    assert cloud.budget.counts()["rds.PromoteReadReplica"] == 3
    assert cloud.budget.throttled == 2
    assert cloud.limiters.of("rds", "eu-central-1", changing=True).rate < 5 * 0.7


def test_a_promotion_that_never_answers_is_ambiguous_at_the_deadline(
    cloud: Cloud, door: Door, fail: Callable[..., None]
) -> None:
    fail("PromoteReadReplica", *["timeout"] * 100)
    with pytest.raises(Ambiguous):
        databases.promote(door, "copy", 14, "03:00-03:30")
    assert cloud.clock.monotonic() <= door.reach.patience_s


def test_settings_that_are_given_are_set_and_the_rest_is_left(
    door: Door, backstage: Callable[..., Any]
) -> None:
    create(backstage, 1)
    wanted = Settings(retention_days=14, deletion_protection=True)
    before = databases.describe(door, ["orders-0000"])["orders-0000"]
    assert databases.modify(door, "orders-0000", wanted) is Effect.MADE
    after = databases.describe(door, ["orders-0000"])["orders-0000"]
    assert not wanted.met_by(before)
    assert wanted.met_by(after)
    assert after.instance_class == before.instance_class


def test_settings_do_not_wait_for_the_maintenance_window(
    cloud: Cloud, door: Door, backstage: Callable[..., Any]
) -> None:
    create(backstage, 1)
    asked: list[dict[str, Any]] = []
    cloud.clients.of("rds", "eu-central-1").meta.events.register(
        "provide-client-params.rds.ModifyDBInstance", lambda params, **_: asked.append(params)
    )
    databases.modify(door, "orders-0000", Settings(retention_days=14))
    assert asked == [
        {
            "DBInstanceIdentifier": "orders-0000",
            "ApplyImmediately": True,
            "BackupRetentionPeriod": 14,
        }
    ]


def test_a_modification_whose_reply_was_lost_is_found_done(
    door: Door, backstage: Callable[..., Any], fail: Callable[..., None]
) -> None:
    create(backstage, 1)
    fail("ModifyDBInstance", "lost reply", "InvalidDBInstanceState")
    wanted = Settings(deletion_protection=True)
    assert databases.modify(door, "orders-0000", wanted) is Effect.ALREADY


def test_a_modification_that_waits_to_be_applied_is_under_way(
    door: Door, backstage: Callable[..., Any], fail: Callable[..., None]
) -> None:
    create(backstage, 1)
    moto = rds_backends[ACCOUNT]["eu-central-1"].databases["orders-0000"]
    moto.pending_modified_values = {"BackupRetentionPeriod": 14}
    fail("ModifyDBInstance", "InvalidDBInstanceState")
    effect = databases.modify(door, "orders-0000", Settings(retention_days=14))
    assert effect is Effect.UNDERWAY


def test_a_reboot_that_was_already_asked_for_is_under_way(
    door: Door, backstage: Callable[..., Any], fail: Callable[..., None]
) -> None:
    create(backstage, 1)
    assert databases.reboot(door, "orders-0000") is Effect.MADE
    moto = rds_backends[ACCOUNT]["eu-central-1"].databases["orders-0000"]
    moto.status = "rebooting"
    fail("RebootDBInstance", "InvalidDBInstanceState")
    assert databases.reboot(door, "orders-0000") is Effect.UNDERWAY


def test_an_instance_that_does_not_exist_is_missing(door: Door) -> None:
    with pytest.raises(Missing):
        databases.modify(door, "nobody", Settings(retention_days=1))


def test_many_promotions_run_side_by_side_within_their_time(
    cloud: Cloud, door: Door, backstage: Callable[..., Any]
) -> None:
    create(backstage, 30)
    names = [f"orders-{number:04}" for number in range(30)]
    outcomes = door.each(
        {name: lambda at, name=name: databases.promote(at, name, 7, "") for name in names},
        budget_s=2.0,
    )
    states = [outcomes[name].state for name in names]
    # A burst of 10, then 5 a second (and a little more with each success) for two seconds.
    assert states.count(OutcomeState.DONE) == 20
    assert states.count(OutcomeState.NOT_STARTED) == 10
    assert cloud.clock.monotonic() <= 2.0
    assert cloud.budget.throttled == 0
