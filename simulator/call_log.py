"""Every call that a world saw, and what became of it.

`simulator.transport` writes it; drills count from it, `simulator.truth` and tests judge by it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_READING = (
    "Describe",
    "Get",
    "List",
    "Head",
    "Query",
    "Scan",
    "Search",
    "Select",
    "BatchGet",
    "TransactGet",
    "Lookup",
    "Filter",
    "Simulate",
    "Test",
    "Download",
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "AssumeRole",
)


class Outcome(StrEnum):
    """What became of one call, as its caller saw it."""

    OK = "ok"
    REFUSED = "refused"  # AWS answered with an error of its own
    THROTTLED = "throttled"
    SERVER_ERROR = "server-error"
    DENIED = "denied"
    UNREACHABLE = "unreachable"  # no connection
    NO_REPLY = "no-reply"  # not executed, and the caller cannot know
    REPLY_LOST = "reply-lost"  # executed, and the caller cannot know


@dataclass(frozen=True)
class Call:
    """One attempt of one call. `service` is boto3's name, `at` when it was sent.

    `key` is the access key that it was signed with.
    """

    service: str
    operation: str
    region: str
    at: datetime
    outcome: Outcome = Outcome.OK
    code: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict, repr=False)
    key: str | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """Return `rds.PromoteReadReplica`."""
        return f"{self.service}.{self.operation}"

    @property
    def mutating(self) -> bool:
        """Say whether the operation changes anything, judging by its name."""
        return not self.operation.startswith(_READING)

    @property
    def effect(self) -> bool:
        """Say whether AWS changed something because of this call."""
        return self.mutating and self.outcome in (Outcome.OK, Outcome.REPLY_LOST)


class CallLog:
    """The calls of a world in the order in which they ended, retries of botocore included."""

    def __init__(self) -> None:
        self._calls: list[Call] = []

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def append(self, call: Call) -> None:
        """Note a call that ended."""
        self._calls.append(call)

    def counts(self, outcome: Outcome | None = None) -> dict[str, int]:
        """Return how many calls of each name there were, `{"rds.DescribeDBInstances": 29}`."""
        chosen = (call for call in self._calls if outcome in (None, call.outcome))
        return dict(sorted(Counter(call.name for call in chosen).items()))

    def effects(self) -> list[Call]:
        """Return the calls that changed something."""
        return [call for call in self._calls if call.effect]
