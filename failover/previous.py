"""The runs before a run: numbered, so that the last name leads to all of them.

`failover.engine` asks before it repeats a recovery in place.
"""

from failover.memory import Memory
from failover.run import Run

FAR = 5
"""How many suspicions that went away by themselves are passed over."""


def not_cleared(memory: Memory, name: str) -> Run:
    """Return the newest run before this one that was more than a suspicion; nameless if none."""
    zone, _, number = name.rpartition("-")
    for earlier in range(int(number) - 1, max(0, int(number) - 1 - FAR), -1):
        run = Run(f"{zone}-{earlier:04d}", memory.read_journal(f"{zone}-{earlier:04d}"))
        if run.outcome != "cleared":
            return run
    return Run("")
