"""The tags of what a call touches, for policies that speak of `aws:ResourceTag`.

`rights.judge` asks only where a policy's condition needs them.
"""

from collections.abc import Mapping

from moto.efs.models import efs_backends
from moto.rds.exceptions import RDSClientError
from moto.rds.models import rds_backends

from simulator.attempt import NotSimulated
from simulator.world import ACCOUNT

_SERVICE, _REGION = 2, 3


def tags_of(resource: str) -> Mapping[str, str]:
    """Return the tags of a resource by its ARN; what is not there yet has none.

    Raises:
        NotSimulated: nobody knows where that service keeps its tags.
    """
    parts = resource.split(":")
    if parts[_SERVICE : _SERVICE + 1] == ["backup"] and ":recovery-point:" in resource:
        return {}  # a point of AWS Backup gets no tag in this world: a hold on it is a legal hold
    if parts[_SERVICE : _SERVICE + 1] == ["elasticfilesystem"]:
        systems = efs_backends[ACCOUNT][parts[_REGION]]
        listed = systems.list_tags_for_resource(resource.rpartition("/")[2])
        return {row["Key"]: row["Value"] for row in listed}
    if len(parts) <= _REGION or parts[_SERVICE] != "rds":
        raise NotSimulated(f"the tags of {resource}")
    try:
        rows = rds_backends[ACCOUNT][parts[_REGION]].list_tags_for_resource(resource)
    except RDSClientError:
        return {}
    return {row["Key"]: row["Value"] for row in rows}
