"""How long each step takes, as data with a source: predictions are only as good as these.

`failover.steps` attach them to steps; a plan adds them up along its critical path.
"""

from dataclasses import dataclass

from backup.restore_times import Expected, RestoreTimes

_NOTHING_KNOWN = RestoreTimes()


@dataclass(frozen=True)
class Estimate:
    """Seconds, and where the number comes from; `measured` where trials of restores said it."""

    seconds: float
    source: str
    measured: bool = False


HOLD = Estimate(1, "assumption: one conditional write and one strong read in one region")
CLOSE = Estimate(1, "assumption: one conditional PutObject in one region")
FENCE = Estimate(5, "one attempt against a region that may be dead: connect 2 s, read 3 s")
REVOKE = Estimate(1, "assumption: one GetObject and one PutObject in one region")
SCALE = Estimate(90, "assumption: Fargate pulls the image, starts tasks, two health checks")
PROMOTE = Estimate(
    180,
    "assumption, median; RDS publishes no figure: 'several minutes or longer, depending on size'",
)
RENAME_S = 60.0
"""Assumption: renaming is a restart, and frees the name at once (RDS guide, renaming)."""
PROTECT = Estimate(1, "assumption: settings travel with the promotion, only a look remains")
POINT = Estimate(1, "assumption: usually one GetObject, which says that nothing moved")
RENEW = Estimate(
    1, "assumption: usually one look; a deployment takes some minutes where one is due"
)
RENEW_MOVED = Estimate(
    240,
    "assumption: Fargate pulls the image, starts tasks, two health checks; then the old ones are "
    "deregistered and stopped",
)
QUIET = Estimate(40, "assumption: a stopped task has 30 s to end, and ECS tells some seconds late")
SETTLE = Estimate(20, "assumption: a function starts in the network, asks once, and is read again")
VERIFY = Estimate(2, "assumption: one request through the load balancer")
OPEN = Estimate(1, "assumption: one conditional PutObject in one region")


def propagation(seconds: float) -> Estimate:
    """Return how long it takes until no client holds an answer from before a latch."""
    return Estimate(seconds, "interval x threshold of the health check, plus the record's TTL")


def agreement(seconds: float) -> Estimate:
    """Return how long Route 53's checkers take to follow a latch, for a fresh look-up."""
    return Estimate(seconds, "interval x threshold of the health check")


def restore_to_time(
    size_gb: int, times: RestoreTimes = _NOTHING_KNOWN, database: str = ""
) -> Estimate:
    """Return how long a restore to a point in time takes, the old instance's renaming included."""
    return _restore(times.to_time(database, size_gb), times)


def restore_snapshot(
    size_gb: int, times: RestoreTimes = _NOTHING_KNOWN, database: str = ""
) -> Estimate:
    """Return how long a restore of a snapshot takes, the old instance's renaming included."""
    return _restore(times.snapshot(database, size_gb), times)


def _restore(expected: Expected, times: RestoreTimes) -> Estimate:
    return Estimate(RENAME_S + expected.seconds, expected.source, bool(times.measured))
