"""What one run of a verification knows of a site's evidence: read once, then only what changed.

`backup.verify` asks in every tick that may begin something. An item holds months of trials: all of
them, read again for each trial that ends, were most of what a night of trials read. The run forgets
what it changed itself; what others change meanwhile is seen where it matters, right before a trial
of that series begins.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from backup import evidence_store
from backup.evidence import Evidence, Proofs
from backup.points import Series
from cloud.door import Door
from cloud.permitted import permissions_of, permitted


@dataclass(frozen=True)
class Known:
    """The evidence that was read, by series; empty where a series has none."""

    by_series: dict[Series, tuple[Evidence, ...]] = field(default_factory=dict)

    @permitted(*permissions_of(evidence_store.read))
    def of(self, door: Door, table: str, series: Collection[Series]) -> Proofs:
        """Return the evidence of these series; what is not known yet is read.

        Raises:
            HoldfastError: the table does not answer.
        """
        lacking = [one for one in series if one not in self.by_series]
        if lacking:
            read = evidence_store.read(door, table, lacking)
            self.by_series.update((one, read.get(one, ())) for one in lacking)
        return {one: self.by_series[one] for one in series if self.by_series[one]}

    def forget(self, series: Iterable[Series]) -> None:
        """Read these once more, the next time that they are asked for."""
        for one in series:
            self.by_series.pop(one, None)
