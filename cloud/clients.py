"""boto3 clients, the only ones of run time: explicit region and timeouts, no hidden retries.

`door` asks for them and does the retrying itself, on our clock; botocore's own would sleep on
the machine's and stop by attempts.
"""

import threading
from enum import Enum
from functools import cache
from importlib.metadata import version
from typing import Any, cast

import boto3.session
import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from botocore.loaders import Loader


class Reach(Enum):
    """How long a region may keep us waiting: seconds to connect, to answer, and to try again."""

    HEALTHY = (3.0, 20.0, 15.0)
    IMPAIRED = (2.0, 3.0, 0.0)

    @property
    def connect_s(self) -> float:
        """Return the seconds for a connection to one address of the endpoint."""
        return self.value[0]

    @property
    def read_s(self) -> float:
        """Return the seconds without a byte of the answer."""
        return self.value[1]

    @property
    def patience_s(self) -> float:
        """Return the seconds after which nothing is tried again; 0 means one attempt."""
        return self.value[2]


class Clients:
    """Makes each client once; safe between threads, which boto3's sessions are not.

    `credentials` are access key, secret key and token; without them botocore finds some.
    """

    def __init__(self, *, pool: int = 16, credentials: tuple[str, str, str] | None = None) -> None:
        session = botocore.session.Session()
        if credentials is not None:
            session.set_credentials(*credentials)
        session.register_component("data_loader", _service_models())
        session.set_config_variable("sts_regional_endpoints", "regional")
        session.set_config_variable("defaults_mode", "legacy")
        self._session = boto3.session.Session(botocore_session=session)
        self._pool = pool
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str, Reach], BaseClient] = {}

    def of(self, service: str, region: str, reach: Reach = Reach.HEALTHY) -> BaseClient:
        """Return the client of a service in a region."""
        with self._lock:
            key = (service, region, reach)
            if key not in self._made:
                # The stubs know one overload per service literal; the service is data here.
                create = cast("Any", self._session.client)
                self._made[key] = create(
                    service, region_name=region, config=_config(reach, self._pool)
                )
            return self._made[key]


@cache
def _service_models() -> Loader:
    """Return one reader of AWS's service models: parsing EC2's alone takes 100 ms."""
    return cast("Loader", botocore.session.Session().get_component("data_loader"))


def _config(reach: Reach, pool: int) -> Config:
    """Say everything that the environment or a profile could otherwise change."""
    return Config(
        connect_timeout=reach.connect_s,
        read_timeout=reach.read_s,
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=pool,
        tcp_keepalive=True,
        user_agent_extra=f"holdfast/{version('holdfast')}",
    )
