"""Who calls: people and programs take a role before they act, as they would in AWS.

A drill signs the operator in; `simulator.corrections` ask `principal` where a policy names callers.
"""

import os

from moto.core import DEFAULT_ACCOUNT_ID
from moto.sts.models import sts_backends

from simulator.backstage import client
from simulator.transport import access_key
from simulator.world import World

_ROOT = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"


def sign_in(world: World, role: str, session: str, region: str) -> None:
    """Take a role, by name: clients made from now on in this world act as it."""
    with world.instantly():
        taken = client("sts", region).assume_role(
            RoleArn=f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{role}", RoleSessionName=session
        )["Credentials"]
    os.environ["AWS_ACCESS_KEY_ID"] = taken["AccessKeyId"]
    os.environ["AWS_SECRET_ACCESS_KEY"] = taken["SecretAccessKey"]
    os.environ["AWS_SESSION_TOKEN"] = taken["SessionToken"]


def principal() -> str:
    """Return the ARN of the role behind the call that is being answered, or the account's."""
    key = access_key()
    for role in sts_backends[DEFAULT_ACCOUNT_ID]["aws"].assumed_roles:
        if role.access_key_id == key:
            return str(role.role_arn)
    return _ROOT
