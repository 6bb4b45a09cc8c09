"""Data that somebody damages: `data-corrupted`, an update without its condition.

`simulator.strikes` begins it. The damage is a commit like any other: replicas receive it, backups
of a later moment and snapshots taken later have it, earlier ones are clean. Clients notice nothing
and go on writing. Where the fault has an end somebody mends the rows then, by another commit. Of a
shared file system what clients see stays well, and what AWS Backup takes of it meanwhile is torn
(`shared_files.taken_of`).
"""

from simulator import inside
from simulator.content import Content
from simulator.fault import Fault, FaultKind
from simulator.world import World


def watch(world: World) -> None:
    """Let `data-corrupted` strike in a world from now on."""

    def struck(fault: Fault, begins: bool) -> None:
        content = Content.of(world)
        for instance in inside.named(fault.region, fault.database):
            rows = None if instance.is_replica else content.rows(instance)
            takes_writes = instance.status in inside.CONNECTABLE and inside.has_storage(instance)
            if rows is not None and takes_writes and not world.faults.region_lost(instance.region):
                turn = rows.damage if begins else rows.mend
                turn(world.clock.monotonic())

    world.faults.on_kind(FaultKind.DATA_CORRUPTED, struck)
