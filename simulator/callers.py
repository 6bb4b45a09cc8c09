"""Who calls: people and programs take a role before they act, as they would in AWS.

A drill signs the operator in; `simulator.corrections` ask `principal` where a policy names callers.
"""

import os
from dataclasses import dataclass

from moto.core import DEFAULT_ACCOUNT_ID
from moto.sts.models import sts_backends

from simulator.backstage import client
from simulator.transport import access_key
from simulator.world import World

_KNOWN = "_holdfast_roles"
_ROOT = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"


@dataclass(frozen=True)
class Credentials:
    """What a caller signs with, as the environment variables of every AWS tool."""

    access_key: str
    secret_key: str
    token: str

    def environment(self) -> dict[str, str]:
        """Return the variables that make a process act as this caller."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_SESSION_TOKEN": self.token,
        }


def credentials(world: World, role: str, session: str, region: str) -> Credentials:
    """Take a role, by name, for a session that names the person."""
    with world.instantly():
        taken = client("sts", region).assume_role(
            RoleArn=f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{role}", RoleSessionName=session
        )["Credentials"]
    return Credentials(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"])


def sign_in(world: World, role: str, session: str, region: str) -> None:
    """Take a role, by name: clients made from now on in this world act as it."""
    os.environ.update(credentials(world, role, session, region).environment())


@dataclass(frozen=True)
class Role:
    """The role that somebody signed in as: its ARN, and that of the session."""

    arn: str
    session: str


def role() -> Role | None:
    """Return the role behind the call that is being answered; None for the account itself."""
    key, backend = access_key(), sts_backends[DEFAULT_ACCOUNT_ID]["aws"]
    known: dict[str, Role] = vars(backend).setdefault(_KNOWN, {})
    if key in known:
        return known[key]
    for taken in backend.assumed_roles:
        if taken.access_key_id == key:
            return known.setdefault(str(key), Role(str(taken.role_arn), str(taken.arn)))
    return None


def principal() -> str:
    """Return the ARN of the role behind the call that is being answered, or the account's."""
    found = role()
    return _ROOT if found is None else found.arn
