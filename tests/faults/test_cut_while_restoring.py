"""A driver killed after, or a reply lost at, every changing call of a restore on simulated AWS.

`tests/unit/failover/test_killed_while_restoring.py` cuts at every call on a zone in memory.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from continuity.zone import Objectives
from failover.progress import State
from simulator import backstage, inside
from simulator.call_log import Outcome
from simulator.fault import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.conftest import NewRescue

HOME, AWAY = "eu-west-1", "eu-central-1"
ORDERS = "we1-orders-away-1"
RENAME, RESTORE = "modify_db_instance", "restore_db_instance_to_point_in_time"
ONCE = ("ModifyDBInstance", "RestoreDBInstanceToPointInTime")


@contextmanager
def broken(new_rescue: NewRescue, script: dict[int, str] | None = None) -> Iterator[Any]:
    """Enter a world whose home is lost while the replica of orders is broken."""
    with new_rescue(script) as rescue:
        hour = timedelta(hours=1)
        objectives = Objectives(rto=4 * hour, rpo=hour)
        found = replace(rescue, manifest=replace(rescue.manifest, objectives=objectives))
        with found.world.instantly():
            backstage.client("rds", AWAY).start_db_instance_automated_backups_replication(
                SourceDBInstanceArn=inside.instance(HOME, "we1-orders-home-1").db_instance_arn,
                BackupRetentionPeriod=7,
            )
        found.fault(Fault(FaultKind.REPLICA_BROKEN, 0, database="orders"))
        found.world.clock.sleep(600)
        found.lose_home()
        yield found


def effects(rescue: Any) -> Counter[str]:  # noqa: ANN401 - the conftest's class
    """Count what AWS did about the instance that is restored."""
    return Counter(
        call.operation
        for call in rescue.world.calls
        if call.operation in ONCE and call.outcome is Outcome.OK and ORDERS in str(call.parameters)
    )


def names(rescue: Any) -> list[str]:  # noqa: ANN401 - the conftest's class
    return sorted(inside.instances(rescue.manifest.standby_site.region))


@pytest.fixture(scope="module")
def clean(new_rescue: NewRescue) -> tuple[object, list[str], list[str]]:
    """Return the end of a restore that nothing disturbed, the instances, the changing calls."""
    with broken(new_rescue) as rescue:
        assert rescue.recover(4 * 3600).state is State.RECOVERED
        assert not rescue.invariants.violations
        assert set(effects(rescue).values()) == {1}
        return rescue.end_state(), names(rescue), rescue.wire.changes


@pytest.mark.parametrize(("change", "fault"), [(RENAME, "lost reply"), (RESTORE, "kill after")])
def test_a_cut_at_a_change_of_a_restore_leads_to_the_same_end(
    new_rescue: NewRescue, clean: tuple[object, list[str], list[str]], change: str, fault: str
) -> None:
    """Each change is cut in one of the ways: all at each would take minutes."""
    end, instances, changes = clean
    number = changes.index(change) + 1
    with broken(new_rescue, {number: fault}) as rescue:
        rescue.recover(4 * 3600)
        assert rescue.end_state() == end
        assert names(rescue) == instances
        assert not rescue.invariants.violations
        assert set(effects(rescue).values()) == {1}
