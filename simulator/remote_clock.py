"""A served world's time, for a process beside it: `continuity.clock.Clock` over HTTP.

A command that works against `holdfast simulator` waits and dates by it, so that a recovery of
minutes takes seconds. No AWS library here: this runs where moto does not.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.clock import Clock
from continuity.errors import TemporaryError
from simulator.remote import ask

ASK_AGAIN_S = 0.1
"""Real seconds for which an answer is carried on by the world's speed."""

NAP_S = 0.25
"""The longest real wait without a look at the world, whose time may be set forward."""

_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class _Answer:
    """What the world said, and when by the real clock."""

    asked: float
    now: datetime
    monotonic: float
    speed: float


class RemoteClock:
    """The clock of the world at `host:port`. Safe between threads.

    While the world does not answer, its last answer is carried on.
    """

    def __init__(self, host: str, port: int, real: Clock) -> None:
        self._host = host
        self._port = port
        self._real = real
        self._lock = threading.Lock()
        self._answer = self._ask()
        self._latest = self._answer.monotonic

    def now(self) -> datetime:
        """Return the world's moment, aware, in UTC."""
        answer, passed = self._look()
        return answer.now + timedelta(seconds=passed)

    def monotonic(self) -> float:
        """Return the world's seconds, which never run backwards."""
        answer, passed = self._look()
        with self._lock:
            self._latest = max(self._latest, answer.monotonic + passed)
            return self._latest

    def sleep(self, seconds: float) -> None:
        """Return after this many of the world's seconds."""
        until = self.monotonic() + seconds
        while (left := until - self.monotonic()) > 0:
            self._real.sleep(min(left / self._answer.speed, NAP_S))

    def _look(self) -> tuple[_Answer, float]:
        """Return the world's last answer, and the world's seconds since then."""
        with self._lock:
            if self._real.monotonic() - self._answer.asked > ASK_AGAIN_S:
                self._refresh()
            answer = self._answer
            return answer, (self._real.monotonic() - answer.asked) * answer.speed

    def _refresh(self) -> None:
        try:
            self._answer = self._ask()
        except TemporaryError:
            return

    def _ask(self) -> _Answer:
        told = ask((self._host, self._port), "/_simulator/clock", None, _TIMEOUT_S)
        asked = self._real.monotonic()
        try:
            now = datetime.fromisoformat(told["now"])
            return _Answer(asked, now, float(told["monotonic_s"]), float(told["speed"]))
        except (KeyError, TypeError, ValueError) as error:
            raise TemporaryError(
                f"What answers at {self._host}:{self._port} is no simulator's clock ({error}). "
                "Start `holdfast simulator`, or unset HOLDFAST_SIMULATOR."
            ) from error
