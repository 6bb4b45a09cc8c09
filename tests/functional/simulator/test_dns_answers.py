"""What clients resolve: the three-state latch of a zone, built with boto3, and single records."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.backstage import client
from simulator.dns import Answer, Unanswerable, resolve, resolve_with_ttl
from simulator.faults import Fault, FaultKind
from simulator.world import World

HOME, AWAY = "eu-west-1", "eu-central-1"
NAME = "we1.example.com"
BUCKET = "latch-of-away"
ENOUGH_S = 31
"""Three answers at an interval of 10 s, and the moment after them."""


class Latch:
    """A zone that home serves, with the records and health checks of the program."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.s3 = client("s3", AWAY)
        self._make_bucket()
        self.route53 = client("route53", "us-east-1")
        made = self.route53.create_hosted_zone(Name=NAME, CallerReference="zone")
        self.zone = made["HostedZone"]["Id"].split("/")[-1]
        self.balancers = {
            name: self._make_balancer(name, region)
            for name, region in (("home", HOME), ("away", AWAY), ("holding", AWAY))
        }
        closed = self._make_check("closed/home", inverted=True)
        opened = self._make_check("open/away", inverted=False)
        standby = {"DNSName": f"standby.{NAME}", "HostedZoneId": self.zone}
        self._make_record(f"standby.{NAME}", "PRIMARY", self._target("away"), opened)
        self._make_record(f"standby.{NAME}", "SECONDARY", self._target("holding"))
        self._make_record(NAME, "PRIMARY", self._target("home"), closed)
        self._make_record(NAME, "SECONDARY", standby)
        world.clock.sleep(120)

    def put(self, key: str) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=b"")

    def answer(self) -> str | None:
        """Return whose load balancer answers for the zone's name."""
        address = resolve(self.world, NAME)
        owners = {balancer["DNSName"]: name for name, balancer in self.balancers.items()}
        return owners[address] if address is not None else None

    def _make_bucket(self) -> None:
        where = {"LocationConstraint": AWAY}
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
        self.s3.delete_public_access_block(Bucket=BUCKET)
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": [f"arn:aws:s3:::{BUCKET}/closed/*", f"arn:aws:s3:::{BUCKET}/open/*"],
        }
        self.s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Statement": [statement]}))

    def _make_balancer(self, name: str, region: str) -> dict[str, Any]:
        ec2 = client("ec2", region)
        subnets = ec2.describe_subnets()["Subnets"][:2]
        made: dict[str, Any] = client("elbv2", region).create_load_balancer(
            Name=name, Subnets=[subnet["SubnetId"] for subnet in subnets]
        )["LoadBalancers"][0]
        return made

    def _make_check(self, key: str, *, inverted: bool) -> str:
        made = self.route53.create_health_check(
            CallerReference=key,
            HealthCheckConfig={
                "Type": "HTTPS",
                "FullyQualifiedDomainName": f"{BUCKET}.s3.{AWAY}.amazonaws.com",
                "ResourcePath": f"/{key}",
                "RequestInterval": 10,
                "FailureThreshold": 3,
                "Inverted": inverted,
            },
        )
        return str(made["HealthCheck"]["Id"])

    def _target(self, name: str) -> dict[str, Any]:
        balancer = self.balancers[name]
        return {
            "DNSName": f"dualstack.{balancer['DNSName']}",
            "HostedZoneId": balancer["CanonicalHostedZoneId"],
        }

    def _make_record(
        self, name: str, role: str, target: dict[str, Any], check: str | None = None
    ) -> None:
        record = {
            "Name": name,
            "Type": "A",
            "SetIdentifier": role.lower(),
            "Failover": role,
            "AliasTarget": target | {"EvaluateTargetHealth": False},
        }
        change(self.zone, record | ({"HealthCheckId": check} if check else {}))


def change(zone: str, *records: dict[str, Any], action: str = "CREATE") -> None:
    client("route53", "us-east-1").change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={
            "Changes": [{"Action": action, "ResourceRecordSet": record} for record in records]
        },
    )


def plain(name: str, value: str, kind: str = "A") -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}


def alias(name: str, target: str, zone: str, *, evaluated: bool = False) -> dict[str, Any]:
    target_of = {"DNSName": target, "HostedZoneId": zone, "EvaluateTargetHealth": evaluated}
    return {"Name": name, "Type": "A", "AliasTarget": target_of}


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        yield entered


@pytest.fixture
def zone(world: World) -> str:
    made = client("route53", "us-east-1").create_hosted_zone(Name=NAME, CallerReference="zone")
    world.clock.sleep(61)
    return str(made["HostedZone"]["Id"].split("/")[-1])


def test_the_latch_moves_from_home_to_the_holding_page_to_away(world: World) -> None:
    latch = Latch(world)
    assert latch.answer() == "home"

    latch.put("closed/home")
    assert latch.answer() == "home"
    world.clock.sleep(ENOUGH_S)
    assert latch.answer() == "holding"

    latch.put("open/away")
    assert latch.answer() == "holding"
    world.clock.sleep(ENOUGH_S)
    assert latch.answer() == "away"


def test_a_move_takes_two_full_intervals_and_some_part_of_a_third(world: World) -> None:
    latch = Latch(world)
    world.clock.sleep(4.5)
    latch.put("closed/home")
    began = world.clock.monotonic()

    while latch.answer() == "home":
        world.clock.sleep(1)

    assert 20 < world.clock.monotonic() - began <= 30


@pytest.mark.parametrize("moved", [(), ("closed/home",), ("open/away",)])
def test_a_dead_standby_region_never_takes_traffic_from_home(
    world: World, moved: tuple[str, ...]
) -> None:
    latch = Latch(world)
    for key in moved:
        latch.put(key)
    world.clock.sleep(60)
    world.faults.schedule([Fault(FaultKind.REGION_LOST, 0, region=AWAY)], world.clock.monotonic())

    world.clock.sleep(600)

    assert latch.answer() == "home"


def test_a_lost_home_region_moves_nothing_by_itself(world: World) -> None:
    latch = Latch(world)
    world.faults.schedule([Fault(FaultKind.REGION_LOST, 0, region=HOME)], world.clock.monotonic())

    world.clock.sleep(600)

    assert latch.answer() == "home"


def test_open_alone_does_not_take_traffic_from_home(world: World) -> None:
    latch = Latch(world)
    latch.put("open/away")

    world.clock.sleep(120)

    assert latch.answer() == "home"


def test_plain_moto_calls_every_check_healthy_and_never_moves_a_latch() -> None:
    def before_and_after(*, corrected: bool) -> tuple[str | None, str | None]:
        with World(seed=1, corrected=corrected) as world:
            latch = Latch(world)
            before = latch.answer()
            latch.put("closed/home")
            world.clock.sleep(60)
            return before, latch.answer()

    assert before_and_after(corrected=False) == ("away", "away")
    assert before_and_after(corrected=True) == ("home", "holding")


def test_a_load_balancers_address_may_be_kept_for_a_minute(world: World) -> None:
    latch = Latch(world)

    assert resolve_with_ttl(world, NAME) == Answer(latch.balancers["home"]["DNSName"], 60)


def test_names_without_records_or_zones_have_no_answer(world: World, zone: str) -> None:
    change(zone, plain(f"www.{NAME}", "192.0.2.1"))
    world.clock.sleep(61)

    assert resolve(world, f"www.{NAME}.") == "192.0.2.1"
    assert resolve(world, f"WWW.{NAME}") == "192.0.2.1"
    assert resolve(world, f"nothing.{NAME}") is None
    assert resolve(world, "www.example.org") is None


def test_a_record_is_not_answered_before_it_has_reached_the_name_servers(
    world: World, zone: str
) -> None:
    change(zone, plain(f"www.{NAME}", "192.0.2.1"))

    assert resolve(world, f"www.{NAME}") is None
    world.clock.sleep(61)
    assert resolve(world, f"www.{NAME}") == "192.0.2.1"


def test_aliases_and_cnames_are_followed_with_the_shortest_ttl(world: World, zone: str) -> None:
    change(zone, plain(f"a.{NAME}", "192.0.2.1"))
    change(zone, alias(f"b.{NAME}", f"a.{NAME}", zone))
    change(zone, plain(f"c.{NAME}", f"b.{NAME}", "CNAME") | {"TTL": 20})
    world.clock.sleep(61)

    assert resolve_with_ttl(world, f"b.{NAME}") == Answer("192.0.2.1", 300)
    assert resolve_with_ttl(world, f"c.{NAME}") == Answer("192.0.2.1", 20)


def test_records_in_a_circle_are_an_error_and_not_an_endless_walk(world: World, zone: str) -> None:
    change(zone, plain(f"a.{NAME}", f"b.{NAME}", "CNAME"), plain(f"b.{NAME}", f"a.{NAME}", "CNAME"))
    world.clock.sleep(61)

    with pytest.raises(Unanswerable, match="circle"):
        resolve(world, f"a.{NAME}")


def test_when_every_record_is_unhealthy_the_primary_answers(world: World, zone: str) -> None:
    health = client("route53", "us-east-1").create_health_check(
        CallerReference="never",
        HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "nobody.example.org"},
    )["HealthCheck"]["Id"]
    for role, value in (("SECONDARY", "192.0.2.2"), ("PRIMARY", "192.0.2.1")):
        record = plain(f"www.{NAME}", value) | {"SetIdentifier": role, "Failover": role}
        change(zone, record | {"HealthCheckId": health})
    world.clock.sleep(200)

    assert resolve(world, f"www.{NAME}") == "192.0.2.1"


def test_an_alias_that_evaluates_its_target_falls_with_it(world: World, zone: str) -> None:
    subnets = client("ec2", HOME).describe_subnets()["Subnets"][:2]
    balancer = client("elbv2", HOME).create_load_balancer(
        Name="empty", Subnets=[subnet["SubnetId"] for subnet in subnets]
    )["LoadBalancers"][0]

    def primary(name: str, *, evaluated: bool) -> dict[str, Any]:
        target, place = balancer["DNSName"], balancer["CanonicalHostedZoneId"]
        return alias(name, target, place, evaluated=evaluated)

    for name, evaluated in (("blind", False), ("seeing", True)):
        first = {"SetIdentifier": "1", "Failover": "PRIMARY"}
        second = {"SetIdentifier": "2", "Failover": "SECONDARY"}
        change(zone, primary(f"{name}.{NAME}", evaluated=evaluated) | first)
        change(zone, plain(f"{name}.{NAME}", "192.0.2.2") | second)
    world.clock.sleep(61)

    assert resolve(world, f"blind.{NAME}") == balancer["DNSName"]
    assert resolve(world, f"seeing.{NAME}") == "192.0.2.2"
