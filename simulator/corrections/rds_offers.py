"""RDS: what a region offers and how much of it the account may have; moto knows neither.

moto lists orderable options of Aurora and Neptune only, and lacks DescribeAccountAttributes.
Assumption: every region offers every version and class, with Multi-AZ, unless the world withholds
a class there. Source of the shapes: the API references of both operations.
"""

from moto.core.responses import ActionResult
from moto.rds.responses import RDSResponse

from simulator import limits
from simulator.correction import Correction
from simulator.corrections.rds_refusals import manual_snapshots
from simulator.per_world import PerWorld
from simulator.world import World, current

_WITHHELD: PerWorld[frozenset[tuple[str, str]]] = PerWorld()
_ZONES = "abc"


def withhold(world: World, region: str, instance_class: str) -> None:
    """Let a region of this world offer a class no more."""
    _WITHHELD.give(world, (_WITHHELD.of(world) or frozenset()) | {(region, instance_class)})


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            RDSResponse, "describe_orderable_db_instance_options", describe_offers,
            "PostgreSQL can be ordered too",
        ),
        Correction(
            RDSResponse, "describe_account_attributes", describe_account_attributes,
            "moto does not have the operation",
        ),
    ]  # fmt: skip


def describe_offers(self: RDSResponse) -> ActionResult:
    """Offer what is asked for, unless it is withheld."""
    region, asked = self.backend.region_name, self.params
    instance_class = asked.get("DBInstanceClass")
    if (region, instance_class) in (_WITHHELD.of(current()) or ()):
        return ActionResult({"OrderableDBInstanceOptions": []})
    option = {
        "Engine": asked.get("Engine"),
        "EngineVersion": asked.get("EngineVersion"),
        "DBInstanceClass": instance_class,
        "MultiAZCapable": True,
        "ReadReplicaCapable": True,
        "Vpc": True,
        "AvailabilityZones": [{"Name": f"{region}{letter}"} for letter in _ZONES],
    }
    return ActionResult({"OrderableDBInstanceOptions": [option]})


def describe_account_attributes(self: RDSResponse) -> ActionResult:
    """Count what there is against what there may be."""
    most = limits.limit(current(), self.backend.region_name, limits.DB_INSTANCES)
    found = {
        limits.DB_INSTANCES: (len(self.backend.databases), most),
        limits.MANUAL_SNAPSHOTS: manual_snapshots(self.backend),
    }
    rows = [
        {"AccountQuotaName": name, "Used": used, "Max": maximum}
        for name, (used, maximum) in found.items()
    ]
    return ActionResult({"AccountQuotas": rows})
