"""The one place from which channels speak HTTP: short timeouts, no redirects, no own retries.

`web.Site` asks through a `Wire`; `Https` is the real one, on urllib3, which boto3 brings anyway
(decision 0029). `simulator.channels` has one that never leaves the process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import urllib3  # noqa: TID251 - this is its home for channels
from urllib3 import exceptions as broken  # noqa: TID251 - as above

CONNECT_S, READ_S = 2.0, 4.0
_MOST = 1024 * 1024


@dataclass(frozen=True)
class Request:
    """What is asked. Headers and body may hold a secret, so its repr shows neither."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Reply:
    """What was answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(Exception):
    """Nobody answered in time. `sent` says whether the request may have arrived all the same."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        self.sent = sent
        super().__init__(reason)


class Wire(Protocol):
    """What takes a request to a server and brings its answer."""

    def send(self, request: Request) -> Reply:
        """Ask once; raise NoAnswer where nobody answers within some seconds."""


class Https:
    """The internet. `authorities` is a file of certificates to trust instead of the system's."""

    def __init__(
        self, connect_s: float = CONNECT_S, read_s: float = READ_S, authorities: str | None = None
    ) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=8,
            timeout=urllib3.Timeout(connect=connect_s, read=read_s),
            retries=False,
            cert_reqs="CERT_REQUIRED",
            ca_certs=authorities,
        )

    def send(self, request: Request) -> Reply:
        """Ask once. The reasons of NoAnswer are our own words: those of urllib3 quote addresses."""
        try:
            reply = self._pool.request(
                request.method,
                request.url,
                body=request.body or None,
                headers=dict(request.headers),
                redirect=False,
                preload_content=False,
            )
            body = reply.read(_MOST)
            # What is left of a longer answer is not read: its connection is given up.
            reply.close()
        except broken.HTTPError as error:
            raise _judged(error) from None
        headers = {key.lower(): value for key, value in reply.headers.items()}
        return Reply(reply.status, headers, body)


def _judged(error: broken.HTTPError) -> NoAnswer:
    if isinstance(error, broken.SSLError):
        return NoAnswer("its certificate cannot be trusted", sent=False)
    if isinstance(error, broken.NewConnectionError | broken.ConnectTimeoutError):
        return NoAnswer("no connection", sent=False)
    if isinstance(error, broken.TimeoutError):
        return NoAnswer("no answer in time", sent=True)
    return NoAnswer("the connection broke", sent=True)
