"""Points are restored into the scratch place, looked into, written about, and thrown away.

The tests share a zone, and take a database each where they change what it has.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backup import catalogue, standing, verify, verify_loop, verify_trials
from backup.evidence import Verdict
from backup.hold_rules import TRIED
from backup.verify_subject import Role
from cloud import recovery_points
from cloud.effects import Effect
from cloud.journals import Journal, append
from cloud.leases import Lease, take
from continuity import backup_metrics, naming
from continuity.journal import Entry, EntryKind
from simulator import inside

Zone = Any  # the fixture of conftest.py, which no test can import


@pytest.fixture(autouse=True)
def _another_day(zone: Zone) -> Iterator[None]:
    """What an earlier test tried is due again, and nothing is left of it."""
    zone.world.clock.sleep(13 * 3600)
    assert zone.trials() == ()
    yield
    zone.world.clock.sleep(3600)
    assert zone.scratches() == []


def test_the_newest_and_an_older_point_are_proven_and_nothing_is_left(zone: Zone) -> None:
    tick = zone.tried(series=frozenset({"orders"}))
    assert tick.running == tick.troubles == ()
    found = {one.role: one for one in tick.ended}
    assert {one.verdict for one in tick.ended} == {Verdict.PROVEN}
    newest, older = found[Role.NEWEST], found[Role.OLDER]
    assert newest.point == zone.newest("orders") > older.point
    assert (newest.by, newest.region) == ("ana", zone.away.region)
    assert newest.restore_s > 600 > newest.check_s > 0
    counted = {one.name: one.found for one in newest.results}
    assert int(counted["some"]) > 300
    assert counted["newest"] == "0 s before the point"
    assert zone.evidence("orders")[-2:] == tuple(sorted(tick.ended, key=lambda one: one.ended))


def test_a_proof_stands_on_the_point_and_on_its_copies(zone: Zone) -> None:
    [tried] = zone.tried(point=zone.newest("catalogue")).ended
    moment = tried.ended.isoformat(timespec="seconds")
    for site in zone.manifest.sites.values():
        assert zone.tags(tried.point, site.region)[naming.TAG_VERIFIED] == moment


def test_wrong_content_is_refuted_and_the_point_before_it_is_tried(zone: Zone) -> None:
    newest = zone.corrupted("accounts")
    tick = zone.tried(series=frozenset({"accounts"}))
    verdicts = [(one.role, one.verdict, one.point == newest) for one in tick.ended]
    assert (Role.NEWEST, Verdict.REFUTED, True) in verdicts
    assert (Role.NEWEST, Verdict.PROVEN, False) in verdicts
    refuted = next(one for one in tick.ended if one.point == newest)
    assert refuted.why.startswith("without-a-name: expected at most 0, found ")

    points = catalogue.read(zone.cloud, zone.manifest).points
    marked = [one for one in points if one.identifier == newest]
    assert len(marked) == 2
    assert all("its content is wrong: 2026-" in one.unusable for one in marked)
    rows = recovery_points.restorable(zone.cloud.at(zone.away.region))
    assert [one.refuted.split()[1] for one in rows if one.name == newest] == ["without-a-name"]
    assert published(zone) == 1.0


def published(zone: Zone) -> float:
    now = zone.cloud.clock.now()
    found = zone.aws("cloudwatch").get_metric_statistics(
        Namespace="Holdfast",
        MetricName=backup_metrics.REFUTED,
        Dimensions=[{"Name": "Zone", "Value": "sa1"}],
        StartTime=now - timedelta(hours=12),
        EndTime=now,
        Period=12 * 3600,
        Statistics=["Maximum"],
    )
    return max(float(one["Maximum"]) for one in found["Datapoints"])


def test_what_is_cut_off_is_gone_on_with_and_the_points_stay_meanwhile(zone: Zone) -> None:
    before = zone.restores()
    first = zone.tried(hours=0.15, series=frozenset({"catalogue"}))
    assert len(first.running) == 2
    held = standing.read(zone.cloud, zone.manifest)
    assert {held.of(one.arn, zone.cloud.clock.now()) for one in first.running} == {TRIED}
    assert held.why(zone.cloud.clock.now()) == ""
    ended = zone.tried(series=frozenset({"catalogue"})).ended
    assert [one.verdict for one in ended] == [Verdict.PROVEN] * 2
    assert zone.restores() - before == 2
    assert standing.read(zone.cloud, zone.manifest).trials == ()


def test_only_the_prober_reaches_what_is_restored(zone: Zone) -> None:
    zone.tried(hours=0.1, point=zone.newest("orders"))
    [name] = zone.scratches()
    instance = inside.instance(zone.away.region, name)
    assert instance.deletion_protection is False
    assert inside.database_of(instance) is None
    groups = instance.vpc_security_group_ids
    assert groups == [zone.away.scratch.security_group]
    prober = zone.aws("lambda").get_function(FunctionName=zone.away.scratch.prober)
    [mine] = prober["Configuration"]["VpcConfig"]["SecurityGroupIds"]
    assert inside.admits(zone.away.region, groups, mine, 5432)
    tasks = zone.away.application_security_group
    assert not inside.admits(zone.away.region, groups, tasks, 5432)
    zone.finish()


def test_what_a_dead_verification_left_is_cleared_and_nothing_else(zone: Zone) -> None:
    ours = [{"Key": naming.TAG_SCRATCH, "Value": "sa1"}]
    for name, tags in (("sa1-scratch-stray", ours), ("sa1-scratch-of-somebody", [])):
        zone.aws("rds").restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier=name, DBSnapshotIdentifier=zone.newest("orders"), Tags=tags
        )
    zone.world.clock.sleep(7200)
    assert verify.clear_strays(zone.work()) == ("sa1-scratch-stray",)
    zone.world.clock.sleep(3600)
    assert zone.scratches() == ["sa1-scratch-of-somebody"]
    zone.aws("rds").delete_db_instance(
        DBInstanceIdentifier="sa1-scratch-of-somebody", SkipFinalSnapshot=True
    )


def test_a_database_that_cannot_be_asked_is_not_proven_and_not_refuted(zone: Zone) -> None:
    orders = next(one for one in zone.manifest.databases if one.name == "orders")
    arn = orders.members[zone.manifest.active].secret_arn
    secrets = zone.aws("secretsmanager", zone.manifest.serving_site.region)
    known = secrets.get_secret_value(SecretId=arn)["SecretString"]
    secrets.put_secret_value(SecretId=arn, SecretString="another-password")
    point = zone.newest("orders")
    before = zone.tags(point)
    try:
        [tried] = zone.tried(point=point).ended
    finally:
        secrets.put_secret_value(SecretId=arn, SecretString=known)
    assert tried.verdict is Verdict.UNPROVEN
    assert "password authentication failed" in tried.why
    assert zone.tags(point) == before


def test_of_two_that_begin_one_trial_only_the_first_restores(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, point = zone.work(), zone.newest("accounts")
    monkeypatch.setattr(verify_trials, "write", lambda *_: Effect.ALREADY)
    begun = verify.tick(work, verify_loop.by_hand(work, point=point))
    assert (begun.told, begun.running, zone.scratches()) == ((), (), [])


def test_the_schedule_asks_inside_the_window_but_for_its_end(zone: Zone) -> None:
    """The window of the zone is from midnight to six in its own time."""
    asked = {hour: _asked_at(zone, hour) for hour in (1, 4, 5, 12)}
    assert asked == {1: True, 4: True, 5: False, 12: False}
    assert verify_loop.duty(zone.cloud.within(540), zone.manifest) == ()


def test_the_schedule_begins_nothing_before_a_failover_has_ended(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def ran(_work: Any, wanted: Any, *_: object) -> verify.Tick:  # noqa: ANN401 - not looked at
        asked.append(wanted)
        return verify.Tick((), (), ())

    monkeypatch.setattr(verify_loop, "run", ran)
    door, site = zone.cloud.at(zone.away.region), zone.away
    journal = Journal(site.lease_table, site.journal_table, "sa1-0007")
    assert _asked_at(zone, 1)
    verify_loop.duty(zone.cloud, zone.manifest)
    held = take(door, site.lease_table, Lease("ana", 1, "sa1-0007", 60))
    for number, kind in enumerate((EntryKind.SUSPECTED, EntryKind.FINISHED), 1):
        append(door, journal, held, [Entry(number, zone.world.clock.now(), kind, "So it is.")])
        verify_loop.duty(zone.cloud, zone.manifest)
    # Whoever drove it may have died with the lease in hand: what counts is that the run is over.
    assert [one is not None for one in asked] == [True, False, True]


def _asked_at(zone: Zone, hour: int) -> bool:
    clock, place = zone.world.clock, ZoneInfo(zone.manifest.window.timezone)
    while clock.now().astimezone(place).hour != hour:
        clock.sleep(1800)
    return verify_loop.weekly(zone.work()) is not None
