"""Every type of resource lives its life in the simulated world: made, kept, changed, deleted."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from simulator.backstage import client
from simulator.preview import loses_database
from simulator.program import Outcome, run_inline
from simulator.resources.table import HANDLERS
from simulator.world import World

HOME, AWAY = "eu-west-1", "eu-central-1"
Every = Callable[..., Callable[[], None]]
UNCHANGEABLE = {
    # nothing in them can be changed in place, or the program leaves it alone
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:kms/alias:Alias",
    "aws:acm/certificateValidation:CertificateValidation",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "aws:route53/record:Record",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    ("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
    "aws:backup/selection:Selection",
    "aws:efs/replicationConfiguration:ReplicationConfiguration",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:lambda/permission:Permission",
    "aws:sns/topicSubscription:TopicSubscription",
}


def counts(outcome: Outcome) -> Counter[str]:
    return Counter(str(change.operation) for change in outcome.changes)


def database(region: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = client("rds", region).describe_db_instances()["DBInstances"]
    return found[0]


def test_the_program_of_this_test_has_every_type_that_has_a_handler(every_type: Every) -> None:
    outcome = run_inline(every_type(), preview=True)
    assert {resource.type for resource in outcome.resources} == set(HANDLERS)


def test_every_type_is_made_kept_changed_and_deleted(world: World, every_type: Every) -> None:
    with world.instantly():
        made = run_inline(every_type())
        assert set(counts(made)) == {"create"}
        kept = run_inline(every_type(), state=made.state)
        assert set(counts(kept)) == {"same"}
        changed = run_inline(every_type(word="two"), state=kept.state)
        settled = run_inline(every_type(word="two"), state=changed.state)
        assert set(counts(settled)) == {"same"}
        _assert_changed(changed)
        gone = run_inline(lambda: None, state=settled.state)
    assert set(counts(gone)) == {"delete"}
    assert gone.state.resources == ()
    _assert_gone()


def _assert_changed(changed: Outcome) -> None:
    assert set(counts(changed)) == {"update", "same"}
    same = {change.type for change in changed.changes if change.operation == "same"}
    assert same == UNCHANGEABLE
    (vpc,) = client("ec2", HOME).describe_vpcs(Filters=[{"Name": "tag:word", "Values": ["two"]}])[
        "Vpcs"
    ]
    assert vpc["CidrBlock"] == "10.0.0.0/16"
    assert client("iam", "us-east-1").get_role(RoleName="role")["Role"]["Description"] == "two"
    body = client("s3", HOME).get_object(Bucket="bucket", Key="object.json")["Body"].read()
    assert body == b"two"
    backups = client("dynamodb", HOME).describe_continuous_backups(TableName="table")
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "DISABLED"
    tagged = {tag["Key"]: tag["Value"] for tag in database(HOME)["TagList"]}
    assert tagged == {"word": "two"}


def _assert_gone() -> None:
    for region in (HOME, AWAY):
        ec2, rds = client("ec2", region), client("rds", region)
        assert [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
        assert ec2.describe_flow_logs()["FlowLogs"] == []
        endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
        assert {endpoint["State"] for endpoint in endpoints} <= {"deleted"}
        assert rds.describe_db_instances()["DBInstances"] == []
        assert rds.describe_db_subnet_groups()["DBSubnetGroups"] == []
        groups = client("logs", region).describe_log_groups()["logGroups"]
        # RDS makes the group of an instance's log by itself, and deletes it with nothing.
        assert [one for one in groups if not one["logGroupName"].startswith("/aws/rds/")] == []
        aliases = [row["AliasName"] for row in client("kms", region).list_aliases()["Aliases"]]
        assert [name for name in aliases if not name.startswith("alias/aws/")] == []
    assert client("s3", HOME).list_buckets()["Buckets"] == []
    assert client("dynamodb", HOME).list_tables()["TableNames"] == []
    assert client("elbv2", HOME).describe_load_balancers()["LoadBalancers"] == []
    assert client("elbv2", HOME).describe_target_groups()["TargetGroups"] == []
    assert client("ecr", HOME).describe_repositories()["repositories"] == []
    assert client("acm", HOME).list_certificates()["CertificateSummaryList"] == []
    assert client("iam", "us-east-1").list_roles()["Roles"] == []
    assert client("route53", "us-east-1").list_hosted_zones()["HostedZones"] == []
    assert client("route53", "us-east-1").list_health_checks()["HealthChecks"] == []
    final = client("rds", HOME).describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert [one["DBSnapshotIdentifier"] for one in final] == ["orders-final"]


def test_a_replica_is_of_its_own_region_and_names_its_source(
    world: World, every_type: Every
) -> None:
    with world.instantly():
        outcome = run_inline(every_type())
    replica, primary = database(AWAY), database(HOME)
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == primary["DBInstanceArn"]
    assert primary["ReadReplicaDBInstanceIdentifiers"] == [replica["DBInstanceArn"]]
    assert replica["KmsKeyId"].split(":")[3] == AWAY
    assert replica["BackupRetentionPeriod"] == 0
    assert replica["DBParameterGroups"] == [
        {"DBParameterGroupName": "parameters", "ParameterApplyStatus": "in-sync"}
    ]
    assert outcome.exports == {"primary": primary["DBInstanceArn"]}


def test_another_class_updates_and_another_engine_replaces_the_database(
    world: World, every_type: Every
) -> None:
    with world.instantly():
        state = run_inline(every_type()).state
        bigger = every_type(instance_class="db.r6g.xlarge")
        outcome = run_inline(bigger, state=state)
        assert counts(outcome)["update"] == 2
        assert set(counts(outcome)) == {"update", "same"}
        assert database(HOME)["DBInstanceClass"] == "db.r6g.xlarge"
    other = every_type(instance_class="db.r6g.xlarge", engine="mysql")
    preview = run_inline(other, state=outcome.state, preview=True)
    lost = {change.name: change.replacing for change in preview.changes if loses_database(change)}
    assert lost["eu-west-1-database"] == ("engine",)
    assert "eu-central-1-database" in lost
