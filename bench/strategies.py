"""Ways to promote the replicas of a fleet: Holdfast's engine, and scripts as people write them.

`bench/recovery.py` runs each in a world of its own. A strategy returns what it knows to be
promoted, and since when; what it has given up on is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import boto3
from botocore.exceptions import ClientError, WaiterError
from fleet import Fleet

from cloud.door import Cloud
from continuity import naming
from continuity.journal import EntryKind
from drill.approver import Approver
from drill.controllers import WIDTH
from failover import decisions
from failover.aws import surroundings
from failover.driver import drive
from failover.engine import Engine
from failover.options import Options
from failover.progress import Progress, State
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.faults import Fault, FaultKind
from simulator.platform import SimulatedOutside

Known = Mapping[str, datetime]
Strategy = Callable[[Fleet], Known]

OWNER = "bench"
WARM_UP_S = 180.0
LONGEST_S = 6 * 3600.0
AFTER_THE_CALL_S = 30.0
"""AWS says `available` for some seconds after the call: a waiter alone would be content at once."""


@dataclass(frozen=True)
class Recovered:
    """How the engine's run went: when it was begun, when each step was done, how it ended."""

    began: datetime
    done: Mapping[str, datetime]
    ended: datetime
    state: State

    @property
    def seconds(self) -> float:
        """Return the virtual seconds from the decision to the end."""
        return (self.ended - self.began).total_seconds()


def holdfast(fleet: Fleet) -> Known:
    """Lose the home region and let the engine bring the zone back, all steps included."""
    done = recover(fleet).done
    return {step: at for step, at in done.items() if step.startswith("promote-")}


def recover(fleet: Fleet, *, answering: bool = False) -> Recovered:
    """Lose the home region and recover; `answering` lets it answer again once that is decided."""
    world, manifest = fleet.world, fleet.manifest
    sign_in(world, naming.role(manifest.zone, "failover"), OWNER, manifest.standby_site.region)
    cloud = Cloud(world.clock, VirtualWorkers(world.clock, WIDTH), seed=world.seed)
    around = surroundings(manifest, cloud, SimulatedOutside(world, manifest))
    approver = Approver(around, delay_s=0.0)
    home = manifest.serving_site.region
    returning = [Fault(FaultKind.REGION_RETURNS, 0.0, home)] if answering else []

    def watch(progress: Progress) -> None:
        if progress.state is State.RUNNING and returning:
            world.faults.schedule([returning.pop()], origin=world.clock.monotonic())
        approver.attend(progress)

    lost = Fault(FaultKind.REGION_LOST, WARM_UP_S, home)
    world.faults.schedule([lost], origin=world.clock.monotonic())
    last = drive(
        Engine(around, OWNER, Options(approvers=1)),
        world.clock,
        watch=watch,
        until=world.clock.monotonic() + LONGEST_S,
    )
    with world.instantly():
        run = decisions.current(around)
    entries = () if run is None else run.entries
    return Recovered(
        began=next(entry.at for entry in entries if entry.kind is EntryKind.DIAGNOSED),
        done={str(one.step): one.at for one in entries if one.kind is EntryKind.DONE},
        ended=entries[-1].at,
        state=last.state,
    )


def one_after_the_other(fleet: Fleet) -> Known:
    """Promote, wait with boto3's waiter, next: the script that most runbooks contain."""
    promoted = partial(_promote_and_wait, fleet, _client(fleet))
    return _known(fleet.replicas, [promoted(replica) for replica in fleet.replicas])


def thread_per_database(fleet: Fleet) -> Known:
    """Do the same for every database at once, each in a thread, with botocore's own retries."""
    promoted = partial(_promote_and_wait, fleet, _client(fleet))
    workers = VirtualWorkers(fleet.world.clock, len(fleet.replicas))
    return _known(
        fleet.replicas, workers.run([partial(promoted, replica) for replica in fleet.replicas])
    )


def _client(fleet: Fleet) -> Any:  # noqa: ANN401 - boto3's clients have no common type
    region = fleet.manifest.standby_site.region
    return boto3.client("rds", region_name=region)  # noqa: TID251 - a script has nothing better


def _promote_and_wait(fleet: Fleet, client: Any, replica: str) -> datetime | None:  # noqa: ANN401 - as above
    """Return when the script saw the replica promoted; None where an error ended it."""
    clock = fleet.world.clock
    try:
        client.promote_read_replica(DBInstanceIdentifier=replica)
        clock.sleep(AFTER_THE_CALL_S)
        client.get_waiter("db_instance_available").wait(DBInstanceIdentifier=replica)
    except (ClientError, WaiterError):
        return None
    return clock.now()


def _known(replicas: list[str], moments: list[datetime | None]) -> Known:
    pairs = zip(replicas, moments, strict=True)
    return {replica: moment for replica, moment in pairs if moment is not None}
