"""The simulator's own hands: boto3 clients whose calls take no time, never fail and leave no trace.

Pulumi handlers, traffic, truth and corrections use them to arrange and to look. The engine must
never get one. The only home of boto3 clients in the simulator.
"""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from simulator.transport import BACKSTAGE
from simulator.world import current

_CONFIG = Config(user_agent_extra=BACKSTAGE, retries={"mode": "standard", "total_max_attempts": 1})


def client(service: str, region: str) -> Any:  # noqa: ANN401 - boto3's clients have no common type
    """Return the client for a service in a region. Only inside a world."""
    current()
    return _made(service, region)


@cache
def _session() -> boto3.Session:
    """Return one session for all worlds: it keeps the service models that it has read."""
    return boto3.Session(aws_access_key_id="backstage", aws_secret_access_key="backstage")  # noqa: S106 - moto asks for some words


@cache
def _made(service: str, region: str) -> Any:  # noqa: ANN401 - as above
    return _session().client(service, region_name=region, config=_CONFIG)  # type: ignore[call-overload]
