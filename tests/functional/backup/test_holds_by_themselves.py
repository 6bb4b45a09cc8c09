"""A zone is held before anything is deleted for what is seen of it, and let go for what is seen."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from moto.sns.models import sns_backends

from backup import nightly, standing
from backup.hold_rules import GRACE, Hold, HoldState
from cloud.leases import Lease, take
from continuity import backup_metrics, health_alarms, naming
from continuity.safekeeping import Safekeeping
from simulator import backstage
from simulator.faults import Fault, FaultKind
from simulator.world import ACCOUNT

HOME, AWAY = "eu-west-1", "eu-central-1"
Zone = Any
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def watched(new_zone: Callable[..., Iterator[Zone]]) -> Iterator[Zone]:
    """A zone of one database whose alarms are declared, with a topic in each site."""
    entered = new_zone(("orders",))
    zone = next(entered)
    sites = {}
    for name, site in zone.manifest.sites.items():
        cloudwatch = backstage.client("cloudwatch", site.region)
        for alarm in health_alarms.names("we1", name, ["orders"]):
            cloudwatch.put_metric_alarm(
                AlarmName=alarm,
                Namespace="Test",
                MetricName=alarm,
                Statistic="Maximum",
                ComparisonOperator="GreaterThanThreshold",
                Threshold=0.0,
                Period=60,
                EvaluationPeriods=5,
                TreatMissingData="notBreaching",
            )
        topic = backstage.client("sns", site.region).create_topic(Name="alerts")["TopicArn"]
        sites[name] = replace(site, safekeeping=Safekeeping(alerts=topic))
    zone.world.clock.sleep(3600)
    yield replace(zone, manifest=replace(zone.manifest, sites=sites))
    entered.close()


def fail(zone: Zone, alarm: str = "we1-home-orders-lag", minutes: int = 6) -> None:
    """Let an alarm see trouble for some minutes."""
    for _ in range(minutes):
        backstage.client("cloudwatch", HOME).put_metric_data(
            Namespace="Test", MetricData=[{"MetricName": alarm, "Value": 1.0}]
        )
        zone.world.clock.sleep(60)


def night(zone: Zone) -> list[str]:
    """Give up what may go; return what was done, without the numbers."""
    return [f"{one.subject}: {one.sentence}" for one in nightly.give_up(zone.cloud, zone.manifest)]


def deleted(said: list[str]) -> list[str]:
    return [one for one in said if ": deleted: " in one]


def state(zone: Zone) -> HoldState:
    return standing.read(zone.cloud, zone.manifest).state(zone.now)


def messages(zone: Zone) -> list[tuple[str, str]]:
    """Return what the standby's topic was told: subject and text."""
    topic = sns_backends[ACCOUNT][AWAY].topics[zone.manifest.sites["away"].safekeeping.alerts]
    return [(one[2] or "", one[1]) for one in topic.sent_notifications]


def verified(zone: Zone, name: str) -> None:
    arn = zone.snapshots()[name].arn
    tags = [{"Key": naming.TAG_VERIFIED, "Value": "now"}]
    backstage.client("rds", HOME).add_tags_to_resource(ResourceName=arn, Tags=tags)


def test_a_failing_zone_is_held_before_the_next_deletion_and_released_when_all_is_well(
    watched: Zone,
) -> None:
    watched.history("orders", 30)
    fail(watched)
    said = night(watched)
    [hold] = standing.read(watched.cloud, watched.manifest).holds
    assert (hold.identifier, hold.automatic) == ("failing-2026-03-03", True)
    assert deleted(said) == []
    assert "failing-2026-03-03: held: the zone is failing: we1-home-orders-lag" in said

    watched.world.clock.sleep(25 * 3600)
    name = watched.point("orders", watched.now - timedelta(hours=1), **{naming.TAG_INCIDENT: "f"})
    night(watched)
    assert state(watched) is HoldState.HELD  # nothing from afterwards was restored and checked
    verified(watched, name)
    said = night(watched)
    assert "failing-2026-03-03: released: everything that it waited for is so" in said
    assert state(watched) is HoldState.RELEASING
    assert deleted(said) == []
    [release] = standing.read(watched.cloud, watched.manifest).releases
    assert (release.by, release.placed) == ("holdfast", hold.reason)

    for _ in range(GRACE.days):
        watched.world.clock.sleep(timedelta(days=1).total_seconds())
        watched.point("orders", watched.now - timedelta(hours=1))
    assert state(watched) is HoldState.NORMAL
    assert deleted(night(watched))


def test_a_relapse_counts_the_day_of_health_anew(watched: Zone) -> None:
    watched.history("orders", 3)
    fail(watched)
    night(watched)
    watched.world.clock.sleep(23 * 3600)
    fail(watched, "we1-home-platform-too-few")
    watched.world.clock.sleep(2 * 3600)
    verified(watched, watched.point("orders", watched.now - timedelta(minutes=30)))
    night(watched)
    assert state(watched) is HoldState.HELD


def test_an_alarm_that_is_not_there_is_no_health(watched: Zone) -> None:
    watched.history("orders", 3)
    fail(watched)
    night(watched)
    backstage.client("cloudwatch", AWAY).delete_alarms(AlarmNames=["we1-away-orders-slot-lag"])
    watched.world.clock.sleep(25 * 3600)
    verified(watched, watched.point("orders", watched.now - timedelta(minutes=30)))
    night(watched)
    assert state(watched) is HoldState.HELD


def test_backups_that_stop_hold_what_there_is(watched: Zone) -> None:
    watched.history("orders", 30)
    watched.world.clock.sleep(30 * 3600)
    said = night(watched)
    assert deleted(said) == []
    assert "stale-2026-03-04: held: no usable point of the last 24 h: orders" in said


def test_a_failover_that_has_not_ended_is_held_for_under_its_own_name(watched: Zone) -> None:
    site = watched.manifest.standby_site
    journal = "we1-journal"
    backstage.client("dynamodb", AWAY).create_table(
        TableName=journal,
        KeySchema=[
            {"AttributeName": "run", "KeyType": "HASH"},
            {"AttributeName": "sequence", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "run", "AttributeType": "S"},
            {"AttributeName": "sequence", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    away = replace(site, journal_table=journal)
    sites = {**watched.manifest.sites, watched.manifest.standby: away}
    zone = replace(watched, manifest=replace(watched.manifest, sites=sites))
    zone.history("orders", 30)
    held = take(zone.cloud.at(AWAY), site.lease_table, Lease("ana", 1, "we1-0007", 60))
    assert deleted(night(zone))  # a lease without a line in the journal is no run yet

    from cloud.journals import Journal, append
    from continuity.journal import Entry, EntryKind

    begun = Entry(1, zone.now, EntryKind.SUSPECTED, "It does not answer.")
    append(zone.cloud.at(AWAY), Journal(site.lease_table, journal, "we1-0007"), held, [begun])
    assert deleted(night(zone)) == []
    [hold] = standing.read(zone.cloud, zone.manifest).holds
    assert (hold.identifier, hold.automatic) == ("we1-0007@away", True)


def test_a_site_whose_holds_cannot_be_read_leaves_a_hold_that_outlasts_it(watched: Zone) -> None:
    watched.history("orders", 30)
    lost = Fault(FaultKind.REGION_LOST, 0, region=HOME)
    watched.world.faults.schedule([lost], origin=watched.world.clock.monotonic())
    watched.world.clock.sleep(1)
    assert deleted(night(watched)) == []
    names = [one.identifier for one in standing.read(watched.cloud, watched.manifest).holds]
    assert "unreadable-2026-03-03" in names


def test_people_hear_every_day_what_a_hold_costs_and_what_goes_before_it_does(
    watched: Zone,
) -> None:
    watched.history("orders", 30)
    assert deleted(night(watched))
    assert messages(watched) == []
    fail(watched)
    night(watched)
    [(subject, text)] = messages(watched)
    assert subject == "we1 is held: hold failing-2026-03-03"
    assert "points" in text
    assert "GB a day are added" in text
    assert "days of snapshots" in text
    numbers = {
        one.name: one.value
        for one in backstage_data(AWAY)
        if one.namespace == backup_metrics.NAMESPACE and one.dimensions[0].value == "we1"
    }
    assert set(numbers) >= {
        backup_metrics.HOLD_AGE_HOURS,
        backup_metrics.HELD_GIGABYTES,
        backup_metrics.SNAPSHOT_ROOM_DAYS,
    }

    watched.world.clock.sleep(25 * 3600)
    verified(watched, watched.point("orders", watched.now - timedelta(minutes=30)))
    night(watched)
    subjects = [subject for subject, _ in messages(watched)][1:]
    assert subjects[0] == "we1: failing-2026-03-03 is about to be released"
    assert subjects[1].startswith("we1 is releasing: releasing until ")
    assert "To keep everything: holdfast backup hold we1" in messages(watched)[1][1]


def test_an_untold_plan_releases_nothing(watched: Zone) -> None:
    watched.history("orders", 3)
    fail(watched)
    night(watched)
    watched.world.clock.sleep(25 * 3600)
    verified(watched, watched.point("orders", watched.now - timedelta(minutes=30)))
    sites = {
        name: replace(site, safekeeping=Safekeeping())
        for name, site in watched.manifest.sites.items()
    }
    mute = replace(watched, manifest=replace(watched.manifest, sites=sites))
    said = night(mute)
    assert any("not released: The manifest of we1 names no topic" in one for one in said)
    assert state(mute) is HoldState.HELD


def test_a_hold_by_hand_never_lifts_itself(watched: Zone) -> None:
    watched.history("orders", 3)
    standing.place(watched.cloud, watched.manifest, Hold("legal", "Litigation.", watched.now))
    watched.world.clock.sleep(25 * 3600)
    verified(watched, watched.point("orders", watched.now - timedelta(minutes=30)))
    night(watched)
    assert state(watched) is HoldState.HELD
    found = backstage.client("dynamodb", AWAY).scan(
        TableName=watched.manifest.standby_site.lease_table
    )
    [item] = found["Items"]
    assert json.loads(item["hold:legal"]["S"])["automatic"] is False


def backstage_data(region: str) -> list[Any]:
    from moto.cloudwatch.models import cloudwatch_backends

    return list(cloudwatch_backends[ACCOUNT][region].metric_data)
