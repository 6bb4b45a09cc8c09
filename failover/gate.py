"""The promotion gate: how much data could a promotion lose, and may we?

`failover.steps.promote` asks it right before a promotion, `failover.decide` for the prediction.
Only what was measured at or before the suspicion counts: after the source died, lag grows with
the outage's age and says nothing about loss. Pure.
"""

from dataclasses import dataclass
from datetime import datetime

from continuity.wording import seconds_text
from failover import stated
from failover.observation import LagPoint, Observation


@dataclass(frozen=True)
class Loss:
    """The most that a promotion can lose: the lag measured last, and the time since then.

    `seconds` is None when nothing bounds it; `because` says why. `broken` means that AWS itself
    said that the replica follows nothing: no look at it will ever bound the loss.
    """

    seconds: float | None
    lag_s: float | None = None
    measured_at: datetime | None = None
    because: str = ""
    broken: bool = False


def loss_bound(points: tuple[LagPoint, ...], suspected_at: datetime) -> Loss:
    """Bound the loss by the newest datapoint at or before the suspicion. Missing is not zero."""
    before = [point for point in points if point.at <= suspected_at]
    if not before:
        return Loss(None, because="no replica lag was measured before the region failed")
    last = max(before, key=lambda point: point.at)
    if last.seconds is None:
        because = "AWS reported the replica as not replicating"
        return Loss(None, None, last.at, because, broken=True)
    since = (suspected_at - last.at).total_seconds()
    return Loss(last.seconds + since, last.seconds, last.at)


def bound(seen: Observation, identifier: str) -> Loss:
    """Return the loss bound of promoting one instance in this picture."""
    if seen.lags.value is None:
        return Loss(None, because=f"replica lag cannot be read ({seen.lags.error})")
    points = seen.lags.value.get(identifier, ())
    return loss_bound(points, stated.by_lag(seen.run, points) or seen.now)


def refusal(seen: Observation, database: str, identifier: str) -> str | None:
    """Return why this database may not be promoted, and how to lift it; None when it may."""
    if database in seen.run.consents:
        return None
    loss = bound(seen, identifier)
    rpo = seen.manifest.objectives.rpo.total_seconds()
    lift = f"Accept it with --accept-data-loss {database}, or repair the replica."
    if loss.seconds is None:
        return f"Promoting {database} could lose an unknown amount of data: {loss.because}. {lift}"
    if loss.seconds > rpo:
        return (
            f"Promoting {database} could lose {seconds_text(loss.seconds)} of data, "
            f"the objective allows {seconds_text(rpo)}. {lift}"
        )
    return None
