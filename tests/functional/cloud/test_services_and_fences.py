"""Containers and fences on simulated AWS."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cloud import fences, services
from cloud.clients import Reach
from cloud.door import Cloud, Door
from cloud.effects import Effect
from cloud.failures import Ambiguous, Denied, Missing, Unreachable
from cloud.fences import FenceState
from cloud.services import Scaling
from continuity.manifest import Hosting, Latch, Site

RESOURCE = "service/platform/platform"


@pytest.fixture
def platform(backstage: Callable[..., Any]) -> None:
    """A cluster with one service that scales, as far as moto goes."""
    ecs = backstage("ecs")
    ecs.create_cluster(clusterName="platform")
    ecs.register_task_definition(
        family="platform",
        containerDefinitions=[{"name": "platform", "image": "platform", "memory": 512}],
    )
    ecs.create_service(
        cluster="platform", serviceName="platform", taskDefinition="platform", desiredCount=2
    )
    backstage("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=RESOURCE,
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=1,
        MaxCapacity=4,
    )


@pytest.fixture
def site(backstage: Callable[..., Any], platform: None) -> Site:  # noqa: ARG001 - it stands there
    """The old home: its database group admits its application, and an office."""
    ec2 = backstage("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    application, database, office = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("application", "database", "office")
    )
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
    ec2.authorize_security_group_ingress(
        GroupId=database,
        IpPermissions=[
            {
                **rule,
                "UserIdGroupPairs": [
                    {"GroupId": application, "Description": "the platform"},
                    {"GroupId": office},
                ],
                "IpRanges": [{"CidrIp": "10.9.0.0/16"}],
            }
        ],
    )
    return Site(
        region="eu-central-1",
        incarnation=1,
        key_arn="",
        vpc_id=vpc,
        application_security_group=application,
        database_security_group=database,
        subnet_group="",
        hosting=Hosting("platform", "platform", "", "", "", "", RESOURCE, 2, 2, 4),
        latch=Latch("", "", ""),
        lease_table="",
        journal_table="",
        manifest_bucket="",
        manifest_key="",
    )


@pytest.mark.usefixtures("platform")
def test_a_service_is_read_and_scaled(door: Door) -> None:
    assert services.describe(door, "platform", "platform").desired == 2
    assert services.scale(door, "platform", "platform", 6) is Effect.MADE
    assert services.describe(door, "platform", "platform").desired == 6


@pytest.mark.usefixtures("platform")
def test_a_service_that_does_not_exist_is_none(door: Door) -> None:
    assert services.describe(door, "platform", "nobody") is None


@pytest.mark.usefixtures("platform")
def test_scaling_whose_reply_was_lost_is_repeated(
    cloud: Cloud, door: Door, fail: Callable[..., None]
) -> None:
    fail("UpdateService", "lost reply")
    services.scale(door, "platform", "platform", 6)
    assert services.describe(door, "platform", "platform").desired == 6
    assert cloud.budget.counts()["ecs.UpdateService"] == 2


@pytest.mark.usefixtures("platform")
def test_the_bounds_of_autoscaling_are_read_and_set(door: Door) -> None:
    assert services.scaling(door, RESOURCE) == Scaling(1, 4)
    services.set_scaling(door, RESOURCE, Scaling(6, 12))
    assert services.scaling(door, RESOURCE) == Scaling(6, 12)
    assert services.scaling(door, "service/platform/nobody") is None


def test_an_open_fence_is_seen_and_shut_and_stays_shut(cloud: Cloud, site: Site) -> None:
    assert fences.look(cloud, site) == FenceState(
        admits_application=True, desired=2, running=0, most=4
    )
    assert fences.shut(cloud, site) is Effect.MADE
    assert fences.shut(cloud, site) is Effect.ALREADY
    assert not fences.look(cloud, site).admits_application


def test_shutting_takes_away_the_application_and_nobody_else(
    cloud: Cloud, site: Site, backstage: Callable[..., Any]
) -> None:
    fences.shut(cloud, site)
    [group] = backstage("ec2").describe_security_groups(GroupIds=[site.database_security_group])[
        "SecurityGroups"
    ]
    [rule] = group["IpPermissions"]
    assert rule["IpRanges"] == [{"CidrIp": "10.9.0.0/16"}]
    left = [pair["GroupId"] for pair in rule["UserIdGroupPairs"]]
    assert len(left) == 1
    assert site.application_security_group not in left


def test_a_rule_that_vanished_meanwhile_was_taken_away_by_somebody(
    cloud: Cloud, site: Site, fail: Callable[..., None]
) -> None:
    fail("RevokeSecurityGroupIngress", "lost reply")
    with pytest.raises(Ambiguous):
        fences.shut(cloud, site)
    assert fences.shut(cloud, site) is Effect.ALREADY


def test_a_rule_that_is_still_there_is_never_called_gone(
    cloud: Cloud, site: Site, fail: Callable[..., None]
) -> None:
    fail("RevokeSecurityGroupIngress", "InvalidPermission.NotFound")
    with pytest.raises(Missing):
        fences.shut(cloud, site)


def test_a_stopped_site_has_no_tasks_and_autoscaling_brings_none_back(
    cloud: Cloud, door: Door, site: Site
) -> None:
    fences.stop(cloud, site)
    fences.shut(cloud, site)
    assert services.scaling(door, RESOURCE) == Scaling(0, 0)
    assert fences.look(cloud, site).closed


def test_a_fence_that_automatic_scaling_can_undo_is_not_closed(
    cloud: Cloud, door: Door, site: Site
) -> None:
    fences.shut(cloud, site)
    services.scale(door, "platform", "platform", 0)
    assert not fences.look(cloud, site).closed
    services.set_scaling(door, RESOURCE, Scaling(0, 0))
    assert fences.look(cloud, site).closed


def test_a_dead_region_is_asked_once_and_not_again(
    cloud: Cloud, site: Site, fail: Callable[..., None]
) -> None:
    fail("DescribeSecurityGroups", *["no connection"] * 5)
    fail("RegisterScalableTarget", *["no connection"] * 5)
    for fence in (fences.look, fences.shut, fences.stop):
        with pytest.raises(Unreachable, match="Nothing was sent"):
            fence(cloud, site)
    assert cloud.budget.counts() == {
        "application-autoscaling.RegisterScalableTarget": 1,
        "ec2.DescribeSecurityGroups": 2,
    }
    assert cloud.clock.monotonic() == 0


def test_a_fence_never_uses_the_patient_reach(cloud: Cloud, site: Site) -> None:
    fences.look(cloud, site)
    fences.stop(cloud, site)
    assert {reach for _, _, reach in cloud.clients._made} == {Reach.IMPAIRED}


def test_a_fence_that_is_denied_says_which_action_is(
    cloud: Cloud, site: Site, fail: Callable[..., None]
) -> None:
    fail("RevokeSecurityGroupIngress", "UnauthorizedOperation")
    with pytest.raises(Denied, match="ec2:RevokeSecurityGroupIngress"):
        fences.shut(cloud, site)


def test_a_site_without_its_service_has_nobody_to_stop(cloud: Cloud, site: Site) -> None:
    hosting = replace(site.hosting, service="nobody")
    assert fences.look(cloud, replace(site, hosting=hosting)).desired is None
