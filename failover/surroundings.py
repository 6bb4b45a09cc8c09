"""Everything around an engine that is passed in: the zone, the world, the memory and the time.

`failover.aws.surroundings` makes one for AWS; the engine, decisions and readiness take it.
"""

from dataclasses import dataclass, field

from backup.restore_times import RestoreTimes
from continuity.clock import Clock
from continuity.manifest import Manifest
from continuity.outside import Outside
from failover.courier import Courier, NoCourier
from failover.memory import Memory
from failover.ports import Crew, Sight
from failover.recorder import Nowhere, Recorder


@dataclass(frozen=True)
class Surroundings:
    """One zone as one driver reaches it; `times` is what trials of restores measured before.

    `recorder` keeps the record of the zone's incidents, `courier` delivers what people are told.
    """

    manifest: Manifest
    sight: Sight
    crew: Crew
    memory: Memory
    outside: Outside
    clock: Clock
    times: RestoreTimes = field(default_factory=RestoreTimes)
    recorder: Recorder = field(default_factory=Nowhere)
    courier: Courier = field(default_factory=NoCourier)
