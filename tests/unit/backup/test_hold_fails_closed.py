"""Whatever goes wrong with the reading, deleting stays forbidden."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from backup import hold
from cloud.clients import Clients
from cloud.door import Cloud, Door
from simulator.clock import VirtualClock, VirtualWorkers


class Far(Clients):
    """One client for all, whose every answer is this item or error."""

    def __init__(self, outcome: dict[str, Any] | Exception | None) -> None:
        self.outcome = outcome

    def of(self, *_: object) -> Any:  # noqa: ANN401 - stands for a boto3 client
        return self

    def get_item(self, **_: object) -> dict[str, Any]:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return {"Item": self.outcome} if self.outcome else {}


def door_to(outcome: dict[str, Any] | Exception | None) -> Door:
    clock = VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))
    return Cloud(clock, VirtualWorkers(clock, 1), clients=Far(outcome)).at("eu-central-1")


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
        {"name": {"S": "hold"}, "hold:x": {"BOOL": True}},
    ],
)
def test_what_cannot_be_read_is_held(outcome: dict[str, Any] | Exception) -> None:
    assert hold.is_held(door_to(outcome), "lease")


@pytest.mark.parametrize("item", [None, {"name": {"S": "hold"}}])
def test_only_a_clear_answer_without_holds_lifts_it(item: dict[str, Any] | None) -> None:
    assert not hold.is_held(door_to(item), "lease")
