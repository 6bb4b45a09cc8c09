"""The real door on moto, with a wire that can lose, delay or refuse single calls."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from moto import mock_aws

from cloud.clients import Clients, Reach
from cloud.door import Cloud, Door
from simulator.clock import VirtualClock, VirtualWorkers

REGION = "eu-central-1"
STATUS = {"AccessDenied": 403, "ServiceUnavailable": 503}


class Wire:
    """What becomes of the next calls of an operation, in order; afterwards all is well.

    `lost reply`: moto acts, the answer never comes. `timeout` and `no connection`: it never
    acts. Anything else is the error code that AWS answers with.
    """

    def __init__(self) -> None:
        self.plan: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def fail(self, operation: str, *kinds: str, message: str = "simulated") -> None:
        self.plan[operation] += [(kind, message) for kind in kinds]

    def before(self, model: Any, **_: object) -> tuple[object, Mapping[str, Any]] | None:  # noqa: ANN401 - botocore's operation model
        planned = self.plan[model.name]
        if not planned or planned[0][0] == "lost reply":
            return None
        kind, message = planned.pop(0)
        if kind == "timeout":
            raise ReadTimeoutError(endpoint_url="https://simulated")
        if kind == "no connection":
            raise ConnectTimeoutError(endpoint_url="https://simulated")
        return _refusal(kind, message)

    def after(self, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's operation model
        planned = self.plan[model.name]
        if planned and planned[0][0] == "lost reply":
            planned.pop(0)
            raise ReadTimeoutError(endpoint_url="https://simulated")


class _Answer:
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


def _refusal(code: str, message: str) -> tuple[object, Mapping[str, Any]]:
    status = STATUS.get(code, 400)
    error = {"Code": code, "Message": message}
    return _Answer(status), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}


class WiredClients(Clients):
    """The real clients, each on the wire."""

    def __init__(self, wire: Wire, scenery: Clients) -> None:
        super().__init__()
        self.wire = wire
        self._session = scenery._session  # it has read botocore's service models already

    def of(self, service: str, region: str, reach: Reach = Reach.HEALTHY) -> BaseClient:
        client = super().of(service, region, reach)
        client.meta.events.register("before-call", self.wire.before, unique_id="before")
        client.meta.events.register("after-call", self.wire.after, unique_id="after")
        return client


@pytest.fixture(scope="session")
def credentials() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "simulated")
        patch.delenv("AWS_PROFILE", raising=False)
        patch.setenv("MOTO_RDS_SNAPSHOT_LIMIT", "1000000")
        yield


@pytest.fixture(autouse=True)
def _aws(credentials: None) -> Iterator[None]:  # noqa: ARG001 - before any client
    with mock_aws():
        yield


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def fail(wire: Wire) -> Callable[..., None]:
    """Plan what goes wrong: `fail("PutItem", "lost reply", "Throttling")`."""
    return wire.fail


@pytest.fixture
def cloud(wire: Wire, scenery: Clients) -> Cloud:
    clock = VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))
    return Cloud(clock, VirtualWorkers(clock, 4), clients=WiredClients(wire, scenery))


@pytest.fixture
def door(cloud: Cloud) -> Door:
    return cloud.at(REGION)


@pytest.fixture(scope="session")
def scenery(credentials: None) -> Clients:  # noqa: ARG001 - before any client
    return Clients()


@pytest.fixture
def backstage(scenery: Clients) -> Callable[..., Any]:
    """Return clients that set the scene without being counted, limited or wired."""

    def client(service: str, region: str = REGION) -> BaseClient:
        return scenery.of(service, region)

    return client


@pytest.fixture
def tables(backstage: Callable[..., Any]) -> None:
    """A lease table and a journal table, as the program declares them."""
    dynamodb = backstage("dynamodb")
    _table(dynamodb, "lease", [("name", "S", "HASH")])
    _table(dynamodb, "journal", [("run", "S", "HASH"), ("sequence", "N", "RANGE")])


def _table(dynamodb: Any, name: str, keys: list[tuple[str, str, str]]) -> None:  # noqa: ANN401 - a boto3 client
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": role} for key, _, role in keys],
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": kind} for key, kind, _ in keys
        ],
        BillingMode="PAY_PER_REQUEST",
    )
