"""Taking recovery points and copying them: real calls on the simulated AWS, in virtual hours."""

from collections.abc import Callable
from typing import Any

import pytest

from backup import (
    capture,
    capture_plan,
    catalogue,
    copy,
    copy_plan,
    handler,
    keep,
    measures,
    standing,
)
from backup.hold_rules import Hold
from backup.keep import Terms
from backup.nightly import Duty
from backup.outcome import Done
from cloud.permitted import actions_of, permissions_of
from continuity import backup_metrics
from simulator import limits
from simulator.faults import Fault, FaultKind

HOME, AWAY = "eu-west-1", "eu-central-1"
Zone = Any


def captured(zone: Zone) -> tuple[Done, ...]:
    found = catalogue.read(zone.cloud, zone.manifest)
    holds = standing.read(zone.cloud, zone.manifest)
    seen = capture.instances(zone.cloud, zone.manifest)
    return capture.apply(zone.cloud, capture_plan.plan(zone.manifest, found, holds, seen))


def copied(zone: Zone) -> tuple[Done, ...]:
    found = catalogue.read(zone.cloud, zone.manifest)
    holds = standing.read(zone.cloud, zone.manifest)
    kept = keep.plan(found, holds, Terms.of(zone.manifest))
    return copy.apply(zone.cloud, copy_plan.plan(zone.manifest, found, lambda: kept))


def usable(zone: Zone, region: str) -> list[str]:
    points = catalogue.read(zone.cloud, zone.manifest).points
    return [one.identifier for one in points if one.ours and one.usable and one.region == region]


def test_a_night_takes_every_database_and_copies_it(zone: Zone) -> None:
    taken = captured(zone)
    assert [(one.subject, one.sentence) for one in taken] == [
        ("we1-accounts-2026-03-03", "begun: due"),
        ("we1-orders-2026-03-03", "begun: due"),
    ]
    assert copied(zone) == ()
    zone.world.clock.sleep(1800)
    assert len(usable(zone, HOME)) == 2
    assert [one.well for one in copied(zone)] == [True, True]
    zone.world.clock.sleep(7200)
    assert usable(zone, AWAY) == usable(zone, HOME)
    found = catalogue.read(zone.cloud, zone.manifest)
    moments = {(one.series, one.taken_at) for one in found.points if one.ours}
    assert len(moments) == 2
    assert {one.key for one in found.points if one.ours and one.region == AWAY} == {
        zone.manifest.sites["away"].key_arn
    }
    assert (captured(zone), copied(zone)) == ((), ())


def test_a_busy_instance_is_asked_again_until_the_window_closes(zone: Zone) -> None:
    zone.rds().modify_db_instance(
        DBInstanceIdentifier="we1-orders-home-1", AllocatedStorage=30, ApplyImmediately=True
    )
    zone.world.clock.sleep(30)
    assert all(one.well for one in captured(zone))
    assert zone.cloud.budget.counts()["rds.CreateDBSnapshot"] > 2


def test_an_instance_that_stays_busy_is_told_when_the_window_closes(zone: Zone) -> None:
    zone.instance("we1-accounts-home-1").status = "upgrading"
    busy, taken = captured(zone)
    assert not busy.well
    assert "has to wait" in busy.sentence
    assert taken.well
    assert zone.now.hour == 5


def test_a_lost_reply_takes_one_snapshot_and_no_second(zone: Zone) -> None:
    lost = Fault(
        FaultKind.LOST_REPLY, 0, region=HOME, service="rds", operation="CreateDBSnapshot", times=1
    )
    zone.world.faults.schedule([lost], origin=zone.world.clock.monotonic())
    captured(zone)
    captured(zone)
    assert len([name for name in zone.snapshots() if name.startswith("we1-")]) == 2


def test_under_a_hold_points_carry_the_incident_and_so_do_their_copies(zone: Zone) -> None:
    standing.place(zone.cloud, zone.manifest, Hold("INC-7", "disk full", zone.now))
    captured(zone)
    zone.world.clock.sleep(1800)
    copied(zone)
    points = catalogue.read(zone.cloud, zone.manifest).points
    assert {one.incident for one in points if one.ours} == {"INC-7"}
    assert len([one for one in points if one.ours]) == 4


def test_a_full_quota_is_told_with_what_to_do(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_RDS_SNAPSHOT_LIMIT", "0")
    [first, _] = captured(zone)
    assert not first.well
    assert "Ask AWS for more" in first.sentence


def test_a_copy_that_gets_no_turn_waits_for_a_later_run_and_alarms_nobody(zone: Zone) -> None:
    for database in ("accounts", "orders"):
        zone.point(database, zone.now.replace(hour=0, minute=30))
    limits.change(zone.world, AWAY, limits.COPIES_IN_FLIGHT, 1)
    did = copied(zone)
    [late] = [one for one in did if one.waits]
    assert late.well
    assert "waits for those under way, of any zone; a later run begins it" in late.sentence
    assert "Cannot copy more than 1 snapshots across regions" in late.sentence
    numbers = {one.name: one.value for one in measures.ran(zone.manifest, did, given_up=0)}
    assert numbers[backup_metrics.FAILED] == 0
    assert len(handler.reported("we1", Duty.CAPTURE, did)) == 2
    zone.world.clock.sleep(7200)
    [begun] = copied(zone)
    assert (begun.subject, begun.waits) == (late.subject, False)
    zone.world.clock.sleep(7200)
    assert usable(zone, AWAY) == usable(zone, HOME)


def test_no_room_for_a_copy_is_told_and_does_not_wait(zone: Zone) -> None:
    zone.point("orders", zone.now.replace(hour=0, minute=30))
    limits.change(zone.world, AWAY, limits.MANUAL_SNAPSHOTS, 0)
    [told] = copied(zone)
    assert (told.well, told.waits) == (False, False)
    assert "Cannot create more than 0 manual snapshots" in told.sentence
    assert "Ask AWS for more" in told.sentence


def test_after_the_region_is_lost_the_other_goes_on(zone: Zone) -> None:
    zone.rds(AWAY).promote_read_replica(DBInstanceIdentifier="we1-orders-away-1")
    zone.world.clock.sleep(1800)
    lost = Fault(FaultKind.REGION_LOST, 0, region=HOME)
    zone.world.faults.schedule([lost], origin=zone.world.clock.monotonic())
    zone.world.clock.sleep(1)
    taken = captured(zone)
    assert [(one.subject, one.region, one.well) for one in taken] == [
        ("we1-orders-2026-03-03", AWAY, True)
    ]


@pytest.mark.parametrize(
    ("verb", "functions"),
    [
        (captured, (capture.apply, capture.instances, catalogue.read, standing.read)),
        (copied, (copy.apply, catalogue.read, standing.read)),
    ],
)
def test_each_verb_needs_no_more_than_it_declares(
    zone: Zone, verb: Callable[[Zone], Any], functions: tuple[Callable[..., Any], ...]
) -> None:
    zone.point("orders", zone.now.replace(hour=0, minute=30))
    verb(zone)
    allowed = {one.action for function in functions for one in permissions_of(function)}
    asked = {a for call in zone.cloud.budget.counts() for a in actions_of(*call.split("."))}
    assert asked <= allowed
