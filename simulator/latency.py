"""How long a single call is under way, there and back.

Numbers of the recovery-time model: control-plane calls 0.15 to 0.35 s, a page of a hundred
database instances 0.25 s more, changing calls 0.3 to 0.6 s, all of them assumptions from
experience. Data planes answer in tens of milliseconds (DynamoDB and S3 guides: single-digit to
100-200 ms).
"""

from dataclasses import dataclass
from random import Random

DATA_PLANES = frozenset({"dynamodb", "s3", "sqs", "kms", "secretsmanager", "sts"})
SHARE_BEFORE = 0.6
"""How much of a call has passed when AWS acts; the answer still has to travel."""


@dataclass(frozen=True)
class Range:
    """Uniform seconds."""

    low_s: float
    high_s: float


@dataclass(frozen=True)
class Latencies:
    """Seconds per kind of call, and per answered megabyte."""

    reading: Range = Range(0.15, 0.35)
    mutating: Range = Range(0.3, 0.6)
    data_plane: Range = Range(0.01, 0.06)
    per_megabyte_s: float = 0.6

    def draw(self, service: str, *, mutating: bool, random: Random) -> float:
        """Return how long a call of this kind takes this time."""
        chosen = self.mutating if mutating else self.reading
        if service in DATA_PLANES:
            chosen = self.data_plane
        return random.uniform(chosen.low_s, chosen.high_s)

    def answer_s(self, size_bytes: int) -> float:
        """Return how much longer a big answer takes."""
        return size_bytes / 1_000_000 * self.per_megabyte_s


LATENCIES = Latencies()
