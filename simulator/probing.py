"""What the prober finds in a world: it gets in where the network lets it, and reads true content.

`corrections.lambda_invocations` runs it. The questions and the form of the answers are
`backup.prober`'s own; in the place of the driver stands `simulator.postgres`.
"""

import json
from collections.abc import Mapping
from typing import Any

from moto.awslambda.models import LambdaFunction

from backup import answers, prober
from cloud.postgres import NoAnswer, Way
from simulator import backstage, inside
from simulator.postgres import Session
from simulator.world import current

Event = Mapping[str, Any]


def run(function: LambdaFunction, event: Event) -> None:
    """Ask what the event says, and answer in the controller table."""
    region = str(function.region)

    def connect(way: Way) -> Session:
        return Session(current(), _reached(function, way))

    secrets = backstage.client("secretsmanager", region)
    password = secrets.get_secret_value(SecretId=event["secret"])["SecretString"]
    found = prober.questioned(current().clock, event, password, connect)
    backstage.client("dynamodb", region).update_item(
        TableName=event["table"],
        Key={"name": {"S": answers.KEY}},
        UpdateExpression="SET #scratch = :body",
        ExpressionAttributeNames={"#scratch": event["scratch"]},
        ExpressionAttributeValues={":body": {"S": json.dumps(found)}},
    )


def _reached(function: LambdaFunction, way: Way) -> Any:  # noqa: ANN401 - a moto DBInstance
    """Return the instance behind an address, if the network and the password let the prober in."""
    instance = next((one for one in inside.all_instances() if one.address == way.host), None)
    if instance is None or instance.status not in inside.CONNECTABLE:
        raise NoAnswer(f'could not translate host name "{way.host}" to address')
    groups = list(instance.vpc_security_group_ids)
    mine = (function.vpc_config or {}).get("SecurityGroupIds", [])
    if not any(inside.admits(instance.region, groups, one, way.port) for one in mine):
        raise NoAnswer(f'connection to server at "{way.host}" failed: timeout expired')
    if instance._master_user_password not in {way.password, None}:  # moto's replicas have none
        raise NoAnswer(f'password authentication failed for user "{way.user}"', "28P01")
    return instance
