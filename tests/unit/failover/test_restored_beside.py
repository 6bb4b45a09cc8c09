"""A name that cannot be freed: the restore stands beside it, and the tasks are told where."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.addresses import AddressFile
from continuity.journal import EntryKind
from failover import decisions, estimates, whereabouts
from failover.case import SourceKind
from failover.decide import plan_of
from failover.fallback import RENEWED
from failover.options import Options
from failover.outlook import look_ahead
from failover.progress import State
from failover.standing import standing
from failover.steps import point
from failover.whereabouts import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.failover.conftest import FakeZone

ORDERS, BILLING = "we1-orders-away-1", "we1-billing-away-1"
BESIDE = f"{ORDERS}-by-we1-0001"
PROMOTE, RESTORE = "promote-orders", "restore-orders-point-in-time"


@pytest.fixture
def stuck(lost_zone: FakeZone) -> FakeZone:
    """Return a zone whose replica of orders failed, and replicated backups of it."""
    lost_zone.points = [lost_zone.backups("orders")]
    lost_zone.replicas[ORDERS].terminal = "failed"
    return lost_zone


def sentences(zone: FakeZone, kind: EntryKind, step: str) -> list[str]:
    return [entry.sentence for entry in zone.kinds(kind) if entry.step == step]


def test_nobody_is_asked_and_the_zone_comes_back(stuck: FakeZone) -> None:
    assert stuck.recover(stuck.engine()).state is State.RECOVERED
    assert stuck.replicas[BESIDE].restored_by == f"we1-0001/{RESTORE}"
    assert stuck.replicas[ORDERS].terminal == "failed"
    assert not stuck.kinds(EntryKind.REFUSED)
    assert stuck.reached("orders") == BESIDE
    assert stuck.reached("billing") == BILLING


def test_falling_back_changes_no_plan_and_asks_for_no_second_approval(stuck: FakeZone) -> None:
    stuck.recover(stuck.engine())
    assert len(stuck.kinds(EntryKind.PLANNED)) == len(stuck.kinds(EntryKind.APPROVED)) == 1


def test_the_journal_tells_what_kept_the_name_and_what_to_do_with_it_later(
    stuck: FakeZone,
) -> None:
    stuck.recover(stuck.engine())
    [begun] = sentences(stuck, EntryKind.INTENT, RESTORE)
    assert f"{ORDERS} is failed, in which RDS renames nothing" in begun
    assert f"beside it, as {BESIDE}" in begun
    [done] = sentences(stuck, EntryKind.DONE, RESTORE)
    assert f"orders is {BESIDE} now. {ORDERS} was left as it is" in done


def test_the_history_knows_every_database_by_identifier_and_resource(stuck: FakeZone) -> None:
    stuck.recover(stuck.engine())
    assert whereabouts.places(stuck.run()) == {
        "billing": Place("billing", BILLING, f"db-{BILLING}", f"{BILLING}.rds", SourceKind.REPLICA),
        "orders": Place(
            "orders", BESIDE, f"db-{BESIDE}", f"{BESIDE}.rds", SourceKind.POINT_IN_TIME, ORDERS
        ),
    }


def test_the_zone_opens_after_the_last_old_task_is_gone(stuck: FakeZone) -> None:
    stuck.recover(stuck.engine())
    done = stuck.run().done
    order = [RESTORE, point.NAME, RENEWED, "verify-orders", "open-away"]
    assert sorted(order, key=lambda step: done[step].sequence) == order
    assert done[RENEWED].at - done[point.NAME].at >= timedelta(seconds=60)


def test_a_closed_zone_is_told_how_to_make_room_for_the_new_tasks(stuck: FakeZone) -> None:
    stuck.recover(stuck.engine())
    [begun] = sentences(stuck, EntryKind.INTENT, RENEWED)
    assert "minimumHealthyPercent to 50 until the zone is open" in begun


def test_what_is_where_it_was_is_proven_without_waiting_for_what_moved(stuck: FakeZone) -> None:
    stuck.recover(stuck.engine())
    assert stuck.run().done["verify-billing"].at < stuck.run().done[RESTORE].at


def test_a_restore_is_looked_at_at_its_own_pace(stuck: FakeZone) -> None:
    engine = stuck.engine()
    while "verify-billing" not in stuck.run().done:
        stuck.step(engine)
    assert RESTORE not in stuck.run().done
    assert stuck.step(engine).wait == pytest.approx(15.0, abs=0.2)


def test_the_forecast_counts_the_deployment_once_a_name_is_done_without(stuck: FakeZone) -> None:
    ahead = look_ahead(stuck.around, Options())
    assert RENEWED in ahead.path.steps
    usual = ahead.plan.critical_path({}, ahead.passed_over).seconds
    assert ahead.path.seconds - usual == pytest.approx(estimates.RENEW_MOVED.seconds - 3, abs=3)
    engine = stuck.engine()
    while RESTORE not in stuck.run().intents:
        stuck.step(engine)
    run = stuck.run()
    plan = plan_of(run, stuck.manifest, Options())
    found = standing(run, plan, stuck.clock.now(), stuck.manifest, Options())
    left = {step.name: step.left_s for step in found.steps}
    assert left[RENEWED] == estimates.RENEW_MOVED.seconds


def test_the_forecast_counts_no_deployment_where_the_name_can_be_had(lost_zone: FakeZone) -> None:
    lost_zone.points = [lost_zone.backups("orders")]
    lost_zone.replicas[ORDERS].terminal = "storage-full"
    assert look_ahead(lost_zone.around, Options()).longer == {}


def test_all_that_moved_is_told_in_one_write_and_one_deployment(stuck: FakeZone) -> None:
    stuck.points.append(stuck.snapshot("billing"))
    stuck.replicas[BILLING].terminal = "incompatible-network"
    assert stuck.recover(stuck.engine()).state is State.RECOVERED
    told = [name for name in stuck.effects if name.startswith(("tell", "renew"))]
    assert len(told) == 2
    assert stuck.reached("billing") == f"{BILLING}-by-we1-0001-2"


def test_a_promotion_that_stalls_is_waited_for_once(lost_zone: FakeZone) -> None:
    lost_zone.points = [lost_zone.backups("orders")]
    lost_zone.replicas[ORDERS].busy = "modifying"
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    given_up = lost_zone.run().failed[PROMOTE].at
    assert lost_zone.run().intents[RESTORE].at - given_up < timedelta(seconds=60)
    assert lost_zone.reached("orders") == BESIDE


def test_a_rename_that_is_refused_for_good_ends_beside_the_name(lost_zone: FakeZone) -> None:
    lost_zone.points = [lost_zone.backups("orders")]
    lost_zone.replicas[ORDERS].terminal = "storage-full"
    lost_zone.denied = {"rename"}
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    first, second = lost_zone.run().attempts[RESTORE]
    assert (first.data["identifier"], second.data["identifier"]) == (ORDERS, BESIDE)
    assert first.data["moment"] == second.data["moment"]
    assert lost_zone.reached("orders") == BESIDE


def test_a_name_that_becomes_free_is_not_taken_once_the_other_was_decided(
    stuck: FakeZone,
) -> None:
    stuck.denied = {"restore"}
    engine = stuck.engine()
    while RESTORE not in stuck.run().intents:
        stuck.step(engine)
    stuck.denied = set()
    del stuck.replicas[ORDERS]
    assert stuck.recover(engine).state is State.RECOVERED
    assert [name for name in stuck.replicas if name.startswith(ORDERS)] == [BESIDE]


def test_what_is_opened_without_holds_back_no_new_address(stuck: FakeZone) -> None:
    stuck.replicas[BILLING].terminal = "failed"
    engine = stuck.engine(patience_s=3600.0)
    while "restore-billing-snapshot" not in stuck.run().failed:
        stuck.step(engine)
    decisions.open_without(stuck.around, "ana", "billing", "invoices can wait")
    assert stuck.recover(engine).state is State.RECOVERED
    assert stuck.reached("orders") == BESIDE


def test_tasks_that_cannot_be_told_hold_up_only_what_moved(
    make_zone: Callable[..., FakeZone],
) -> None:
    zone = make_zone().lose_region()
    zone.denied = {"addresses"}
    assert zone.recover(zone.engine()).state is State.RECOVERED
    assert "is unknown: addresses: denied" in zone.run().done[point.NAME].sentence


def test_a_file_that_says_something_else_is_put_right_before_anybody_is_served(
    lost_zone: FakeZone,
) -> None:
    lost_zone.file = AddressFile(
        lost_zone.file.text.replace(ORDERS, "gone"), "by hand", lost_zone.file.at
    )
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    assert lost_zone.reached("orders") == ORDERS


@pytest.mark.parametrize("fault", ["kill before", "kill after", "lost reply"])
@pytest.mark.parametrize("call", ["restore", "tell_addresses", "renew_tasks"])
def test_whatever_is_cut_short_it_ends_the_same(
    make_zone: Callable[..., FakeZone], killed: type[BaseException], call: str, fault: str
) -> None:
    def stuck_zone() -> FakeZone:
        zone = make_zone().lose_region()
        zone.points = [zone.backups("orders")]
        zone.replicas[ORDERS].terminal = "failed"
        return zone

    whole = stuck_zone()
    whole.recover(whole.engine())
    cut = stuck_zone()
    cut.script = {whole.calls.index(call) + 1: fault}
    engine = cut.engine()
    try:
        cut.recover(engine)
    except killed:
        cut.script = {}
        cut.recover(cut.engine("two"))
    assert cut.end_state() == whole.end_state()
