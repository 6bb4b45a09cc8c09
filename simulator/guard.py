"""Keeps a simulated run on this machine: a call that would leave it fails loudly.

Worlds, previews and all tests run under both `guarded` and `loopback_only`. moto answers
before either is asked, so whatever arrives here was about to reach the internet: a client made
before moto was imported, a host that moto does not know, or a call outside a world.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import urlparse

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

from simulator.loopback import is_loopback


class NetworkBlocked(BaseException):
    """Something tried to leave the machine from inside a simulation.

    Not an `Exception`: a loop that survives every error must not survive this one.
    """

    def __init__(self, destination: str) -> None:
        super().__init__(f"a simulated run may not leave this machine, but asked for {destination}")


@contextmanager
def guarded() -> Iterator[None]:
    """Let botocore send to loopback only."""
    send = URLLib3Session.send

    def send_here(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        if not is_loopback(urlparse(request.url).hostname):
            raise NetworkBlocked(str(request.url))
        return send(session, request)

    with mock.patch.object(URLLib3Session, "send", send_here):
        yield


@contextmanager
def loopback_only() -> Iterator[None]:
    """Let every socket connect to loopback only, and no foreign name be resolved."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    resolve = socket.getaddrinfo

    def connect_here(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - as the socket's own: its form depends on the family
        _demand_loopback(self, address)
        connect(self, address)

    def connect_ex_here(self: socket.socket, address: Any) -> int:  # noqa: ANN401 - as above
        _demand_loopback(self, address)
        return connect_ex(self, address)

    def resolve_here(host: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        name = host.decode() if isinstance(host, bytes) else host
        if not is_loopback(name):
            raise NetworkBlocked(str(name))
        return resolve(host, *rest, **named)

    with (
        mock.patch.object(socket.socket, "connect", connect_here),
        mock.patch.object(socket.socket, "connect_ex", connect_ex_here),
        mock.patch.object(socket, "getaddrinfo", resolve_here),
    ):
        yield


def _demand_loopback(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - as above
    if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
        raise NetworkBlocked(f"{address[0]}:{address[1]}")
