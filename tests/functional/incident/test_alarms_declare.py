"""An alarm goes off, and nobody runs a command: it is on record, and people are called in turn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pulumi_aws as aws
import pytest

from cloud import manifests
from cloud.clients import Clients
from cloud.door import Cloud
from cloud.permitted import permissions_of
from continuity import manifest_json, naming
from continuity.channels import Channels, Pagerduty, Turn
from continuity.incidents import DELIVERY, INCIDENT_FUNCTION, Kind
from continuity.manifest import Hosting, Latch, Manifest, Site, Traffic
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from drill.functions import OneByOne
from incident import handler
from incident.book import Book, of_zone
from incident.record import Incident
from simulator import alarm_messages, service_counts
from simulator.backstage import client
from simulator.channels.services import TOKENS, Services
from simulator.clock import VirtualWorkers
from simulator.faults import Fault, FaultKind
from simulator.invocations import CODE, Surroundings
from simulator.program import run_inline
from simulator.rights.judge import enforce
from simulator.schedules import Schedules
from simulator.world import ACCOUNT, World
from stacks.alarm import ABOVE, Limit, Metric, Watch, alarm
from stacks.alerts import Alerts, AlertsArgs
from stacks.controller import Controller, ControllerArgs
from stacks.incident_function import IncidentFunction, IncidentFunctionArgs
from stacks.manifest_copy import ManifestCopy, ManifestCopyArgs
from stacks.place import Place
from stacks.policy_document import trust_passed
from stacks.scopes import SiteScope, policy

HOME, AWAY = "eu-west-1", "eu-central-1"
PLACES = {
    SiteName.HOME: Place("we1", SiteName.HOME, HOME, ACCOUNT),
    SiteName.AWAY: Place("we1", SiteName.AWAY, AWAY, ACCOUNT),
}
CHANNELS = Channels(
    pagerduty=Pagerduty(("SEV1", "SEV2")), escalation=(Turn("Ana", 10), Turn("Bea", 10))
)
UNHEALTHY = ("AWS/ApplicationELB", "UnHealthyHostCount")


@dataclass
class Night:
    """A zone of which nothing stands but what hears alarms; `failed` has runs that went wrong."""

    world: World
    manifest: Manifest
    services: Services
    topics: dict[SiteName, str]

    def run(self, found: Surroundings, event: Mapping[str, Any]) -> object:
        signs = (found.signs.access_key, found.signs.secret_key, found.signs.token)
        cloud = Cloud(self.world.clock, OneByOne(), clients=Clients(credentials=signs))
        run = f"{self.world.clock.monotonic():.6f}"
        return handler.answer(
            cloud, handler.Site(found.environment, run, self.services.wire), event
        )

    def report(self, hosts: float, minutes: int) -> None:
        """Let the load balancer of home say for some minutes how many hosts are ill."""
        for _ in range(minutes):
            service_counts.put(self.world, HOME, UNHEALTHY, hosts, LoadBalancer="it")
            self.world.clock.sleep(60)

    @property
    def known(self) -> tuple[Incident, ...]:
        cloud = Cloud(self.world.clock, VirtualWorkers(self.world.clock, 2))
        return of_zone(cloud, self.manifest).read().known

    def paged(self) -> list[str]:
        [found] = self.known
        return [str(one.data["person"]) for one in found.of(Kind.OWED)]


def _site(place: Place) -> Site:
    word = str(place.site)
    return Site(
        region=place.region,
        incarnation=1,
        key_arn=f"arn:aws:kms:{place.region}:{ACCOUNT}:key/1",
        vpc_id="vpc-1",
        application_security_group="sg-1",
        database_security_group="sg-2",
        subnet_group=word,
        hosting=Hosting(*[word] * 7, 2, 3, 12),
        latch=Latch(word, word, word),
        lease_table="lease",
        journal_table="journal",
        manifest_bucket=place.bucket("manifest"),
        manifest_key=naming.MANIFEST_KEY,
        incident_table=naming.table("we1", place.site, "incidents"),
    )


def _manifest() -> Manifest:
    return Manifest(
        zone="we1",
        kind=ZoneKind.PRODUCTION,
        account=ACCOUNT,
        active=SiteName.HOME,
        approvers=1,
        objectives=Objectives(rto=timedelta(hours=12), rpo=timedelta(hours=24)),
        retention=Retention(daily=5, weekly=4, monthly=3),
        window=MaintenanceWindow(time(0), time(6), "Europe/Lisbon"),
        traffic=Traffic("we1.example.com", "Z1", 60, 10, 3),
        sites={site: _site(place) for site, place in PLACES.items()},
        databases=(),
        channels=CHANNELS,
    )


def _program() -> None:
    scopes = [SiteScope(place, "arn:key", "sg-1", "example.com") for place in PLACES.values()]
    role = aws.iam.Role(
        "role",
        name=naming.role("we1", "incident-function"),
        assume_role_policy=trust_passed("lambda.amazonaws.com"),
    )
    aws.iam.RolePolicy(
        "policy", name="all", role=role.name, policy=policy(INCIDENT_FUNCTION, scopes)
    )
    for site, place in PLACES.items():
        key = aws.kms.Key(f"{site}-key", region=place.region)
        topic = Alerts(f"{site}-alerts", AlertsArgs(place, key.arn)).topic
        Controller(f"{site}-controller", ControllerArgs(place))
        ManifestCopy(f"{site}-copy", ManifestCopyArgs(place, manifest_json.dump(_manifest())))
        log = aws.cloudwatch.LogGroup(f"{site}-log", region=place.region, name="log")
        IncidentFunction(
            f"{site}-incident",
            IncidentFunctionArgs(place, "Europe/Lisbon", role.name, log, topic, tells=True),
        )
        if site is SiteName.HOME:
            metric = Metric(*UNHEALTHY, {"LoadBalancer": "it"})
            ill = Watch("platform-unhealthy", "Hosts are ill", metric, Limit(ABOVE, 0.0))
            alarm(place, topic, ill, None)  # type: ignore[arg-type] # it stands in no component


@pytest.fixture(scope="module")
def night() -> Iterator[Night]:
    with World(5) as world:
        with world.instantly():
            run_inline(_program)
            for region in (HOME, AWAY):
                client("secretsmanager", region).create_secret(
                    Name=naming.channel_secret("we1", "pagerduty"), SecretString=TOKENS["pagerduty"]
                )
        topics = {
            site: f"arn:aws:sns:{place.region}:{ACCOUNT}:{place.name('alerts')}"
            for site, place in PLACES.items()
        }
        found = Night(world, _manifest(), Services(world.clock, CHANNELS), topics)
        enforce(world)
        CODE.give(world, found.run)
        alarm_messages.attend(world)
        schedules = Schedules(world)
        schedules.attend()
        yield found
        assert {str(one.fate) for one in schedules.fired} <= {"ran", "missed"}


def test_an_alarm_is_on_record_and_the_next_one_is_called_although_its_region_is_lost_meanwhile(
    night: Night,
) -> None:
    night.report(0.0, 7)
    client("sns", AWAY).publish(TopicArn=night.topics[SiteName.AWAY], Message="A hold was placed.")
    night.world.clock.sleep(30)
    assert night.known == ()
    night.report(1.0, 8)
    [found] = night.known
    assert (found.title, str(found.severity)) == ("we1-home-platform-unhealthy", "SEV2")
    assert night.paged() == ["Ana"]
    night.report(0.0, 3)
    assert [one.kind for one in night.known[0].entries].count(Kind.REPORTED) == 0
    lost = Fault(FaultKind.REGION_LOST, 0, region=HOME)
    night.world.faults.schedule([lost], origin=night.world.clock.monotonic())
    night.world.clock.sleep(9 * 60)
    assert night.paged() == ["Ana", "Bea"]
    assert len(list(night.services.eyes.of("pagerduty"))) == 2


def test_the_function_is_granted_what_it_asks_for_and_no_more() -> None:
    asked = {
        one for each in (manifests.read, Book.read, Book.write) for one in permissions_of(each)
    }
    assert asked | set(DELIVERY) == set(INCIDENT_FUNCTION)
