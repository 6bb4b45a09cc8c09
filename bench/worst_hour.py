"""What makes an hour the worst one, measured: no replica for a fifth of it, and a dead region.

`make bench` runs it: a fleet of which a fifth comes back from copied snapshots of different size,
against the best order in which AWS's limits would allow the same work; and how much longer a
recovery takes because the home region is silent, and does not answer.
"""

import sys
from collections.abc import Iterator

from fleet import Fleet, fleet
from strategies import Recovered, recover

from failover.progress import State
from simulator.timings import Takes
from simulator.token_buckets import REQUEST_LIMITS

COUNTS = (10, 100)
MOST_RATIO = 1.10
"""Restores begin one look after the promotions whose place they take: what is missing is seen."""

MOST_EXTRA_S = 60.0
SILENCE_AT = 10

_CHANGES = ("rds.PromoteReadReplica", "rds.RestoreDBInstanceFromDBSnapshot")
_WORK = (
    Takes.NOTICE_PROMOTION,
    Takes.PROMOTE_REPLICA,
    Takes.RESTORE_SNAPSHOT,
)


def main() -> int:
    """Print what was measured and what came of the targets; 1 if one is missed."""
    targets = [*_mixed(), *_silence()]
    sys.stdout.write("\n" + "".join(_target_text(*target) for target in targets))
    return 1 if any(found > most for _, found, most in targets) else 0


def _mixed() -> Iterator[tuple[str, float, float]]:
    sys.stdout.write(f"{'databases':>9} {'restored':>9} {'end s':>7} {'floor s':>8} {'ratio':>7}\n")
    for count in COUNTS:
        with fleet(count, mixed=True) as made:
            found = recover(made)
            begun = min(call.at for call in made.world.calls if call.name in _CHANGES)
            came = {step: at for step, at in found.done.items() if _source(step)}
            end_s = (max(came.values()) - begun).total_seconds()
            floor_s = _floor_s(made)
        restored = sum(step.startswith("restore-") for step in came)
        ratio = end_s / floor_s
        sys.stdout.write(
            f"{count:>9,} {restored:>9,} {end_s:>7,.0f} {floor_s:>8,.0f} {f'x{ratio:.2f}':>7}\n"
        )
        yield f"mixed: never back at {count:,}", count - len(came), 0
        yield f"mixed: ratio at {count:,}", ratio, MOST_RATIO


def _source(step: str) -> bool:
    return step.startswith(("promote-", "restore-"))


def _floor_s(made: Fleet) -> float:
    """Return the best end possible: what takes longest is begun first, as fast as AWS takes calls.

    The durations are those that were drawn in this world, a database's own added up.
    """
    limit = REQUEST_LIMITS["rds"].mutating
    took: dict[str, float] = {}
    for operation in made.world.operations:
        if operation.kind in _WORK:
            took[operation.target] = took.get(operation.target, 0.0) + operation.seconds
    return max(
        max(0.0, (place + 1 - limit.burst) / limit.per_second) + seconds
        for place, seconds in enumerate(sorted(took.values(), reverse=True))
    )


def _silence() -> Iterator[tuple[str, float, float]]:
    runs: dict[str, Recovered] = {}
    for home in ("answering", "dead"):
        with fleet(SILENCE_AT) as made:
            runs[home] = recover(made, answering=home == "answering")
        one = runs[home]
        sys.stdout.write(f"home region {home:<10} {one.state:<10} {one.seconds:>7,.0f} s\n")
        yield f"not recovered, home {home}", float(one.state is not State.RECOVERED), 0
    extra_s = runs["dead"].seconds - runs["answering"].seconds
    yield "extra s because home is dead", extra_s, MOST_EXTRA_S


def _target_text(name: str, found: float, most: float) -> str:
    met = "met" if found <= most else "MISSED"
    return f"{name:<30} {found:>8.2f}, at most {most:g}: {met}\n"


if __name__ == "__main__":
    raise SystemExit(main())
