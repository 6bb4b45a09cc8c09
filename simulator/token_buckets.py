"""How AWS throttles: a bucket of tokens per service, region and kind of call.

`simulator.transport` takes a token for each call that arrives; without one the call is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Limit:
    """A bucket of `burst` tokens that refills by `per_second`."""

    burst: float
    per_second: float


@dataclass(frozen=True)
class Limits:
    """The limit of reading and of mutating calls of one service, per region."""

    reading: Limit
    mutating: Limit

    def times(self, factor: float) -> "Limits":
        """Return the same limits, `factor` times as generous."""
        return Limits(
            Limit(self.reading.burst * factor, self.reading.per_second * factor),
            Limit(self.mutating.burst * factor, self.mutating.per_second * factor),
        )


REQUEST_LIMITS: Mapping[str, Limits] = MappingProxyType(
    {"rds": Limits(reading=Limit(100, 20), mutating=Limit(50, 5))}
)
"""RDS publishes no rates; these are EC2's published ones (docs: EC2 API throttling). Assumption."""


class TokenBuckets:
    """The buckets of one account, full at the start."""

    def __init__(self, limits: Mapping[str, Limits]) -> None:
        self._limits = limits
        self._levels: dict[tuple[str, str, bool], tuple[float, float]] = {}

    def take(self, service: str, region: str, *, mutating: bool, at_s: float) -> bool:
        """Take a token at a second of the clock; False means throttled."""
        limits = self._limits.get(service)
        if limits is None:
            return True
        limit = limits.mutating if mutating else limits.reading
        key = (service, region, mutating)
        level, since = self._levels.get(key, (limit.burst, at_s))
        level = min(limit.burst, level + (at_s - since) * limit.per_second)
        granted = level >= 1.0
        self._levels[key] = (level - 1.0 if granted else level, at_s)
        return granted
