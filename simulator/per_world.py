"""What one room of the simulator lends another: one value per world, gone with it.

`health_checks` asks whoever simulates the platform, `corrections.cloudwatch` asks whoever knows
the lag of a replica. Neither imports the other side; both sides meet in a `PerWorld`.
"""

from typing import Generic, TypeVar

T = TypeVar("T")


class PerWorld(Generic[T]):
    """At most one value for each world; the last one that was given counts.

    The world itself carries the value: values refer to their world, so that a table of ours
    would keep every world alive for ever, even one with weak keys.
    """

    def give(self, world: object, value: T) -> None:
        """Make the value known in a world, in the place of an earlier one."""
        vars(world).setdefault("_lent", {})[self] = value

    def of(self, world: object) -> T | None:
        """Return the world's value, or None where nobody gave one."""
        found: T | None = vars(world).get("_lent", {}).get(self)
        return found
