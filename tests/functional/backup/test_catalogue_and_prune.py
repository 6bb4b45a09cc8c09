"""The catalogue of a zone, and pruning it: real calls on the simulated AWS."""

from typing import Any

from backup import catalogue, keep, prune, standing
from backup.hold_rules import Hold, Standing
from backup.keep import PrunePlan, Terms
from backup.points import Store, taken
from backup.prune import Fate
from continuity import naming
from simulator import backstage
from simulator.faults import Fault, FaultKind

HOME, AWAY = "eu-west-1", "eu-central-1"
Zone = Any


def planned(zone: Zone, *, capped: bool = False) -> PrunePlan:
    found = catalogue.read(zone.cloud, zone.manifest)
    holds = standing.read(zone.cloud, zone.manifest)
    return keep.plan(found, holds, Terms.of(zone.manifest, capped=capped))


def fates(zone: Zone, plan: PrunePlan) -> dict[str, Fate]:
    return {one.point.identifier: one.fate for one in prune.apply(zone.cloud, zone.manifest, plan)}


def test_the_catalogue_groups_by_our_tags_in_both_regions(zone: Zone) -> None:
    zone.history("orders", 3)
    zone.point("accounts", zone.now, AWAY)
    found = catalogue.read(zone.cloud, zone.manifest)
    ours = [one for one in found.points if one.ours]
    assert [(str(one.series), one.region) for one in ours] == [
        ("accounts", AWAY),
        *[("orders", HOME)] * 3,
    ]
    assert all(one.usable for one in ours)
    assert found.unread == {}
    assert {reach.series.resource for reach in found.reaches} == {"accounts", "orders"}


def test_a_series_outlives_the_instance_that_it_was_taken_of(zone: Zone) -> None:
    zone.history("orders", 2)
    with zone.world.instantly():
        zone.rds().restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier="we1-orders-home-2",
            DBSnapshotIdentifier=naming.snapshot("we1", "orders", f"{zone.now:%Y-%m-02}"),
        )
        zone.rds().create_db_snapshot(
            DBSnapshotIdentifier="we1-orders-2026-03-03",
            DBInstanceIdentifier="we1-orders-home-2",
            Tags=[
                {"Key": naming.TAG_ZONE, "Value": "we1"},
                {"Key": naming.TAG_DATABASE, "Value": "orders"},
                {"Key": naming.TAG_POINT, "Value": "2026-03-03"},
            ],
        )
    ours = [one for one in catalogue.read(zone.cloud, zone.manifest).points if one.ours]
    assert len({one.series for one in ours}) == 1
    assert len(ours) == 3


def test_automated_snapshots_are_told_and_are_not_ours(zone: Zone) -> None:
    found = catalogue.read(zone.cloud, zone.manifest)
    assert {one.store for one in found.points} <= {Store.AUTOMATED}
    assert planned(zone).deletions == ()


def test_a_disabled_key_makes_its_points_unusable(zone: Zone) -> None:
    zone.history("orders", 1)
    key = zone.manifest.sites["home"].key_arn
    backstage.client("kms", HOME).disable_key(KeyId=key.rpartition("/")[2])
    [point] = [one for one in catalogue.read(zone.cloud, zone.manifest).points if one.ours]
    assert point.unusable == f"it is encrypted with a key that is not usable ({key}: Disabled)"


def test_a_region_that_does_not_answer_is_told_and_not_taken_for_empty(zone: Zone) -> None:
    zone.history("orders", 24)
    lost = Fault(FaultKind.REGION_LOST, 0, region=AWAY)
    zone.world.faults.schedule([lost], origin=zone.world.clock.monotonic())
    zone.world.clock.sleep(1)
    found = catalogue.read(zone.cloud, zone.manifest)
    assert list(found.unread) == [AWAY]
    assert keep.plan(found, Standing(), Terms.of(zone.manifest, capped=False)).deletions == ()


def test_reading_costs_no_call_per_snapshot(zone: Zone) -> None:
    zone.history("orders", 30)
    before = zone.cloud.budget.counts()
    catalogue.read(zone.cloud, zone.manifest)
    after = zone.cloud.budget.counts()
    calls = {name: after[name] - before.get(name, 0) for name in after}
    assert calls["rds.DescribeDBSnapshots"] <= 2 * 2
    assert sum(calls.values()) <= 9


def test_pruning_leaves_what_the_plan_keeps(zone: Zone) -> None:
    zone.history("orders", 24)
    plan = planned(zone)
    assert set(fates(zone, plan).values()) == {Fate.DELETED}
    left = {name for name in zone.snapshots() if "orders" in name and not name.startswith("rds:")}
    assert left == {one.point.identifier for one in plan.decisions if one.kept and one.point.ours}
    assert planned(zone).deletions == ()


def test_a_hold_placed_after_the_plan_stops_every_deletion(zone: Zone) -> None:
    zone.history("orders", 16)
    plan = planned(zone)
    standing.place(zone.cloud, zone.manifest, Hold("INC-7", "found out late", zone.now))
    found = list(prune.apply(zone.cloud, zone.manifest, plan))
    assert {(one.fate, one.sentence) for one in found} == {(Fate.SKIPPED, "hold INC-7")}
    assert len([name for name in zone.snapshots() if not name.startswith("rds:")]) == 16
    assert all(prune.done(one).well for one in found)


def test_a_hold_placed_half_way_keeps_the_rest(zone: Zone) -> None:
    zone.history("orders", 16)
    plan = planned(zone)
    found = prune.apply(zone.cloud, zone.manifest, plan)
    assert next(found).fate is Fate.DELETED
    standing.place(zone.cloud, zone.manifest, Hold("INC-7", "found out late", zone.now))
    assert {one.fate for one in found} == {Fate.SKIPPED}


def test_a_copy_begun_after_the_plan_keeps_its_source(zone: Zone) -> None:
    zone.history("orders", 16)
    plan = planned(zone)
    victim = plan.deletions[0].point
    zone.rds(AWAY).copy_db_snapshot(
        SourceDBSnapshotIdentifier=victim.arn,
        TargetDBSnapshotIdentifier=victim.identifier,
        KmsKeyId=zone.manifest.sites["away"].key_arn,
    )
    [first, *rest] = prune.apply(zone.cloud, zone.manifest, plan)
    assert first.sentence == f"a copy to {AWAY} has begun"
    assert {one.fate for one in rest} == {Fate.DELETED}


def test_a_second_copy_begun_after_the_plan_keeps_its_source_and_costs_no_further_look(
    zone: Zone,
) -> None:
    zone.history("orders", 16)
    victim = planned(zone).deletions[0].point
    zone.point("orders", taken(victim), AWAY)
    zone.snapshots(AWAY)[victim.identifier].status = "failed"
    plan = planned(zone)
    zone.rds(AWAY).copy_db_snapshot(
        SourceDBSnapshotIdentifier=victim.arn,
        TargetDBSnapshotIdentifier=f"{victim.identifier}-copy-2",
        KmsKeyId=zone.manifest.sites["away"].key_arn,
    )
    before = zone.cloud.budget.counts()["rds.DescribeDBSnapshots"]
    told = {one.point.arn: one.sentence for one in prune.apply(zone.cloud, zone.manifest, plan)}
    assert told[victim.arn] == f"a copy to {AWAY} has begun"
    looks = zone.cloud.budget.counts()["rds.DescribeDBSnapshots"] - before
    assert looks <= 2 * len(plan.deletions)


def test_what_is_gone_or_changed_since_the_plan_is_left_alone(zone: Zone) -> None:
    zone.history("orders", 16)
    plan = planned(zone)
    gone, changed, other, *_ = plan.deletions
    zone.rds().delete_db_snapshot(DBSnapshotIdentifier=gone.point.identifier)
    zone.rds().add_tags_to_resource(
        ResourceName=changed.point.arn, Tags=[{"Key": naming.TAG_VERIFIED, "Value": "today"}]
    )
    zone.rds().delete_db_snapshot(DBSnapshotIdentifier=other.point.identifier)
    assert zone.point("orders", taken(other.point).replace(hour=3)) == other.point.identifier
    found = list(prune.apply(zone.cloud, zone.manifest, plan))
    assert found[0].sentence == "it was gone already"
    assert found[1].sentence == "it was verified since the plan"
    assert found[2].sentence.startswith("it changed since the plan: it is available, of 2026-")
    assert other.point.identifier in zone.snapshots()


def test_one_failure_does_not_stop_the_rest_and_is_told(zone: Zone) -> None:
    zone.history("orders", 16)
    plan = planned(zone)
    denied = Fault(
        FaultKind.DENIED, 0, region=HOME, service="rds", operation="DeleteDBSnapshot", times=1
    )
    zone.world.faults.schedule([denied], origin=zone.world.clock.monotonic())
    found = list(prune.apply(zone.cloud, zone.manifest, plan))
    assert [one.fate for one in found[:2]] == [Fate.FAILED, Fate.DELETED]
    assert [prune.done(one).well for one in found].count(False) == 1


def test_a_lost_reply_to_a_deletion_is_a_deletion(zone: Zone) -> None:
    zone.history("orders", 16)
    plan = planned(zone)
    lost = Fault(
        FaultKind.LOST_REPLY, 0, region=HOME, service="rds", operation="DeleteDBSnapshot", times=1
    )
    zone.world.faults.schedule([lost], origin=zone.world.clock.monotonic())
    assert set(fates(zone, plan).values()) == {Fate.DELETED}


def test_a_mark_left_by_an_old_hold_is_taken_off_before_the_deletion(zone: Zone) -> None:
    zone.history("orders", 16, **{naming.TAG_HOLD: "INC-1"})
    assert set(fates(zone, planned(zone)).values()) == {Fate.DELETED}
    assert zone.cloud.budget.counts()["rds.RemoveTagsFromResource"] > 0


def test_a_run_is_capped(zone: Zone) -> None:
    zone.history("orders", 24)
    assert len(planned(zone, capped=True).deletions) == 6
