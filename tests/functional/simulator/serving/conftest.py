"""A served zone that lives, an hour before its midnight, over real sockets in this process."""

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from cloud.system_clock import SystemClock
from continuity.manifest import Manifest
from drill.functions import Functions
from drill.single_fault import read_fault
from simulator.serving import hosted
from simulator.serving.hosted import HostedWorld
from simulator.serving.server import serving

PROJECT = Path(__file__).parents[4]
ZONE = "ops"
SPEED = 20.0
EVENING = datetime(2026, 3, 3, 23, tzinfo=UTC)


class Endpoint:
    """The endpoint of a served world, and the world behind it."""

    def __init__(self, world: HostedWorld, endpoint: str) -> None:
        self.hosted = world
        self.address = endpoint.removeprefix("http://")

    @property
    def manifest(self) -> Manifest:
        return self.hosted.zones[ZONE].manifest

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        text = None if body is None else json.dumps(body)
        status, answer = self.raw(
            "GET" if body is None else "POST", f"/_simulator/{path}", text, headers
        )
        return status, json.loads(answer)

    def raw(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            kind = {"Content-Type": "application/json"}
            connection.request(method, path, body, {**kind, **headers})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def aws(self, service: str, region: str, body: str) -> tuple[int, bytes]:
        """Send a call of the query protocol, signed as far as a simulation looks."""
        scope = f"Credential=x/20260303/{region}/{service}/aws4_request, Signature=x"
        kind = "application/x-www-form-urlencoded"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}", "Content-Type": kind}
        return self.raw("POST", "/", body, headers)


@pytest.fixture(scope="module")
def served() -> Iterator[Endpoint]:
    with (
        mock.patch.object(hosted, "START", EVENING),
        HostedWorld(
            1,
            SystemClock(),
            SPEED,
            functions=lambda world, people: Functions(world, people.wire).run,
        ) as world,
    ):
        world.deploy([ZONE], PROJECT)
        with serving(world, read_fault, "127.0.0.1", 0) as endpoint:
            yield Endpoint(world, endpoint)
