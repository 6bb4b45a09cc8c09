"""A zone of two databases and a drill that went well; tests change the fact that they are about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from continuity import naming
from continuity.journal import Entry, EntryKind, Fact
from continuity.manifest import Database, Hosting, Latch, Manifest, Member, Site, Traffic
from continuity.outside import Served
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from drill.facts import DatabaseFacts, Facts
from drill.scenario import Scenario, read
from simulator.operations import Operation
from simulator.outages import Outage
from simulator.timings import Takes

BEGAN = datetime(2026, 3, 3, 9, 5, tzinfo=UTC)
REGIONS = {SiteName.HOME: "eu-west-1", SiteName.AWAY: "eu-central-1"}


def after(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def _site(name: SiteName) -> Site:
    cluster = naming.in_site("we1", name, "platform")
    hosting = Hosting(
        cluster=cluster,
        service=cluster,
        task_definition=f"{cluster}:1",
        image="sha256:0",
        load_balancer=f"{name}.elb.amazonaws.com",
        holding_page=f"{name}-holding.elb.amazonaws.com",
        scalable_target=f"service/{cluster}/{cluster}",
        serving_minimum=2,
        serving_desired=4,
        serving_maximum=8,
    )
    latch = Latch(
        naming.bucket("123456789012", "we1", name, "latch"),
        naming.closed_key(name.other),
        naming.open_key(name),
    )
    return Site(
        region=REGIONS[name],
        incarnation=1,
        key_arn="arn:aws:kms:key/1",
        vpc_id="vpc-1",
        application_security_group="sg-1",
        database_security_group="sg-2",
        subnet_group="group",
        hosting=hosting,
        latch=latch,
        lease_table=naming.table("we1", name, "lease"),
        journal_table=naming.table("we1", name, "journal"),
        manifest_bucket=naming.bucket("123456789012", "we1", name, "manifest"),
        manifest_key=naming.MANIFEST_KEY,
    )


def _database(name: str, priority: int) -> Database:
    members = {}
    for site in SiteName:
        identifier = naming.instance("we1", name, site, 1)
        members[site] = Member(
            identifier=identifier,
            arn=f"arn:aws:rds:{REGIONS[site]}:123456789012:db:{identifier}",
            address=f"{identifier}.rds.amazonaws.com",
            parameter_group="group",
            instance_class="db.m6g.large",
            multi_az=True,
        )
    return Database(name, priority, "postgres", "16.4", 5432, 100, 14, "03:00-04:00", members)


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(
        zone="we1",
        kind=ZoneKind.PRODUCTION,
        account="123456789012",
        active=SiteName.HOME,
        approvers=1,
        objectives=Objectives(rto=timedelta(minutes=15), rpo=timedelta(minutes=5)),
        retention=Retention(5, 4, 3),
        window=MaintenanceWindow(time(0), time(6), "Europe/Lisbon"),
        traffic=Traffic("app.example.com", "Z1", 60, 10, 3),
        sites={name: _site(name) for name in SiteName},
        databases=(_database("orders", 1), _database("files", 2)),
    )


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Make an entry: kind, seconds after the fault, sentence, facts."""

    def make(kind: EntryKind, seconds: float = 0.0, sentence: str = "", **data: Fact) -> Entry:
        return Entry(int(seconds), after(seconds), kind, sentence or f"{kind}", None, data)

    return make


@pytest.fixture
def facts(manifest: Manifest) -> Facts:
    """The home region was lost; both databases came back away after 400 seconds."""
    away = frozenset({SiteName.AWAY})
    operations = []
    for database, seconds in zip(manifest.databases, (150.0, 200.0), strict=True):
        arn = database.members[SiteName.AWAY].arn
        operations.append(Operation(Takes.NOTICE_PROMOTION, arn, after(160), 10.0))
        operations.append(Operation(Takes.PROMOTE_REPLICA, arn, after(170), seconds))
    operations.append(Operation(Takes.START_TASK, "arn:aws:ecs:service/1", after(160), 45.0))
    return Facts(
        manifest=manifest,
        began=BEGAN,
        ended=after(900),
        outage=Outage(after(1), after(401)),
        opened=after(331),
        served_by=Served.AWAY,
        databases=(DatabaseFacts("orders", away, 2.0), DatabaseFacts("files", away, 1.0)),
        operations=tuple(operations),
        violations=(),
        api_calls={"rds.PromoteReadReplica": 2, "rds.DescribeDBInstances": 30},
        journal=(),
    )


@pytest.fixture
def down(facts: Facts) -> Facts:
    """Nothing came back: the holding page answers, no promotion was made."""
    nowhere = tuple(replace(one, writable=frozenset()) for one in facts.databases)
    return replace(
        facts,
        outage=Outage(after(1)),
        opened=None,
        served_by=Served.HOLDING_PAGE,
        databases=nowhere,
        operations=(),
    )


@pytest.fixture
def scenario() -> Scenario:
    return read('name = "test"\ntitle = "A test"\nfault = []\n', "test")
