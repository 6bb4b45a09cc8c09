"""How long deciding takes: 1,000, 10,000 and 100,000 points with reasons, beside grandfatherson.

`make bench` runs it. grandfatherson is the PyPI package; it gives no reasons, counts back from the
present, and reads the points as they are, in UTC. Both are given the same points, every hour one
and in no order, and the best of several runs counts, in processor time: either is
one thread's computing, whatever else the machine does. `dense` puts them into the last 120 days,
where every one may matter.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time

from grandfatherson import to_keep

from backup.rotation import rotate
from continuity.zone import Retention

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
RUNS = 9
TARGETS_MS = {1_000: 5.0, 10_000: 20.0, 100_000: 120.0}
RETENTION = Retention(daily=5, weekly=4, monthly=3)


def main() -> int:
    """Print one row per number of points; return 1 if a target was missed."""
    sys.stdout.write(
        f"{'points':>9} {'spread':<8} {'holdfast':>9} {'grandfatherson':>15} {'most':>9}\n"
    )
    missed = 0
    for count, most in TARGETS_MS.items():
        for spread, step in (
            ("hourly", timedelta(hours=1)),
            ("dense", timedelta(days=120) / count),
        ):
            points = [NOW - step * place for place in range(count)]
            Random(count).shuffle(points)
            ours, theirs = _best_ms(_ours(points)), _best_ms(_theirs(points))
            missed += ours > most
            sys.stdout.write(
                f"{count:>9,} {spread:<8} {ours:>6.1f} ms {theirs:>12.1f} ms {most:>6.0f} ms: "
                f"{'met' if ours <= most else 'MISSED'}\n"
            )
    return 1 if missed else 0


def _ours(points: list[datetime]) -> Callable[[], object]:
    return lambda: rotate(points, RETENTION, "Europe/Lisbon", NOW)


def _theirs(points: list[datetime]) -> Callable[[], object]:
    counts = {"days": RETENTION.daily, "weeks": RETENTION.weekly, "months": RETENTION.monthly}
    return lambda: to_keep(points, now=NOW, **counts)


def _best_ms(decide: Callable[[], object]) -> float:
    return min(_once_ms(decide) for _ in range(RUNS))


def _once_ms(decide: Callable[[], object]) -> float:
    began = process_time()
    decide()
    return 1000 * (process_time() - began)


if __name__ == "__main__":
    raise SystemExit(main())
