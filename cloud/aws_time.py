"""The time of day as AWS tells it: a driver's own clock may be minutes off.

`door` lets it learn from every reply. What a failover writes down and what it asks CloudWatch for
must be AWS's time: with a clock five minutes slow, the lag of five minutes ago would pass for the
lag at the loss, and a promotion that loses too much would pass the gate.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from continuity.clock import Clock

PRECISE_S = 5.0
"""A reply's `Date` counts whole seconds and was on its way: what is less is no error of ours, and
a reply that took longer, or met a frozen process, says nothing."""


class AwsTime:
    """A `Clock` that goes as the one it was made from, corrected by what AWS says."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._off = timedelta()

    def now(self) -> datetime:
        """Return the moment, in UTC, within a few seconds of AWS's."""
        return self._clock.now() + self._off

    def monotonic(self) -> float:
        """Return the clock's own seconds: nobody corrects those."""
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Return after this many seconds."""
        self._clock.sleep(seconds)

    def learn(self, reply: Mapping[str, Any], asked: float) -> None:
        """Take the `Date` of a reply to a call that was sent at `asked`, on `monotonic`."""
        told = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        if told is None or self.monotonic() - asked > PRECISE_S:
            return
        moment = _read(told)
        if moment is None:
            return
        off = moment - self._clock.now()
        if abs(off - self._off) > timedelta(seconds=PRECISE_S):
            self._off = off


@lru_cache(maxsize=64)
def _read(told: str) -> datetime | None:
    """Return the moment of a `Date`, in UTC; every call of one second is told the same."""
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
