"""The rows of one database instance: numbered, each with the moment of its commit.

`simulator.content` keeps one `Rows` per instance, `simulator.replication` follows them,
`simulator.truth` compares them. Only moments are stored (8 bytes a row), numbers are positions,
and a copy shares what it took over: hours of writes to a thousand databases stay cheap.

Moments are seconds on the world's clock.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A moment in the life of rows: the first `count` of them. A snapshot is a mark."""

    rows: "Rows"
    count: int

    @property
    def damaged(self) -> bool:
        """Say whether rows are among them that something has damaged, and nobody has mended."""
        return self.first_damage is not None

    @property
    def first_damage(self) -> int | None:
        """Return the number of the commit that damaged all rows before it.

        The first one that nobody among these rows has mended since; None if there is none.
        """
        return self.rows.first_damage(self.count)


class Rows:
    """An append-only list of commits, begun empty or from a mark of other rows.

    Row k of a copy is row k of its origin as long as k is below the count of the mark; from
    there on both go their own ways, which is how a promotion loses data.
    """

    def __init__(self, origin: Mark | None = None) -> None:
        self._origin = origin.rows if origin else None
        self._shared = origin.count if origin else 0
        self._own: array[float] = array("d")
        self._turns: list[tuple[int, bool]] = []

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return self._shared + len(self._own)

    @property
    def inherited(self) -> int:
        """Return how many of them came from the origin."""
        return self._shared

    def commit(self, moment: float, count: int = 1) -> int:
        """Add rows and return the number of the first. Moments never run backwards."""
        first = self.count
        self._own.extend((moment,) * count)
        return first

    def damage(self, moment: float) -> None:
        """Damage every row that there is: one more commit, so that it replicates like any."""
        self._turns.append((self.commit(moment), True))

    def mend(self, moment: float) -> None:
        """Put every damaged row right again: one more commit, which replicates as well."""
        self._turns.append((self.commit(moment), False))

    def first_damage(self, count: int) -> int | None:
        """Return `Mark.first_damage` of the first `count` rows."""
        found: int | None = None
        for number, harmed in sorted(turn for turn in self._all_turns() if turn[0] < count):
            if not harmed:
                found = None
            elif found is None:
                found = number
        return found

    def _all_turns(self) -> Iterator[tuple[int, bool]]:
        """Yield the commits that damaged or mended all rows before them, and which it was."""
        for node, visible in self._lineage():
            yield from (turn for turn in node._turns if turn[0] < visible)

    def count_until(self, moment: float) -> int:
        """Return how many rows had been committed at a moment."""
        node: Rows | None = self
        most = self.count
        while node is not None:
            if node._own and node._own[0] <= moment:
                return min(most, node._shared + bisect_right(node._own, moment))
            most = min(most, node._shared)
            node = node._origin
        return 0

    def committed(self, number: int) -> float:
        """Return when a row was committed."""
        node: Rows | None = self
        while node is not None:
            if node._shared <= number < node.count:
                return node._own[number - node._shared]
            node = node._origin if number < node._shared else None
        raise IndexError(number)

    def mark(self) -> Mark:
        """Return the rows as they are now."""
        return Mark(self, self.count)

    def in_common(self, other: "Rows") -> int:
        """Return how many rows, counted from the first, are the same in both."""
        mine = {id(node): visible for node, visible in self._lineage()}
        for node, visible in other._lineage():
            if id(node) in mine:
                return min(visible, mine[id(node)])
        return 0

    def _lineage(self) -> Iterator[tuple["Rows", int]]:
        node: Rows | None = self
        visible = self.count
        while node is not None:
            yield node, visible
            visible = min(visible, node._shared)
            node = node._origin
