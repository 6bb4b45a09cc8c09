"""A lease table on moto, and the real door to it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from moto import mock_aws

from cloud.door import Cloud, Door
from simulator.clock import VirtualClock, VirtualWorkers


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "simulated")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    clock = VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))
    with mock_aws():
        door = Cloud(clock, VirtualWorkers(clock, 4)).at("eu-central-1")
        door.change(
            "dynamodb",
            "CreateTable",
            TableName="lease",
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield door
