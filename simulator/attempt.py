"""One attempt of one call: on its way to AWS, there, and on its way back.

`simulator.transport` makes one per request. It takes virtual time, meets token buckets and
faults, and ends in the world's call log; botocore's own retries are further attempts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from simulator import wire_errors
from simulator.call_log import Call, Outcome
from simulator.faults import Fault, FaultKind
from simulator.latency import SHARE_BEFORE
from simulator.per_world import PerWorld
from simulator.token_buckets import TokenBuckets
from simulator.wire_errors import WireError

if TYPE_CHECKING:
    from simulator.world import World

Execute = Callable[[], AWSResponse | None]

REFUSER: PerWorld[Callable[[Call], WireError | None]] = PerWorld()
"""Who knows why AWS itself would refuse a call where moto would not; `missing_keys` does."""

JUDGE: PerWorld[Callable[[Call], WireError | None]] = PerWorld()
"""Who knows what the caller may; `rights.judge.enforce` gives it. Nobody: everything is allowed."""

ANSWERS: PerWorld[Callable[[Call, Execute], AWSResponse | None]] = PerWorld()
"""Who knows answers that AWS would give word for word again; `repeated_answers` does."""

FIRST_REFUSAL = 300
"""The HTTP status from which on a call was refused."""
_MISSING = b"Not yet implemented"
_CODE = re.compile(rb'<Code>([^<]+)</Code>|"__type": ?"(?:[^"#]*#)?([^"]+)"')


class NotSimulated(Exception):
    """moto lacks this operation: a gap in the simulator, never an answer of AWS."""


@dataclass(frozen=True)
class Patience:
    """A client's own timeouts in seconds."""

    connect_s: float
    read_s: float


class Attempt:
    """One request of one call in one world."""

    def __init__(
        self, world: "World", call: Call, request: AWSPreparedRequest, execute: Execute
    ) -> None:
        self._world = world
        self._call = call
        self._request = request
        self._execute = execute
        self._patience = Patience(0.0, 0.0)

    def execute(self) -> AWSResponse | None:
        """Let moto act and answer, under the world's lock."""
        try:
            with self._world.lock:
                answers = ANSWERS.of(self._world)
                response = answers(self._call, self._execute) if answers else self._execute()
        except (NotImplementedError, NotSimulated) as error:
            raise NotSimulated(f"{self._call.name}: {error}") from error
        if response is not None and response.raw.getvalue() == _MISSING:
            raise NotSimulated(self._call.name)
        return response

    def run(self, buckets: TokenBuckets, patience: Patience) -> AWSResponse | None:
        """Let the attempt take its time and meet its faults; log what became of it."""
        self._patience = patience
        clock, call = self._world.clock, self._call
        if self._lost():
            self._unreachable()
        latency = self._world.timings.latencies.draw(
            call.service, mutating=call.mutating, random=self._world.random("latency")
        )
        clock.sleep(latency * SHARE_BEFORE)
        if self._lost():
            self._unheard(Outcome.NO_REPLY)
        now_s = clock.monotonic()
        if not buckets.take(call.service, call.region, mutating=call.mutating, at_s=now_s):
            return self._refuse(Outcome.THROTTLED, wire_errors.throttled(call.service))
        judge = JUDGE.of(self._world)
        denial = judge(call) if judge is not None else None
        if denial is not None:
            return self._refuse(Outcome.DENIED, denial)
        refuser = REFUSER.of(self._world)
        refusal = refuser(call) if refuser is not None else None
        if refusal is not None:
            return self._refuse(Outcome.REFUSED, refusal)
        fault = self._world.faults.pick(call.region, call.service, call.operation)
        if fault is None:
            return self._act(latency)
        return self._meet(fault, latency)

    def _meet(self, fault: Fault, latency: float) -> AWSResponse | None:
        """Suffer a fault that struck this call."""
        service, operation = self._call.service, self._call.operation
        refusals = {
            FaultKind.THROTTLE: (Outcome.THROTTLED, wire_errors.throttled(service)),
            FaultKind.SERVER_ERRORS: (Outcome.SERVER_ERROR, wire_errors.server_error(service)),
            FaultKind.DENIED: (Outcome.DENIED, wire_errors.denied(service, operation)),
        }
        if fault.kind in refusals:
            return self._refuse(*refusals[fault.kind])
        if fault.kind is FaultKind.READ_TIMEOUT:
            self._unheard(Outcome.NO_REPLY)
        if fault.kind is FaultKind.LOST_REPLY:
            _, done = self._effect()
            self._unheard(_unheard_outcome(done))
        seconds = fault.seconds or 0.0
        if seconds > self._patience.read_s:
            self._world.clock.at(seconds, self._act_too_late)
            self._give_up()
        self._world.clock.sleep(seconds)
        return self._act(latency)

    def _act(self, latency: float) -> AWSResponse | None:
        response, done = self._effect()
        size = len(response.raw.getvalue()) if response is not None else 0
        answer_s = self._world.timings.latencies.answer_s(size)
        self._world.clock.sleep(latency * (1.0 - SHARE_BEFORE) + answer_s)
        if self._lost():
            self._unheard(_unheard_outcome(done))
        self._world.calls.append(done)
        return response

    def _act_too_late(self) -> None:
        """AWS acts after its caller has given up: nobody hears about it."""
        if self._lost():
            self._world.calls.append(replace(self._call, outcome=Outcome.NO_REPLY))
            return
        _, done = self._effect()
        self._world.calls.append(replace(done, outcome=_unheard_outcome(done)))

    def _effect(self) -> tuple[AWSResponse | None, Call]:
        """Execute; tell the world's watchers at this very instant if it changed anything."""
        response = self.execute()
        done = self._call
        if response is not None and response.status_code >= FIRST_REFUSAL:
            done = replace(done, outcome=Outcome.REFUSED, code=_code(response))
        if done.effect:
            self._world.tell_effect(done)
        return response, done

    def _refuse(self, outcome: Outcome, error: WireError) -> AWSResponse:
        self._world.calls.append(replace(self._call, outcome=outcome, code=error.code))
        return wire_errors.response(self._request, self._call.service, error)

    def _unheard(self, outcome: Outcome) -> NoReturn:
        """Let the caller wait for an answer that never comes."""
        self._world.calls.append(replace(self._call, outcome=outcome))
        self._give_up()

    def _give_up(self) -> NoReturn:
        self._world.clock.sleep(self._patience.read_s)
        raise ReadTimeoutError(endpoint_url=self._request.url)

    def _unreachable(self) -> NoReturn:
        self._world.calls.append(replace(self._call, outcome=Outcome.UNREACHABLE))
        self._world.clock.sleep(self._patience.connect_s)
        raise ConnectTimeoutError(endpoint_url=self._request.url)

    def _lost(self) -> bool:
        return self._world.faults.region_lost(self._call.region)


def _unheard_outcome(done: Call) -> Outcome:
    """Return what a lost answer means: a refusal changed nothing."""
    return Outcome.REPLY_LOST if done.outcome is Outcome.OK else Outcome.NO_REPLY


def _code(response: AWSResponse) -> str:
    """Return AWS's error code, or the HTTP status where the body has none."""
    named = response.headers.get("x-amzn-errortype") if response.headers else None
    match = _CODE.search(response.content)
    if match:
        return (match.group(1) or match.group(2)).decode()
    return named or str(response.status_code)
