"""Ways to promote the replicas of a fleet: Holdfast's engine, and scripts as people write them.

`bench/recovery.py` runs each in a world of its own. A strategy returns what it knows to be
promoted, and since when; what it has given up on is missing.
"""

from collections.abc import Callable, Mapping
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


def holdfast(fleet: Fleet) -> Known:
    """Lose the home region and let the engine bring the zone back, all steps included."""
    world, manifest = fleet.world, fleet.manifest
    sign_in(world, naming.role(manifest.zone, "failover"), OWNER, manifest.standby_site.region)
    cloud = Cloud(world.clock, VirtualWorkers(world.clock, WIDTH), seed=world.seed)
    around = surroundings(manifest, cloud, SimulatedOutside(world, manifest))
    approver = Approver(around, delay_s=0.0)
    lost = Fault(FaultKind.REGION_LOST, WARM_UP_S, manifest.serving_site.region)
    world.faults.schedule([lost], origin=world.clock.monotonic())
    drive(
        Engine(around, OWNER, Options(approvers=1)),
        world.clock,
        watch=approver.attend,
        until=world.clock.monotonic() + LONGEST_S,
    )
    with world.instantly():
        run = decisions.current(around)
    done = [] if run is None else run.of(EntryKind.DONE)
    steps = [(str(entry.step), entry.at) for entry in done]
    return {step: at for step, at in steps if step.startswith("promote-")}


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
