"""The whole circle of each zone: lost, reconciled, built anew, moved back, reconciled, built anew.

    python bench/whole_circle.py [ZONE...]        all production zones by default; some 25 s each

One line a leg, and exit code 1 where a leg does not end as it must, a deployment would harm what
serves, an invariant breaks, or the way back loses anything.
"""

import sys
from pathlib import Path

from drill.circle import Circle
from drill.zones import choose, read_zones
from failover.progress import State
from simulator.world import World

PROJECT = Path(__file__).parents[1]
SEED = 11


def lost(circle: Circle) -> int:
    """Return how many rows that clients were told are safe cannot be read now."""
    return sum(one.lost.rows for one in circle.truth().databases)


def walk(zone: str) -> list[str]:
    """Walk the circle of a zone and return what went wrong."""
    wrong: list[str] = []

    def leg(name: str, *, ended: bool, sentence: str) -> None:
        sys.stdout.write(f"{zone}  {name:<10} {'ok' if ended else 'WRONG'}  {sentence}\n")
        sys.stdout.flush()
        if not ended:
            wrong.append(f"{zone}: {name}: {sentence}")

    def settle(circle: Circle, number: int) -> None:
        plan, unexpected = circle.reconcile()
        told = f"{plan.decision.data.active} serves"
        harm = "; ".join(one.reason for one in unexpected)
        leg(f"reconcile {number}", ended=not unexpected, sentence=harm or told)
        circle.rebuild()
        recovered = circle.truth().recovered
        leg(f"rebuild {number}", ended=recovered, sentence=f"served by {circle.truth().served_by}")

    with World(SEED) as world:
        circle = Circle(world, zone, PROJECT)
        before = circle.manifest.active
        word = circle.lose_home()
        leg("fail over", ended=word.state is State.RECOVERED, sentence=word.sentence)
        taken = lost(circle)
        settle(circle, 1)
        word = circle.fail_back("the site that was lost is built anew")
        leg("fail back", ended=word.state is State.RECOVERED, sentence=word.sentence)
        settle(circle, 2)
        same = circle.manifest.active is before
        leg("roles", ended=same, sentence=f"{circle.manifest.active} serves, as in the beginning")
        told = f"{taken} rows with the region, {lost(circle) - taken} on the way back"
        leg("loss", ended=lost(circle) == taken, sentence=told)
        broken = "; ".join(str(one) for one in circle.violations)
        leg("invariants", ended=not broken, sentence=broken or "none broken")
    return wrong


if __name__ == "__main__":
    zones = choose(read_zones(PROJECT), sys.argv[1:])
    sys.exit(1 if [text for zone in zones for text in walk(zone)] else 0)
