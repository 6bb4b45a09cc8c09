"""What a run writes down: an append-only list of entries that alone decides how it goes on.

`failover.journal` stores entries; the engine reads all of them at each tick; drills, status and
reviews tell the story from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Fact = str | int | float | bool | None


class EntryKind(StrEnum):
    """The closed list of things that a run writes down."""

    SUSPECTED = "suspected"  # the first failing reading: the RTO clock starts here
    CLEARED = "cleared"  # what was suspected went away by itself
    DECLARED = "declared"  # a person states what no probe sees: corruption, the time it began
    DIAGNOSED = "diagnosed"
    CHOSEN = "chosen"  # what a database comes back from, and why not from what lost less
    PLANNED = "planned"
    APPROVED = "approved"
    CONSENTED = "consented"  # a person accepts the data loss of one database
    REFUSED = "refused"
    INTENT = "intent"  # a step is about to act
    DONE = "done"
    VERDICT = "verdict"  # what came of a step that may fail without stopping the run
    FAILED = "failed"  # a step gave up, with the reason
    MEASURED = "measured"  # lag and loss of one database
    PAUSED = "paused"  # a person stops the engine before its next effect
    RESUMED = "resumed"
    OPENED_WITHOUT = "opened without"  # a person opens the zone although a database is not back
    ABORTED = "aborted"
    FINISHED = "finished"


ENDS = (EntryKind.FINISHED, EntryKind.ABORTED, EntryKind.CLEARED)
"""What ends a run; nothing after it counts."""


@dataclass(frozen=True)
class Entry:
    """One line of the journal. `step` names the step concerned, `data` holds plain facts."""

    sequence: int
    at: datetime
    kind: EntryKind
    sentence: str
    step: str | None = None
    data: Mapping[str, Fact] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the entry as JSON types; the moment in ISO 8601."""
        return {
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "kind": str(self.kind),
            "step": self.step,
            "sentence": self.sentence,
            "data": dict(self.data),
        }
