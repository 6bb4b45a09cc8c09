"""The wire between boto3 and moto, where every call of every client passes.

The world installs it while it is entered, in front of moto's own stubber. It finds out who calls
whom, and hands the call to `simulator.attempt`; the simulator's own calls go straight through.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Protocol
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import botocore_stubber

from simulator.attempt import FIRST_REFUSAL, Attempt, Execute, Patience
from simulator.call_log import Call
from simulator.per_world import PerWorld
from simulator.short_wire import ShortWire
from simulator.token_buckets import TokenBuckets

if TYPE_CHECKING:
    from simulator.world import World

BACKSTAGE = "backstage"
"""Marks the user agent of the simulator's own clients."""

_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/")
_KEY = re.compile(r"Credential=([^/]+)/")


class Sender(NamedTuple):
    """The client behind a request, and what it was asked to do. `service` is boto3's name."""

    service: str
    region: str
    patience: Patience
    backstage: bool
    parameters: Mapping[str, object]


class Replies(Protocol):
    """Who knows what botocore makes of answers that come word for word again."""

    def known(self, call: Call) -> bool:
        """Say whether it has read the answer that would be given now."""

    def reply(self, call: Call) -> dict[str, Any] | None:
        """Return what it made of the answer that this call got; None if it never read it."""

    def read(self, parameters: Mapping[str, object], reply: dict[str, Any]) -> None:
        """Keep what it made of the answer that a call with these very parameters got."""


REPLIES: PerWorld[Replies] = PerWorld()
"""Who knows them; `repeated_answers` does."""

WIRE: PerWorld[ShortWire] = PerWorld()
"""A shorter way than botocore's own to what answers; `repeated_answers` gives one."""


class _ChangedMeanwhile(Exception):
    """The answer that was known when the call set out is none any more."""


def changed() -> NoReturn:
    """Say in the place of an answer that none is known: whoever knows it has it already."""
    raise _ChangedMeanwhile


_thread = threading.local()
"""Who is calling on this thread: the stubber sees the request only, not its client."""


class Transport:
    """Carries the calls of one world."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._buckets = TokenBuckets(world.timings.limits)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Stand between boto3 and moto."""
        answer = BotocoreStubber.__call__
        make_call = BaseClient._make_api_call  # type: ignore[attr-defined]

        def carry(
            stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **_: object
        ) -> AWSResponse | None:
            if not stubber.enabled:
                return None
            operation = event_name.rsplit(".", 1)[-1]
            return self._carry(operation, request, lambda: answer(stubber, event_name, request))

        def send(client: BaseClient, operation: str, parameters: Any) -> Any:  # noqa: ANN401 - as below
            wire = WIRE.of(self._world)
            if wire is None or not wire.takes(client, operation):
                return make_call(client, operation, parameters)
            return wire.ask(client, operation, parameters, self._carry)

        def remember(client: BaseClient, operation_name: str, api_params: Any) -> Any:  # noqa: ANN401 - botocore's own signature
            before = getattr(_thread, "sender", None)
            _thread.sender = sender = _sender(client, api_params)
            replies = REPLIES.of(self._world)
            try:
                if replies is None or sender.backstage or self._world.instant:
                    return send(client, operation_name, api_params)
                reply = self._known(client, sender, operation_name, replies)
                if reply is None:
                    reply = send(client, operation_name, api_params)
                    replies.read(sender.parameters, reply)
                return reply
            finally:
                _thread.sender = before

        with (
            mock.patch.object(BotocoreStubber, "__call__", carry),
            mock.patch.object(BaseClient, "_make_api_call", remember),
        ):
            yield

    def _carry(
        self, operation: str, request: AWSPreparedRequest, execute: Execute
    ) -> AWSResponse | None:
        refused: AWSResponse | None = _thread.__dict__.pop("refused", None)
        if refused is not None:
            return refused
        sender: Sender = _thread.sender
        key = _signed(_KEY, request)
        call = Call(
            service=sender.service,
            operation=operation,
            region=_region(sender, request),
            at=self._world.clock.now(),
            parameters=sender.parameters,
            key=key,
        )
        attempt = Attempt(self._world, call, request, execute)
        with _signed_by(key):
            if sender.backstage or self._world.instant:
                return attempt.execute()
            return attempt.run(self._buckets, sender.patience)

    def _known(
        self, client: BaseClient, sender: Sender, operation: str, replies: Replies
    ) -> dict[str, Any] | None:
        """Make a call whose answer is known: it takes its time and meets its faults like any.

        None where botocore has to make it: there is no such answer, it changed on the way, or the
        call was refused, which lies ready for it then.
        """
        now, region = self._world.clock.now(), _home(sender) or sender.region
        signer: Any = client._request_signer  # type: ignore[attr-defined]
        key = signer._credentials.access_key
        call = Call(sender.service, operation, region, now, parameters=sender.parameters, key=key)
        if not replies.known(call):
            return None
        url = f"{client.meta.endpoint_url}/"
        request = AWSPreparedRequest("POST", url, HTTPHeaders(), b"", stream_output=False)
        attempt = Attempt(self._world, call, request, changed)
        try:
            with _signed_by(key):
                response = attempt.run(self._buckets, sender.patience)
        except _ChangedMeanwhile:
            return None
        if response is not None and response.status_code >= FIRST_REFUSAL:
            _thread.refused = response
            return None
        return replies.reply(call)


def deliver(sender: Sender, operation: str, request: AWSPreparedRequest) -> AWSResponse | None:
    """Carry a request that came over a socket, as if a client of this process had made it."""
    before = getattr(_thread, "sender", None)
    _thread.sender = sender
    try:
        answer: AWSResponse | None = botocore_stubber(f"before-send.{operation}", request)
        return answer
    finally:
        _thread.sender = before


def _sender(client: BaseClient, parameters: Mapping[str, object]) -> Sender:
    config: Any = client.meta.config  # the stubs leave out what a Config was made with
    return Sender(
        service=client.meta.service_model.service_name,
        region=client.meta.region_name,
        patience=_patience(config.connect_timeout, config.read_timeout),
        backstage=config.user_agent_extra == BACKSTAGE,
        parameters=dict(parameters),
    )


@cache
def _patience(connect_s: float, read_s: float) -> Patience:
    return Patience(float(connect_s), float(read_s))


def _region(sender: Sender, request: AWSPreparedRequest) -> str:
    """Return the region that has to be there for this call.

    It is the one that the request is signed for (global services sign for us-east-1, where their
    control planes live), and for a bucket the one where the bucket lies, whoever asks.
    """
    return _home(sender) or _signed(_SCOPE, request) or sender.region


def _home(sender: Sender) -> str | None:
    """Return where the bucket lies that a call is about; None for any other call."""
    return _bucket_region(str(sender.parameters.get("Bucket"))) if sender.service == "s3" else None


def _signed(part: re.Pattern[str], request: AWSPreparedRequest) -> str | None:
    """Return a part of what a request is signed with."""
    signed: str | bytes = request.headers.get("Authorization") or ""
    match = part.search(signed.decode() if isinstance(signed, bytes) else signed)
    return match.group(1) if match else None


@contextmanager
def _signed_by(key: str | None) -> Iterator[None]:
    """Let a call be known by its signature while it lasts.

    Time passes in a call, and what the world does meanwhile makes calls of its own in this thread:
    afterwards it is this call again.
    """
    before = access_key()
    _thread.access_key = key
    try:
        yield
    finally:
        _thread.access_key = before


def access_key() -> str | None:
    """Return the access key that signed the call which this thread is carrying."""
    return getattr(_thread, "access_key", None)


def _bucket_region(bucket: str) -> str | None:
    buckets = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets
    return str(buckets[bucket].region_name) if bucket in buckets else None
