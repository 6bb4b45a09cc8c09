"""The sites and databases of the small zone, built call by call.

`conftest.py` loads it by its path: tests are no package.
"""

import json
from collections.abc import Sequence
from typing import Any

from continuity import addresses, naming
from continuity.manifest import Database, Hosting, Latch, Member, Site
from continuity.zone import SiteName
from simulator import backstage
from simulator.world import ACCOUNT

ZONE = "we1"
REGIONS = {SiteName.HOME: "eu-west-1", SiteName.AWAY: "eu-central-1"}
PORT, DATABASES = 5432, ("orders", "billing")


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
