"""How long AWS takes: durations as data, each with a source or called an assumption.

`simulator.lifecycle` draws how long a change of a resource takes. What is said to be an
assumption is one: AWS publishes hardly any numbers, so drills measure against these.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from types import MappingProxyType

from simulator.latency import LATENCIES, Latencies
from simulator.token_buckets import REQUEST_LIMITS, Limits


class Takes(StrEnum):
    """What takes time in the simulated AWS."""

    CREATE_DATABASE = "create-database"
    CREATE_REPLICA = "create-replica"
    MODIFY_DATABASE = "modify-database"
    NOTICE_MODIFICATION = "notice-modification"
    REBOOT_DATABASE = "reboot-database"
    NOTICE_PROMOTION = "notice-promotion"
    PROMOTE_REPLICA = "promote-replica"
    STOP_DATABASE = "stop-database"
    START_DATABASE = "start-database"
    DELETE_DATABASE = "delete-database"
    SNAPSHOT = "snapshot"
    COPY_SNAPSHOT = "copy-snapshot"
    COPY_CHANGES = "copy-changes"
    RESTORE_SNAPSHOT = "restore-snapshot"
    RESTORE_TO_TIME = "restore-to-time"
    LOAD_STORAGE = "load-storage"
    RENAME_DATABASE = "rename-database"
    FAIL_OVER_ZONE = "fail-over-zone"
    REPLICATE_BACKUPS = "replicate-backups"
    BACK_UP_FILES = "back-up-files"
    COPY_FILES = "copy-files"
    HOLD_LEGALLY = "hold-legally"
    RESTORE_FILES = "restore-files"
    MAKE_MOUNT = "make-mount"
    DELETE_MOUNT = "delete-mount"
    MAKE_ACCESS_POINT = "make-access-point"
    CHANGE_FUNCTION = "change-function"
    REPLICATE_OBJECT = "replicate-object"
    START_TASK = "start-task"
    STOP_TASK = "stop-task"
    PROPAGATE_DNS_CHANGE = "propagate-dns-change"
    NOTICE_MISSING_KEY = "notice-missing-key"


@dataclass(frozen=True)
class Duration:
    """A lognormal time around `median_s` plus size, within `low_s..high_s`; sigma 0 is fixed."""

    median_s: float
    source: str
    sigma: float = 0.0
    low_s: float = 0.0
    high_s: float = math.inf
    per_gb_s: float = 0.0

    def draw(self, random: Random, size_gb: float = 0.0) -> float:
        """Return seconds for something of this size."""
        median = self.median_s + self.per_gb_s * size_gb
        seconds = median * math.exp(random.gauss(0.0, self.sigma)) if self.sigma else median
        return min(self.high_s, max(self.low_s, seconds))


DURATIONS: Mapping[str, Duration] = MappingProxyType(
    {
        Takes.CREATE_DATABASE: Duration(420, "assumption: 5 to 10 minutes", 0.25, 180, 1800),
        Takes.CREATE_REPLICA: Duration(
            1200,
            'RDS guide: a cross-region replica "can take hours": snapshot, copy, load. '
            "Assumption: 20 minutes and 30 s per GB",
            0.25,
            600,
            86_400,
            per_gb_s=30,
        ),
        Takes.MODIFY_DATABASE: Duration(180, "assumption: class and storage change", 0.3, 45, 1800),
        Takes.NOTICE_MODIFICATION: Duration(20, "assumption: settings that need no change", 0.3, 5),
        Takes.REBOOT_DATABASE: Duration(60, "assumption: about a minute", 0.3, 20, 300),
        Takes.NOTICE_PROMOTION: Duration(
            12, "assumption: the status stays available for a moment after the call", 0.4, 4, 30
        ),
        Takes.PROMOTE_REPLICA: Duration(
            180,
            'RDS guide: "several minutes or longer", reboot included, no public benchmark. '
            "Assumption: lognormal, median 180 s, sigma 0.35, 60 to 900 s",
            0.35,
            60,
            900,
        ),
        Takes.STOP_DATABASE: Duration(180, "assumption", 0.3, 60, 900),
        Takes.START_DATABASE: Duration(300, "assumption", 0.3, 120, 1800),
        Takes.DELETE_DATABASE: Duration(240, "assumption", 0.3, 60, 1800),
        Takes.SNAPSHOT: Duration(
            120, "assumption: incremental, 0.5 s per GB", 0.3, 60, 14_400, per_gb_s=0.5
        ),
        Takes.COPY_SNAPSHOT: Duration(
            300,
            'RDS guide: "can take hours". Assumption: about 50 MB/s, 20 s per GB',
            0.35,
            120,
            86_400,
            per_gb_s=20,
        ),
        Takes.COPY_CHANGES: Duration(
            300,
            "RDS guide: a copy is incremental where the newest one is there under the same key. "
            "Assumption: 5 % of it changed since, so 1 s per GB",
            0.35,
            120,
            86_400,
            per_gb_s=1,
        ),
        Takes.RESTORE_SNAPSHOT: Duration(
            900,
            "assumption: available in 15 minutes, 1 s per GB (lazy loading)",
            0.3,
            300,
            14_400,
            1,
        ),
        Takes.RESTORE_TO_TIME: Duration(
            1200,
            "assumption: as from a snapshot, and logs to replay: 2 s per GB",
            0.3,
            400,
            28_800,
            2,
        ),
        Takes.LOAD_STORAGE: Duration(
            5400,
            "assumption: blocks come from S3 for 90 minutes and 20 s per GB, from the call on",
            0.2,
            3600,
            per_gb_s=20,
        ),
        Takes.RENAME_DATABASE: Duration(
            90, "API reference: a rename reboots the instance. Assumption: 90 s", 0.3, 40, 600
        ),
        Takes.FAIL_OVER_ZONE: Duration(
            85, "RDS guide: a Multi-AZ failover typically takes 60 to 120 s", 0.2, 60, 120
        ),
        Takes.REPLICATE_BACKUPS: Duration(
            1800, "assumption: first copy of the backups, 20 s per GB", 0.3, 600, 86_400, 20
        ),
        Takes.BACK_UP_FILES: Duration(1800, "assumption: a daily point is incremental", 0.3, 300),
        Takes.COPY_FILES: Duration(3600, "assumption: incremental, into another region", 0.3, 600),
        Takes.HOLD_LEGALLY: Duration(120, "assumption: begun and ended in minutes", 0.3, 30, 900),
        Takes.RESTORE_FILES: Duration(
            2700,
            "AWS Backup guide: no promise for how long a restore takes. Assumption: 45 minutes, "
            "30 s per GB",
            0.3,
            900,
            86_400,
            per_gb_s=30,
        ),
        Takes.MAKE_MOUNT: Duration(90, "assumption: a mount target, up to minutes", 0.3, 30, 300),
        Takes.DELETE_MOUNT: Duration(60, "assumption: as long as its interface", 0.3, 15, 300),
        Takes.MAKE_ACCESS_POINT: Duration(5, "assumption: some seconds", 0.3, 1, 60),
        Takes.CHANGE_FUNCTION: Duration(
            45,
            'Lambda API, UpdateFunctionConfiguration: of a function in a network it "can take a '
            'minute"',
            0.3,
            10,
            180,
        ),
        Takes.REPLICATE_OBJECT: Duration(
            20,
            'S3 guide: "most objects in seconds and 99.9 percent within 15 minutes". '
            "Assumption: median 20 s",
            0.6,
            2,
            900,
        ),
        Takes.START_TASK: Duration(
            45, "assumption: Fargate, image pull and start included", 0.3, 20, 240
        ),
        Takes.STOP_TASK: Duration(30, "ECS guide: stopTimeout 30 s by default", 0.2, 2, 120),
        Takes.PROPAGATE_DNS_CHANGE: Duration(
            40, "Route 53 guide: changes propagate within 60 seconds", 0.2, 10, 60
        ),
        Takes.NOTICE_MISSING_KEY: Duration(
            300, "assumption: RDS asks for a key again within minutes", 0.3, 60, 1800
        ),
    }
)


@dataclass(frozen=True)
class Timings:
    """Everything in a world that takes time or is counted against a rate."""

    durations: Mapping[str, Duration] = field(default_factory=lambda: DURATIONS)
    latencies: Latencies = LATENCIES
    limits: Mapping[str, Limits] = field(default_factory=lambda: REQUEST_LIMITS)

    def draw(self, kind: str, random: Random, size_gb: float = 0.0) -> float:
        """Return how many seconds a change of this kind takes this time."""
        return self.durations[kind].draw(random, size_gb)


TIMINGS = Timings()
"""What a world uses unless told otherwise."""
