"""How long each step takes, as data with a source: predictions are only as good as these.

`failover.steps` attach them to steps; a plan adds them up along its critical path.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """Seconds, and where the number comes from."""

    seconds: float
    source: str


HOLD = Estimate(1, "assumption: one conditional write and one strong read in one region")
CLOSE = Estimate(1, "assumption: one conditional PutObject in one region")
FENCE = Estimate(5, "one attempt against a region that may be dead: connect 2 s, read 3 s")
REVOKE = Estimate(1, "assumption: one GetObject and one PutObject in one region")
SCALE = Estimate(90, "assumption: Fargate pulls the image, starts tasks, two health checks")
PROMOTE = Estimate(
    180,
    "assumption, median; RDS publishes no figure: 'several minutes or longer, depending on size'",
)
PROTECT = Estimate(1, "assumption: settings travel with the promotion, only a look remains")
VERIFY = Estimate(2, "assumption: one request through the load balancer")
OPEN = Estimate(1, "assumption: one conditional PutObject in one region")


def propagation(seconds: float) -> Estimate:
    """Return how long it takes until no client holds an answer from before a latch."""
    return Estimate(seconds, "interval x threshold of the health check, plus the record's TTL")


def agreement(seconds: float) -> Estimate:
    """Return how long Route 53's checkers take to follow a latch, for a fresh look-up."""
    return Estimate(seconds, "interval x threshold of the health check")
