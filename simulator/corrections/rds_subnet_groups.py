"""RDS subnet groups: in moto a modified group is gone afterwards.

Source: the API reference of ModifyDBSubnetGroup: it modifies an existing group.
"""

from typing import Any

from moto.rds.exceptions import DBSubnetGroupNotFoundError
from moto.rds.models import DBSubnetGroup, RDSBackend

from simulator.correction import Correction

_modify = RDSBackend.modify_db_subnet_group


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            RDSBackend, "modify_db_subnet_group", modify_db_subnet_group, "a modified group stays"
        ),
    ]


def modify_db_subnet_group(
    self: RDSBackend, subnet_name: str, description: str | None, subnets: list[Any]
) -> DBSubnetGroup:
    """Modify a group where it is."""
    if subnet_name not in self.subnet_groups:
        raise DBSubnetGroupNotFoundError(subnet_name)
    group = _modify(self, subnet_name, description, subnets)
    self.subnet_groups[subnet_name] = group
    return group
