"""SimulatePrincipalPolicy, which plain moto lacks, and the evaluation behind it."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from simulator.attempt import NotSimulated
from simulator.backstage import client
from simulator.callers import sign_in
from simulator.rights.judge import enforce
from simulator.rights.tags import tags_of
from simulator.role_policies import decide
from simulator.world import ACCOUNT, World

ROLE = f"arn:aws:iam::{ACCOUNT}:role/someone"
ONE, OTHER = "arn:aws:s3:::bucket/one", "arn:aws:s3:::bucket/other"


def policy(*statements: tuple[str, str, str]) -> str:
    rows = [
        {"Effect": effect, "Action": [action], "Resource": resource}
        for effect, action, resource in statements
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": rows})


def make_role(text: str) -> None:
    iam = client("iam", "us-east-1")
    trust = {"Version": "2012-10-17", "Statement": []}
    iam.create_role(RoleName="someone", AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName="someone", PolicyName="its", PolicyDocument=text)


def verdicts(*resources: str) -> dict[str, str]:
    reply = client("iam", "us-east-1").simulate_principal_policy(
        PolicySourceArn=ROLE,
        ActionNames=["s3:GetObject", "s3:PutObject"],
        ResourceArns=list(resources),
    )
    return {row["EvalActionName"]: row["EvalDecision"] for row in reply["EvaluationResults"]}


def test_plain_moto_cannot_say() -> None:
    with World(seed=1, corrected=False):
        make_role(policy(("Allow", "s3:GetObject", ONE)))
        with pytest.raises(NotSimulated):
            verdicts(ONE)


def test_the_worst_of_all_resources_counts() -> None:
    with World(seed=1):
        make_role(policy(("Allow", "s3:GetObject", ONE)))
        assert verdicts(ONE) == {"s3:GetObject": "allowed", "s3:PutObject": "implicitDeny"}
        assert verdicts(ONE, OTHER)["s3:GetObject"] == "implicitDeny"


def test_a_role_that_is_not_there_is_no_answer() -> None:
    with World(seed=1), pytest.raises(ClientError, match="NoSuchEntity"):
        verdicts(ONE)


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ((), "implicitDeny"),
        ((("Allow", "s3:*", "arn:aws:s3:::bucket/*"),), "allowed"),
        ((("Allow", "S3:getobject", "*"),), "allowed"),
        ((("Allow", "s3:*", "*"), ("Deny", "s3:Get*", ONE)), "explicitDeny"),
        ((("Allow", "s3:*", "*"), ("Deny", "s3:Get*", OTHER)), "allowed"),
        ((("Allow", "s3:GetObject", "arn:aws:s3:::BUCKET/*"),), "implicitDeny"),
    ],
)
def test_nothing_is_allowed_until_it_is_and_a_denial_wins(
    statements: tuple[tuple[str, str, str], ...], verdict: str
) -> None:
    assert decide([policy(*statements)], "s3:GetObject", ONE) == verdict


def test_calls_are_judged_only_where_iam_is_enforced() -> None:
    with World(seed=1) as world:
        make_role(policy(("Allow", "s3:GetObject", ONE)))
        sign_in(world, "someone", "test", "eu-central-1")
        s3 = boto3.session.Session().client("s3", region_name="eu-central-1")
        s3.create_bucket(
            Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        s3.put_object(Bucket="bucket", Key="other", Body=b"")
        s3.put_object(Bucket="bucket", Key="one", Body=b"")
        enforce(world)
        assert s3.get_object(Bucket="bucket", Key="one")["ContentLength"] == 0
        with pytest.raises(
            ClientError, match="not authorized to perform: s3:GetObject on resource"
        ):
            s3.get_object(Bucket="bucket", Key="other")


def test_within_an_account_a_buckets_own_policy_may_allow_what_the_roles_does_not() -> None:
    with World(seed=1) as world:
        make_role(policy(("Allow", "s3:GetObject", ONE)))
        s3 = client("s3", "us-east-1")
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="other", Body=b"")
        open_to_role = {
            "Effect": "Allow",
            "Principal": {"AWS": ROLE},
            "Action": "s3:GetObject",
            "Resource": OTHER,
        }
        text = json.dumps({"Version": "2012-10-17", "Statement": [open_to_role]})
        s3.put_bucket_policy(Bucket="bucket", Policy=text)
        enforce(world)
        sign_in(world, "someone", "test", "us-east-1")
        signed = boto3.session.Session().client("s3", region_name="us-east-1")
        assert signed.get_object(Bucket="bucket", Key="other")["ContentLength"] == 0


def make_table(name: str, **more: object) -> None:
    client("dynamodb", "eu-central-1").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )


def test_a_table_under_a_key_of_ours_asks_for_the_key_too() -> None:
    with World(seed=1) as world:
        key = client("kms", "eu-central-1").create_key()["KeyMetadata"]["Arn"]
        make_table("plain")
        make_table(
            "ours", SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
        )
        make_role(policy(("Allow", "dynamodb:GetItem", "*")))
        enforce(world)
        sign_in(world, "someone", "test", "eu-central-1")
        dynamodb = boto3.session.Session().client("dynamodb", region_name="eu-central-1")
        wanted = {"name": {"S": "x"}}
        assert "Item" not in dynamodb.get_item(TableName="plain", Key=wanted)
        with pytest.raises(ClientError, match="not authorized to perform: kms:Decrypt"):
            dynamodb.get_item(TableName="ours", Key=wanted)


def test_moto_alone_lets_a_role_do_what_nobody_granted() -> None:
    with World(seed=1, corrected=False) as world:
        make_role(policy(("Allow", "s3:GetObject", ONE)))
        sign_in(world, "someone", "test", "us-east-1")
        rds = boto3.session.Session().client("rds", region_name="us-east-1")
        assert rds.describe_db_instances()["DBInstances"] == []


def test_a_condition_is_an_error_and_not_a_guess() -> None:
    text = json.dumps(
        {
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            }
        }
    )
    with pytest.raises(NotSimulated, match="Condition Bool on aws:MultiFactorAuthPresent"):
        decide([text], "s3:GetObject", ONE)


def guarded_by(operator: str, value: str) -> str:
    condition = {operator: {"aws:ResourceTag/hold": value}}
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition}
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return json.dumps({"Statement": [allow, deny]})


@pytest.mark.parametrize(
    ("operator", "value", "tags", "verdict"),
    [
        ("Null", "false", {"hold": ""}, "explicitDeny"),
        ("Null", "false", {}, "allowed"),
        ("Null", "true", {}, "explicitDeny"),
        ("StringEquals", "yes", {"hold": "yes"}, "explicitDeny"),
        ("StringEquals", "yes", {"hold": "no"}, "allowed"),
        ("StringEquals", "yes", {}, "allowed"),
    ],
)
def test_a_condition_on_tags_is_one_on_what_is_touched(
    operator: str, value: str, tags: dict[str, str], verdict: str
) -> None:
    text = guarded_by(operator, value)
    assert decide([text], "s3:GetObject", ONE, lambda: tags) == verdict


def test_tags_that_nobody_keeps_here_are_an_error_and_not_none() -> None:
    with pytest.raises(NotSimulated, match="the tags of arn:aws:s3"):
        tags_of("arn:aws:s3:::bucket/key")


def test_a_gap_of_the_simulator_met_inside_a_call_names_the_call() -> None:
    boundary = "arn:aws:iam::123456789012:policy/none"
    with World(seed=1) as world:
        iam = boto3.session.Session().client("iam", region_name="us-east-1")
        with world.instantly():
            made = iam.create_role(
                RoleName="bounded", AssumeRolePolicyDocument="{}", PermissionsBoundary=boundary
            )
        with pytest.raises(NotSimulated, match=r"SimulatePrincipalPolicy: .*boundary"):
            iam.simulate_principal_policy(
                PolicySourceArn=made["Role"]["Arn"], ActionNames=["s3:GetObject"]
            )
