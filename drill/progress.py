"""What a drill tells while it runs, for `cli.progress` to show."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Moment:
    """Where one zone's drill is, on its own virtual clock."""

    zone: str
    phase: str
    at: datetime
    sentence: str


Watch = Callable[[Moment], None]
