"""A small zone, built call by call in a world: two databases, two sites, latches and records."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from continuity import addresses, naming
from continuity.manifest import Database, Hosting, Latch, Manifest, Member, Site, Traffic, Witness
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from simulator import backstage, inside
from simulator.content import Content
from simulator.faults import Fault, FaultKind
from simulator.world import ACCOUNT, World

ZONE = "we1"
NAME = "we1.example.com"
REGIONS = {SiteName.HOME: "eu-west-1", SiteName.AWAY: "eu-central-1"}
WITNESS = "eu-north-1"
PORT, DATABASES = 5432, ("orders", "billing")


@dataclass(frozen=True)
class Stage:
    """A world with a zone in it, and the calls that a run would make."""

    world: World
    manifest: Manifest
    client: Callable[[str, str], Any]

    @property
    def away(self) -> Site:
        return self.manifest.sites[SiteName.AWAY]

    def database(self, name: str) -> Database:
        return next(one for one in self.manifest.databases if one.name == name)

    def standing_by(self, name: str) -> str:
        return self.database(name).members[SiteName.AWAY].identifier

    def close(self) -> None:
        self._put(self.away.latch.closed_key)

    def open(self) -> None:
        self._put(self.away.latch.open_key)

    def revoke(self, text: str = "revoked") -> None:
        """Take the warrants of home away, or say something else in them."""
        key, witness = naming.warrant_key(SiteName.HOME), naming.witness_bucket(ACCOUNT, ZONE)
        for region, bucket in ((self.away.region, self.away.latch.bucket), (WITNESS, witness)):
            self.client("s3", region).put_object(Bucket=bucket, Key=key, Body=text.encode())

    def promote(self, name: str) -> None:
        rds = self.client("rds", self.away.region)
        rds.promote_read_replica(DBInstanceIdentifier=self.standing_by(name))

    def hold(self) -> None:
        dynamodb = self.client("dynamodb", self.away.region)
        dynamodb.put_item(TableName=self.away.lease_table, Item={"name": {"S": "hold"}})

    def take_lease(self) -> None:
        item = {"name": {"S": "lease"}, "owner": {"S": "test"}, "version": {"N": "1"}}
        dynamodb = self.client("dynamodb", self.away.region)
        dynamodb.put_item(TableName=self.away.lease_table, Item=item)

    def write_down(self, sequence: int, kind: str, **data: str) -> None:
        """Append one record to the journal as `cloud.journals` does, lease in hand."""
        item = {
            "run": {"S": "we1-0001"},
            "sequence": {"N": str(sequence)},
            "kind": {"S": kind},
            "step": {"NULL": True},
            "sentence": {"S": f"{kind} it was"},
            "at": {"S": self.world.clock.now().isoformat()},
            "data": {"M": {key: {"S": value} for key, value in data.items()}},
        }
        check = {
            "TableName": self.away.lease_table,
            "Key": {"name": {"S": "lease"}},
            "ConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "owner"},
            "ExpressionAttributeValues": {":owner": {"S": "test"}},
        }
        put = {"TableName": self.away.journal_table, "Item": item}
        self.client("dynamodb", self.away.region).transact_write_items(
            TransactItems=[{"ConditionCheck": check}, {"Put": put}]
        )

    def prepare(self) -> None:
        """Do everything that comes before a promotion: lease, hold, plan, approval."""
        self.take_lease()
        self.hold()
        self.write_down(1, "planned", hash="abc")
        self.write_down(2, "approved", hash="abc", by="ana")

    def fault(self, *faults: Fault) -> None:
        """Let faults begin, counted from now."""
        self.world.faults.schedule(faults, origin=self.world.clock.monotonic())

    def lose(self, region: str) -> None:
        self.fault(Fault(FaultKind.REGION_LOST, 0, region=region))

    def lose_home(self) -> None:
        self.lose(REGIONS[SiteName.HOME])

    def wait_until_promoted(self) -> None:
        """Sleep until no instance of the standby is a replica any more."""
        away = inside.instances(self.away.region)
        while any(one.is_replica or one.status != "available" for one in away.values()):
            self.world.clock.sleep(10)

    def fail_over(self) -> None:
        """Do what a run does, in its order, with every wait."""
        self.prepare()
        self.close()
        self.revoke()
        self.world.clock.sleep(self.manifest.traffic.drain_s + 5)
        for database in self.manifest.databases:
            self.promote(database.name)
        self.wait_until_promoted()
        self.open()
        self.world.clock.sleep(self.manifest.traffic.drain_s + 5)

    def _put(self, key: str) -> None:
        self.client("s3", self.away.region).put_object(Bucket=self.away.latch.bucket, Key=key)


NewStage = Callable[[int], AbstractContextManager[Stage]]


@pytest.fixture
def new_stage() -> NewStage:
    return entered_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with entered_stage(11) as stage:
        yield stage


@contextmanager
def entered_stage(seed: int, databases: Sequence[str] = DATABASES) -> Iterator[Stage]:
    with World(seed) as world:
        clients = Clients()
        with world.instantly():
            manifest = build_zone(databases)
        Content.of(world)
        yield Stage(world, manifest, clients.client)


class Clients:
    """Plain boto3 clients with the patience of a run, and without retries of their own."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Any] = {}
        retries = {"mode": "standard", "total_max_attempts": 1}
        self._config = Config(connect_timeout=2, read_timeout=3, retries=retries)

    def client(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        if (service, region) not in self._made:
            self._made[service, region] = boto3.session.Session().client(
                service, region_name=region, config=self._config
            )
        return self._made[service, region]


def build_zone(names: Sequence[str] = DATABASES) -> Manifest:
    sites = {name: build_site(name, names) for name in SiteName}
    databases = tuple(build_database(name, sites) for name in names)
    witness = Witness(WITNESS, naming.witness_bucket(ACCOUNT, ZONE))
    build_bucket(witness.region, witness.bucket, *SiteName)
    traffic = build_records(sites, witness)
    return Manifest(
        zone=ZONE,
        kind=ZoneKind.PRODUCTION,
        account=ACCOUNT,
        active=SiteName.HOME,
        approvers=1,
        objectives=Objectives(rto=timedelta(hours=1), rpo=timedelta(minutes=5)),
        retention=Retention(daily=7, weekly=4, monthly=12),
        window=MaintenanceWindow(time(2), time(4), "Europe/Lisbon"),
        traffic=traffic,
        sites=sites,
        databases=databases,
        witness=witness,
    )


def build_site(name: SiteName, databases: Sequence[str]) -> Site:
    region = REGIONS[name]
    ec2 = backstage.client("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.1.{index}.0/24", AvailabilityZone=f"{region}{zone}"
        )["Subnet"]["SubnetId"]
        for index, zone in enumerate("ab")
    ]
    application = build_group(ec2, vpc, "application")
    database = build_group(ec2, vpc, "database")
    ec2.authorize_security_group_ingress(
        GroupId=database,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": PORT,
                "ToPort": PORT,
                "UserIdGroupPairs": [{"GroupId": application}],
            }
        ],
    )
    subnet_group = naming.in_site(ZONE, name, "databases")
    backstage.client("rds", region).create_db_subnet_group(
        DBSubnetGroupName=subnet_group, DBSubnetGroupDescription="isolated", SubnetIds=subnets
    )
    return Site(
        region=region,
        incarnation=1,
        key_arn=f"arn:aws:kms:{region}:{ACCOUNT}:key/none",
        vpc_id=vpc,
        application_security_group=application,
        database_security_group=database,
        subnet_group=subnet_group,
        hosting=build_hosting(name, subnets, application, databases),
        latch=build_latch(name, region),
        lease_table=build_table(name, region, "lease", {"name": "S"}),
        journal_table=build_table(name, region, "journal", {"run": "S", "sequence": "N"}),
        manifest_bucket="none",
        manifest_key=naming.MANIFEST_KEY,
    )


def build_group(ec2: Any, vpc: str, name: str) -> str:  # noqa: ANN401 - a boto3 client
    return str(ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"])


def build_hosting(name: SiteName, subnets: list[str], group: str, names: Sequence[str]) -> Hosting:
    service, region = naming.in_site(ZONE, name, "platform"), REGIONS[name]
    ecs = backstage.client("ecs", region)
    ecs.create_cluster(clusterName=service)
    where = f"aaaaaaaaaa.{region}.rds.amazonaws.com"
    network = {"subnets": subnets, "securityGroups": [group]}
    hosts = {one: f"{naming.instance(ZONE, one, name, 1)}.{where}" for one in names}
    pairs = addresses.settings(addresses.text(hosts)).items()
    environment = [{"name": variable, "value": host} for variable, host in pairs]
    container = {"name": "platform", "image": "p", "memory": 512, "environment": environment}
    task = ecs.register_task_definition(
        family=service,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )["taskDefinition"]["taskDefinitionArn"]
    ecs.create_service(
        cluster=service,
        serviceName=service,
        taskDefinition=task,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )
    return Hosting(
        cluster=service,
        service=service,
        task_definition=task,
        image="platform",
        load_balancer=build_load_balancer(region, subnets, naming.in_site(ZONE, name, "platform")),
        holding_page=build_load_balancer(region, subnets, naming.in_site(ZONE, name, "holding")),
        scalable_target=f"service/{service}/{service}",
        serving_minimum=2,
        serving_desired=2,
        serving_maximum=4,
    )


def build_load_balancer(region: str, subnets: list[str], name: str) -> str:
    elbv2 = backstage.client("elbv2", region)
    made = elbv2.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]
    page = {"StatusCode": "200", "ContentType": "text/html", "MessageBody": naming.HOLDING_MARK}
    elbv2.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": page}],
    )
    return str(made["DNSName"])


def build_latch(name: SiteName, region: str) -> Latch:
    bucket = naming.bucket(ACCOUNT, ZONE, name, "latch")
    build_bucket(region, bucket, name.other)
    keys = naming.closed_key(name.other), naming.open_key(name), naming.warrant_key(name.other)
    return Latch(bucket, *keys)


def build_bucket(region: str, bucket: str, *warranted: SiteName) -> None:
    s3 = backstage.client("s3", region)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration=dict.fromkeys(flags, False),
    )
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    for site in warranted:
        warrant = naming.WARRANTED.encode()
        s3.put_object(Bucket=bucket, Key=naming.warrant_key(site), Body=warrant)


def build_table(name: SiteName, region: str, purpose: str, keys: dict[str, str]) -> str:
    table = naming.table(ZONE, name, purpose)
    kinds = zip(keys, ("HASH", "RANGE"), strict=False)
    backstage.client("dynamodb", region).create_table(
        TableName=table,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in kinds],
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": kind} for key, kind in keys.items()
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return table


def build_database(name: str, sites: dict[SiteName, Site]) -> Database:
    home, away = SiteName.HOME, SiteName.AWAY
    names = {site: naming.instance(ZONE, name, site, 1) for site in SiteName}
    primary = backstage.client("rds", REGIONS[home]).create_db_instance(
        DBInstanceIdentifier=names[home],
        DBInstanceClass="db.m7g.large",
        Engine="postgres",
        EngineVersion="16.4",
        AllocatedStorage=100,
        MasterUsername="platform",
        MasterUserPassword="correct-horse",
        BackupRetentionPeriod=7,
        DBSubnetGroupName=sites[home].subnet_group,
        VpcSecurityGroupIds=[sites[home].database_security_group],
        Tags=tag_list(home, name),
    )["DBInstance"]
    replica = backstage.client("rds", REGIONS[away]).create_db_instance_read_replica(
        DBInstanceIdentifier=names[away],
        SourceDBInstanceIdentifier=primary["DBInstanceArn"],
        DBInstanceClass="db.m7g.large",
        DBSubnetGroupName=sites[away].subnet_group,
        VpcSecurityGroupIds=[sites[away].database_security_group],
        Tags=tag_list(away, name),
    )["DBInstance"]
    arns = {home: primary["DBInstanceArn"], away: replica["DBInstanceArn"]}
    return Database(
        name=name,
        priority=1,
        engine="postgres",
        engine_version="16.4",
        port=PORT,
        storage_gb=100,
        backup_retention_days=7,
        backup_window="03:00-03:30",
        members={
            site: Member(
                names[site], arns[site], "address", "group", "db.m7g.large", multi_az=False
            )
            for site in SiteName
        },
    )


def tag_list(site: SiteName, database: str) -> list[dict[str, str]]:
    tags = naming.tags(ZONE, site, database)
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def build_records(sites: dict[SiteName, Site], witness: Witness) -> Traffic:
    route53 = backstage.client("route53", "us-east-1")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    away, latch = sites[SiteName.AWAY], sites[SiteName.AWAY].latch
    at_away, at_witness = (latch.bucket, away.region), (witness.bucket, witness.region)
    closed, again = (
        build_check(route53, at_away, latch.closed_key, reference, Inverted=True)
        for reference in ("closed", "closed again")
    )
    opened = build_check(route53, at_away, latch.open_key, "opened")
    text = {"Type": "HTTPS_STR_MATCH", "SearchString": naming.WARRANTED}
    warrants = [
        build_check(route53, where, latch.warrant_key, where[0], **text)
        for where in (at_away, at_witness)
    ]
    children = [closed, again, *warrants]
    counted = {"Type": "CALCULATED", "ChildHealthChecks": children, "HealthThreshold": 3}
    serves = route53.create_health_check(CallerReference="serves", HealthCheckConfig=counted)
    fronts = sites[SiteName.HOME].hosting.load_balancer, away.hosting.load_balancer
    rows = [
        (f"standby.{NAME}", "PRIMARY", fronts[1], opened),
        (f"standby.{NAME}", "SECONDARY", away.hosting.holding_page, None),
        (NAME, "PRIMARY", fronts[0], serves["HealthCheck"]["Id"]),
        (NAME, "SECONDARY", f"standby.{NAME}", None),
    ]
    for row in rows:
        change = {"Action": "CREATE", "ResourceRecordSet": record(zone, *row)}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
    return Traffic(NAME, zone, ttl_s=60, check_interval_s=10, failure_threshold=3)


def build_check(route53: Any, where: tuple[str, str], key: str, name: str, **more: object) -> str:  # noqa: ANN401 - a boto3 client
    host = f"{where[0]}.s3.{where[1]}.amazonaws.com"
    told = {"Type": "HTTPS", "FullyQualifiedDomainName": host, "ResourcePath": f"/{key}"}
    pace = {"Port": 443, "RequestInterval": 10, "FailureThreshold": 3}
    reply = route53.create_health_check(
        CallerReference=name, HealthCheckConfig={**told, **pace, **more}
    )
    return str(reply["HealthCheck"]["Id"])


def record(zone: str, name: str, role: str, target: str, check: str | None) -> dict[str, Any]:
    alias_zone = zone.rsplit("/", 1)[-1]
    if target.endswith("amazonaws.com"):
        alias_zone = balancer_zone(target)
    found = {
        "Name": name,
        "Type": "A",
        "SetIdentifier": f"{name} {role}",
        "Failover": role,
        "AliasTarget": {
            "HostedZoneId": alias_zone,
            "DNSName": target,
            "EvaluateTargetHealth": False,
        },
    }
    return found if check is None else {**found, "HealthCheckId": check}


def balancer_zone(dns_name: str) -> str:
    region = dns_name.split(".")[1]
    balancers = backstage.client("elbv2", region).describe_load_balancers()["LoadBalancers"]
    return next(str(b["CanonicalHostedZoneId"]) for b in balancers if b["DNSName"] == dns_name)
