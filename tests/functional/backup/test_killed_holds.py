"""Whoever dies while a zone is being held or released is followed by a night that ends it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from backup import nightly, standing
from backup.hold_rules import Hold, HoldState, Standing
from cloud.door import Door
from continuity import health_alarms, naming
from continuity.safekeeping import Safekeeping
from simulator import backstage

HOME, AWAY = "eu-west-1", "eu-central-1"
Zone = Any


class Killed(BaseException):
    """The process is gone: no handler of ours may see it."""


@pytest.fixture
def told(new_zone: Callable[..., Iterator[Zone]]) -> Iterator[Zone]:
    """A zone of one database with quiet alarms and a topic in each site."""
    entered = new_zone(("orders",))
    zone = next(entered)
    sites = {}
    for name, site in zone.manifest.sites.items():
        for alarm in health_alarms.names("we1", name, ["orders"]):
            backstage.client("cloudwatch", site.region).put_metric_alarm(
                AlarmName=alarm,
                Namespace="Test",
                MetricName=alarm,
                Statistic="Maximum",
                ComparisonOperator="GreaterThanThreshold",
                Threshold=0.0,
                Period=60,
                EvaluationPeriods=1,
                TreatMissingData="notBreaching",
            )
        topic = backstage.client("sns", site.region).create_topic(Name="alerts")["TopicArn"]
        sites[name] = replace(site, safekeeping=Safekeeping(alerts=topic))
    yield replace(zone, manifest=replace(zone.manifest, sites=sites))
    entered.close()


def found(zone: Zone) -> Standing:
    return standing.read(zone.cloud, zone.manifest)


def forget_holds(zone: Zone) -> None:
    """Let there be no hold and never have been one; what was raised stays remembered."""
    names = {"#hold": "hold:stale-2026-03-04", "#past": "released:stale-2026-03-04"}
    backstage.client("dynamodb", AWAY).update_item(
        TableName=zone.manifest.standby_site.lease_table,
        Key={"name": {"S": "hold"}},
        UpdateExpression="REMOVE #hold, #past",
        ExpressionAttributeNames=names,
    )


def dies_after(zone: Zone, monkeypatch: pytest.MonkeyPatch, number: int) -> bool:
    """Run a night that dies once AWS has made its so-many-th change; say whether it did."""
    made, change = [0], Door.change

    def dying(door: Door, *named: Any, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        made[0] += 1
        reply = change(door, *named, **arguments)
        if made[0] == number:
            raise Killed
        return reply

    with monkeypatch.context() as patch, contextlib.suppress(Killed):
        patch.setattr(Door, "change", dying)
        nightly.give_up(zone.cloud, zone.manifest)
    return made[0] >= number


def test_a_night_that_dies_while_it_holds_is_ended_by_the_next(
    told: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.history("orders", 9)
    points = set(told.snapshots())
    told.world.clock.sleep(30 * 3600)
    for number in count(1):
        forget_holds(told)
        if not dies_after(told, monkeypatch, number):
            break
        told.world.clock.sleep(60)
        assert all(one.well for one in nightly.give_up(told.cloud, told.manifest))
        assert [one.identifier for one in found(told).holds] == ["stale-2026-03-04"]
        assert [(one.name, one.was) for one in found(told).raised] == [
            ("rds:we1-orders-home-1", "7")
        ]
        assert told.instance("we1-orders-home-1").backup_retention_period == 35
        assert set(told.snapshots()) >= points
    assert number > 4


def test_a_night_that_dies_while_it_releases_is_ended_by_the_next(
    told: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.world.clock.sleep(26 * 3600)
    since = told.now - timedelta(hours=25)
    name = told.point("orders", told.now - timedelta(hours=1))
    backstage.client("rds", HOME).add_tags_to_resource(
        ResourceName=told.snapshots()[name].arn, Tags=[{"Key": naming.TAG_VERIFIED, "Value": "now"}]
    )
    hold = Hold("stale-2026-03-04", "no usable point", since, automatic=True)
    for number in count(1):
        forget_holds(told)
        standing.place(told.cloud, told.manifest, hold)
        if not dies_after(told, monkeypatch, number):
            break
        nightly.give_up(told.cloud, told.manifest)
        assert found(told).holds == ()
        [release] = found(told).releases
        assert (release.identifier, release.since, release.by) == (
            hold.identifier,
            since,
            "holdfast",
        )
        assert found(told).state(told.now) is HoldState.RELEASING
    assert number > 3
