"""An entry of the journal that is not written yet.

Rules return drafts, `failover.memory` numbers and writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from continuity.journal import Entry, EntryKind, Fact


@dataclass(frozen=True)
class Draft:
    """An entry before it has a number and a moment."""

    kind: EntryKind
    sentence: str
    step: str | None = None
    data: Mapping[str, Fact] = field(default_factory=dict)
    at: datetime | None = None

    def entry(self, sequence: int, now: datetime) -> Entry:
        """Return the entry under a number; its own moment wins over `now`."""
        return Entry(sequence, self.at or now, self.kind, self.sentence, self.step, self.data)
