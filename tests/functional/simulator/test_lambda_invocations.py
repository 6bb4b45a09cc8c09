"""Functions run their own code in a world, and a restored database keeps its users."""

import io
import json
import zipfile
from typing import Any

import pytest
from moto.core import config

from continuity.permissions import ASK_PROBER
from simulator import backstage, inside
from simulator.world import World

REGION = "eu-west-1"


def function(handler: str) -> Any:  # noqa: ANN401 - a boto3 client
    """Declare a function, and return the client that invokes it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("app.py", "def run(event, _): return 7\n")
    trust = {"Version": "2012-10-17", "Statement": []}
    role = backstage.client("iam", REGION).create_role(
        RoleName="runs", AssumeRolePolicyDocument=json.dumps(trust)
    )["Role"]["Arn"]
    client = backstage.client("lambda", REGION)
    client.create_function(
        FunctionName="it", Runtime="python3.13", Handler=handler, Role=role,
        Code={"ZipFile": packed.getvalue()},
    )  # fmt: skip
    return client


def test_without_containers_moto_says_that_all_is_well_and_runs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(config.default_user_config["lambda"], "use_docker", False)
    with World(1, corrected=False):
        reply = function("nobody.knows").invoke(FunctionName="it", Payload=b"{}")
        assert "FunctionError" not in reply


def test_code_that_nobody_knows_fails_and_runs_nothing() -> None:
    with World(1):
        reply = function("app.run").invoke(FunctionName="it", Payload=b"{}")
    assert reply["FunctionError"] == "Unhandled"
    assert json.loads(reply["Payload"].read())["errorType"] == "Runtime.ImportModuleError"


def test_an_event_is_answered_before_it_has_run() -> None:
    event = {
        "scratch": "one", "table": "lease", "secret": "orders", "host": "nowhere", "port": 5432,
        "user": "u", "database": "d", "checks": [],
    }  # fmt: skip
    with World(1) as world:
        dynamodb = backstage.client("dynamodb", REGION)
        dynamodb.create_table(
            TableName="lease",
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        backstage.client("secretsmanager", REGION).create_secret(Name="orders", SecretString="x")
        reply = function("backup.prober.run").invoke(
            FunctionName="it", InvocationType="Event", Payload=json.dumps(event).encode()
        )
        assert reply["StatusCode"] == 202
        assert not inside.table_items(REGION, "lease")
        world.clock.sleep(60)
        [item] = dynamodb.scan(TableName="lease")["Items"]
    assert "could not translate host name" in json.loads(item["one"]["S"])["error"]
    assert ASK_PROBER.action == "lambda:InvokeFunction"


def test_a_restored_database_has_the_users_of_its_source() -> None:
    word = "correct-horse"
    with World(1) as world, world.instantly():
        rds = backstage.client("rds", REGION)
        rds.create_db_instance(
            DBInstanceIdentifier="orders", DBInstanceClass="db.m7g.large", Engine="postgres",
            AllocatedStorage=20, MasterUsername="holdfast", MasterUserPassword=word,
        )  # fmt: skip
        rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="orders-1")
        rds.restore_db_instance_from_db_snapshot(
            DBInstanceIdentifier="again", DBSnapshotIdentifier="orders-1"
        )
        restored = inside.instance(REGION, "again")
        assert restored is not None
        assert restored._master_user_password == word
