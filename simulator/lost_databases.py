"""Database instances that lose their storage: `database-lost`.

`simulator.strikes` begins it. A Multi-AZ instance changes over to its other zone within two
minutes and loses nothing; where both zones are gone, or there is but one, the instance is
`failed`: its writes fail, its replicas receive nothing more and its logs end there.

Sources: RDS guide (Multi-AZ failover "typically 60 to 120 seconds"; status `failed`: "the DB
instance has failed and RDS can't recover it. Perform a point-in-time restore"). Assumption: the
status stays `available` while an instance changes over.
"""

from typing import Any

from simulator import backup_history, inside, lifecycle
from simulator.content import Content
from simulator.fault import Fault, FaultKind
from simulator.operations import Stage
from simulator.timings import Takes
from simulator.world import World

FAILED = "failed"

Instance = Any
"""A moto `DBInstance`; moto is untyped here."""


def watch(world: World) -> None:
    """Let `database-lost` strike in a world from now on."""

    def struck(fault: Fault, begins: bool) -> None:
        for instance in inside.named(fault.region, fault.database):
            if not begins:
                _return(instance)
            elif instance.multi_az and not fault.both_zones:
                _change_over(world, instance)
            else:
                _fail(instance)

    world.faults.on_kind(FaultKind.DATABASE_LOST, struck)


def _change_over(world: World, instance: Instance) -> None:
    """Let the other availability zone take over."""
    instance._holdfast_storage_lost = True
    seconds = lifecycle.draw(instance, Takes.FAIL_OVER_ZONE)

    def there_again() -> None:
        if instance.status != FAILED:
            instance._holdfast_storage_lost = False
            Content.of(world).look()

    lifecycle.after_up(instance.region, seconds, there_again)


def _fail(instance: Instance) -> None:
    """Give an instance up; what AWS was doing with it never ends."""
    lifecycle.begin(instance, FaultKind.DATABASE_LOST)
    lifecycle.end(instance, FaultKind.DATABASE_LOST, status=FAILED, stage=Stage.FAILED)
    instance._holdfast_storage_lost = True
    backup_history.end(instance)


def _return(instance: Instance) -> None:
    """Find the storage again, in the state in which it went."""
    instance._holdfast_storage_lost = False
    if instance.status == FAILED:
        instance.status = lifecycle.AVAILABLE
        backup_history.go_on(instance)
