"""Whatever goes wrong with the reading, deleting stays forbidden."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from backup import standing
from backup.hold_rules import HoldState, Standing
from cloud.clients import Clients
from cloud.door import Cloud
from continuity.manifest import Manifest, Site
from continuity.zone import SiteName
from simulator.clock import VirtualClock, VirtualWorkers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


class Far(Clients):
    """One client, whose every answer is this item or error; a lax read finds nothing yet."""

    def __init__(self, outcome: dict[str, Any] | Exception | None) -> None:
        self.outcome = outcome

    def of(self, *_: object) -> Any:  # noqa: ANN401 - stands for a boto3 client
        return self

    def get_item(self, **asked: object) -> dict[str, Any]:
        if asked.get("ConsistentRead") is not True:
            return {}
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return {"Item": self.outcome} if self.outcome else {}


def standing_by(outcome: dict[str, Any] | Exception | None) -> Standing:
    """Return what a zone is taken for, of which both tables answer like this."""
    sites = {}
    for name, region in zip(SiteName, ("eu-west-1", "eu-central-1"), strict=True):
        sites[name] = object.__new__(Site)
        sites[name].__dict__.update(region=region, lease_table="lease")
    manifest = object.__new__(Manifest)
    manifest.__dict__.update(sites=sites)
    clock = VirtualClock(NOW)
    return standing.read(Cloud(clock, VirtualWorkers(clock, 1), clients=Far(outcome)), manifest)


@pytest.mark.parametrize(
    "outcome",
    [
        ClientError({"Error": {"Code": "AccessDenied"}}, "GetItem"),
        ClientError({"Error": {"Code": "Throttling"}}, "GetItem"),
        ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetItem"),
        EndpointConnectionError(endpoint_url="https://simulated"),
        NoCredentialsError(),
        {"name": {"S": "hold"}, "hold:x": {"S": "not json"}},
        {"name": {"S": "hold"}, "hold:x": {"S": '{"reason": "r", "since": "never"}'}},
        {"name": {"S": "hold"}, "hold:x": {"S": "[]"}},
        {"name": {"S": "hold"}, "hold:x": {"S": "{}"}},
        {"name": {"S": "hold"}, "hold:x": {"N": "1"}},
        {"name": {"S": "hold"}, "hold:x": {"BOOL": True}},
        {"name": {"S": "hold"}, "released:x": {"S": "{}"}},
    ],
)
def test_what_cannot_be_read_is_held(outcome: dict[str, Any] | Exception) -> None:
    found = standing_by(outcome)
    assert set(found.unreadable) == {"eu-west-1", "eu-central-1"}
    assert found.state(NOW) is HoldState.HELD


@pytest.mark.parametrize("item", [None, {"name": {"S": "hold"}}])
def test_only_a_clear_answer_without_holds_lifts_it(item: dict[str, Any] | None) -> None:
    assert standing_by(item).state(NOW) is HoldState.NORMAL
