"""What AWS works on by itself after a call has been answered: values, for watchers and drills.

`simulator.lifecycle` writes them; replication, truth and the drill's critical-path floor read.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far an operation is."""

    BEGAN = "began"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True)
class Operation:
    """One thing that AWS took time for: `target` is an ARN or a name, `seconds` what it takes."""

    kind: str
    target: str
    started: datetime
    seconds: float


@dataclass(frozen=True)
class Change:
    """A stage of an operation, told at its instant; `target` is the moto object concerned."""

    kind: str
    stage: Stage
    target: object
