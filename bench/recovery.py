"""How fast replicas are promoted, against the best that AWS's own request limits allow.

`make bench` runs it: 1, 10, 100 and 1,000 databases in virtual time on the simulated AWS, by
Holdfast and by two kinds of scripts; and how long a first deployment of we1 into the simulator
takes.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

from fleet import PROJECT, SEED, ZONE, Fleet, fleet
from strategies import Strategy, holdfast, one_after_the_other, thread_per_database

from simulator.call_log import Outcome
from simulator.deployment import deploy
from simulator.timings import Takes
from simulator.token_buckets import REQUEST_LIMITS
from simulator.world import World

COUNTS = (1, 10, 100, 1000)
SCRIPT_LIMIT = 100
"""The sequential script is as long as its databases are many: beyond this it is extrapolated."""

MOST_RATIO = {1: 1.05, 10: 1.05, 100: 1.05, 1000: 1.10}
MOST_DESCRIBES = {100: 40, 1000: 400}
DEPLOY_TARGET_S = 5.0

PROMOTE, DESCRIBE = "rds.PromoteReadReplica", "rds.DescribeDBInstances"


@dataclass(frozen=True)
class Row:
    """One strategy on one fleet. Times are virtual seconds, `wall_s` is ours."""

    strategy: str
    databases: int
    measured: int
    end_s: float
    floor_s: float
    describes: int
    throttled: int
    missing: int
    wall_s: float

    @property
    def ratio(self) -> float:
        """Return the end of promotions as a multiple of the floor."""
        return self.end_s / self.floor_s

    def text(self) -> str:
        """Return the row of the table; `~` marks what was extrapolated."""
        about = "~" if self.measured < self.databases else ""
        return (
            f"{self.databases:>9,}  {self.strategy:<20} {about + format(self.end_s, ',.0f'):>9} "
            f"{self.floor_s:>7,.0f} {about + 'x' + format(self.ratio, '.2f'):>9} "
            f"{self.describes:>9,} {self.throttled:>9,} {self.missing:>11,} {self.wall_s:>6.1f}"
        )


HEAD = (
    f"{'databases':>9}  {'strategy':<20} {'end s':>9} {'floor s':>7} {'ratio':>9} "
    f"{'describes':>9} {'throttled':>9} {'never back':>11} {'wall s':>6}"
)


def main() -> int:
    """Print the table and what came of the targets; 1 if one is missed."""
    deploy_s = _deploy_s()
    sys.stdout.write(HEAD + "\n")
    rows = []
    for row in _rows():
        rows.append(row)
        sys.stdout.write(row.text() + "\n")
        sys.stdout.flush()
    targets = [*_targets(rows), (f"deploy {ZONE}", deploy_s, DEPLOY_TARGET_S)]
    sys.stdout.write(
        f"~ measured on {SCRIPT_LIMIT} databases, extrapolated in proportion\n\n"
        + "".join(_target_text(*target) for target in targets)
    )
    return 1 if any(found > most for _, found, most in targets) else 0


def _rows() -> Iterator[Row]:
    for count in COUNTS:
        yield _measure("holdfast", holdfast, count)
        yield _measure("one after the other", one_after_the_other, count, SCRIPT_LIMIT)
        yield _measure("thread per database", thread_per_database, count)


def _measure(name: str, strategy: Strategy, count: int, limit: int | None = None) -> Row:
    measured = min(count, limit or count)
    with fleet(measured) as made:
        began = perf_counter()
        known = strategy(made)
        wall_s = perf_counter() - began
        calls = [call for call in made.world.calls if call.service == "rds"]
        started = min(call.at for call in calls if call.name == PROMOTE)
        ended = max(known.values(), default=made.world.clock.now())
        within = [call for call in calls if started <= call.at <= ended]
        factor = count / measured
        return Row(
            strategy=name,
            databases=count,
            measured=measured,
            end_s=(ended - started).total_seconds() * factor,
            floor_s=_floor_s(made, count),
            describes=round(sum(call.name == DESCRIBE for call in within) * factor),
            throttled=sum(call.outcome is Outcome.THROTTLED for call in within),
            missing=measured - len(known),
            wall_s=wall_s,
        )


def _floor_s(made: Fleet, count: int) -> float:
    """Return the best end possible: calls as fast as the bucket gives, all promotions at once.

    Where fewer were measured than counted, the durations that were drawn stand for the rest.
    """
    limit = REQUEST_LIMITS["rds"].mutating
    drawn = _durations_s(made)
    return max(
        max(0.0, (place + 1 - limit.burst) / limit.per_second) + drawn[place % len(drawn)]
        for place in range(count)
    )


def _durations_s(made: Fleet) -> list[float]:
    """Return how long AWS took for each promotion, in the order in which they were started."""
    took: dict[str, float] = {}
    for operation in made.world.operations:
        if operation.kind in (Takes.NOTICE_PROMOTION, Takes.PROMOTE_REPLICA):
            took[operation.target] = took.get(operation.target, 0.0) + operation.seconds
    return list(took.values())


def _targets(rows: list[Row]) -> Iterator[tuple[str, float, float]]:
    for row in rows:
        if row.strategy == "holdfast":
            yield f"never back at {row.databases:,}", row.missing, 0
            yield f"ratio at {row.databases:,}", row.ratio, MOST_RATIO[row.databases]
            if row.databases in MOST_DESCRIBES:
                most = MOST_DESCRIBES[row.databases]
                yield f"describes at {row.databases:,}", row.describes, most


def _target_text(name: str, found: float, most: float) -> str:
    return f"{name:<22} {found:>8.2f}, at most {most:g}: {'met' if found <= most else 'MISSED'}\n"


def _deploy_s() -> float:
    with World(SEED) as world:
        began = perf_counter()
        deploy(world, ZONE, PROJECT)
        return perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())
