"""What can go wrong in a world: the closed list of kinds, one row of a scenario, its checks.

`drill.fault_rows` reads rows, `simulator.faults` is the calendar that begins and ends them.
Nothing here imports moto: usage errors are answered without it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from continuity.errors import Problem


class FaultKind(StrEnum):
    """The closed list of what scenarios may ask for."""

    REGION_LOST = "region-lost"  # every call to it fails, what runs there stands still
    REGION_RETURNS = "region-returns"
    REGION_FLAPS = "region-flaps"  # gone for `seconds`, back for `seconds`, and so on
    THROTTLE = "throttle"
    SERVER_ERRORS = "server-errors"
    LOST_REPLY = "lost-reply"  # AWS acted, the answer never came
    READ_TIMEOUT = "read-timeout"  # AWS did not act, the answer never came
    SLOW = "slow"  # each call takes `seconds` longer
    DENIED = "denied"
    PROMOTION_FAILS = "promotion-fails"
    PROMOTION_STALLS = "promotion-stalls"  # begins and never ends
    REPLICA_LAG = "replica-lag"  # replicas apply what they receive `seconds` late
    REPLICA_BROKEN = "replica-broken"  # replicas stop applying and say so
    LAG_UNKNOWN = "lag-unknown"  # no lag is measured any more
    SNAPSHOT_UNUSABLE = "snapshot-unusable"  # no snapshot can be restored
    COPY_IN_FLIGHT = "copy-in-flight"  # the newest copy of a snapshot does not get done
    SCHEDULE_MISSED = "schedule-missed"  # no schedule of a region fires; in a drill none does
    KEY_MISSING = "key-missing"  # the KMS keys of a region are disabled
    QUOTA_EXCEEDED = "quota-exceeded"  # no further Fargate task, no further manual snapshot
    CAPACITY_MISSING = "capacity-missing"  # AWS has no room for a further Fargate task
    CONTROLLER_KILLED = "controller-killed"
    CONTROLLER_PAUSED = "controller-paused"
    SECOND_CONTROLLER = "second-controller"
    CLOCK_SKEW = "clock-skew"
    OPERATOR_SILENT = "operator-silent"
    BAD_RELEASE = "bad-release"  # a pipeline deploys tasks that fail, `seconds` later or at once
    TASKS_LOST = "tasks-lost"  # every task dies, and what ECS starts in its place dies too
    DATA_CORRUPTED = "data-corrupted"  # until mended; of `file-system`, what is taken is torn
    DATABASE_LOST = "database-lost"  # one instance loses its storage


CALL_KINDS = frozenset(
    {
        FaultKind.THROTTLE,
        FaultKind.SERVER_ERRORS,
        FaultKind.LOST_REPLY,
        FaultKind.READ_TIMEOUT,
        FaultKind.SLOW,
        FaultKind.DENIED,
    }
)
"""What happens to single calls; `region`, `service` and `operation` narrow it."""

STOPPING_KINDS = frozenset({FaultKind.CONTROLLER_KILLED, FaultKind.CONTROLLER_PAUSED})
"""What stops a controller at a call; `lasts_s` is how long it is gone, for ever if None."""

NEEDS_REGION = frozenset(
    {
        FaultKind.REGION_LOST,
        FaultKind.REGION_RETURNS,
        FaultKind.REGION_FLAPS,
        FaultKind.KEY_MISSING,
        FaultKind.DATABASE_LOST,
        FaultKind.BAD_RELEASE,
        FaultKind.TASKS_LOST,
    }
)
NEEDS_DATABASE = frozenset({FaultKind.DATABASE_LOST, FaultKind.DATA_CORRUPTED})
NEEDS_SECONDS = frozenset(
    {FaultKind.SLOW, FaultKind.REPLICA_LAG, FaultKind.REGION_FLAPS, FaultKind.CLOCK_SKEW}
)
NEEDS_LENGTH = frozenset({FaultKind.REGION_FLAPS, FaultKind.CONTROLLER_PAUSED})


@dataclass(frozen=True)
class Fault:
    """One row of a scenario; a field that is None does not narrow.

    `at_s` counts from the start of the scenario, `lasts_s` from there on (None: for ever).
    `times` bounds how many calls or changes are hit, `rate` is the share of calls hit.
    `service` is boto3's name; `operation` may hold `*`; `database` is a database's name in its
    zone, or an instance identifier. `seconds` is how slow, how late, or how far off. `after` says
    whether a controller stops once AWS has acted, or before it sends the call. `both_zones` takes
    the storage of a Multi-AZ instance in both.
    """

    kind: FaultKind
    at_s: float
    region: str | None = None
    service: str | None = None
    operation: str | None = None
    database: str | None = None
    lasts_s: float | None = None
    times: int | None = None
    rate: float = 1.0
    seconds: float | None = None
    after: bool = True
    both_zones: bool = False


def problems(faults: Iterable[Fault]) -> list[Problem]:
    """Return what is wrong with the rows, each problem at `fault[index].field`."""
    found = []
    for index, fault in enumerate(faults):
        path = f"fault[{index}]"
        if fault.kind in NEEDS_REGION and fault.region is None:
            found.append(Problem(f"{path}.region", f"{fault.kind} needs a region"))
        if fault.kind in NEEDS_DATABASE and fault.database is None:
            found.append(Problem(f"{path}.database", f"{fault.kind} needs a database"))
        if fault.kind in NEEDS_SECONDS and fault.seconds is None:
            found.append(Problem(f"{path}.seconds", f"{fault.kind} needs seconds"))
        elif fault.kind is FaultKind.REGION_FLAPS and (fault.seconds or 0.0) <= 0.0:
            found.append(Problem(f"{path}.seconds", "must be more than nothing"))
        if fault.kind in NEEDS_LENGTH and fault.lasts_s is None:
            found.append(Problem(f"{path}.lasts_s", f"{fault.kind} needs an end"))
        if not 0.0 < fault.rate <= 1.0:
            found.append(Problem(f"{path}.rate", f"{fault.rate} is not within 0 and 1"))
    return found
