"""Keeping the old site's application away from its databases, as well as its region lets us.

The region may be dead: everything here goes out at reach IMPAIRED, one short attempt a call, and
the failover records what came of it without waiting for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloud.clients import Reach
from cloud.door import Cloud, Door
from cloud.effects import Effect
from cloud.failures import Missing
from cloud.permitted import permitted
from cloud.services import Scaling, describe, scale, scaling, set_scaling
from continuity.manifest import Site
from continuity.permissions import (
    DESCRIBE_GROUPS,
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    REGISTER_SCALING,
    REVOKE_INGRESS,
    UPDATE_SERVICE,
)


@dataclass(frozen=True)
class FenceState:
    """Whether a site's databases admit its application, and how many tasks run or may run there.

    `desired` is what the service should run and `running` what it still does; `most` is as many as
    automatic scaling would start. None where there is no service, or nothing that scales it.
    """

    admits_application: bool
    desired: int | None
    running: int | None = None
    most: int | None = None

    @property
    def closed(self) -> bool:
        """Say whether nothing of the site can begin to write: no way in, and nobody to take it.

        Tasks that still run are being stopped; what they have open ends with them.
        """
        return not self.admits_application and not self.desired and not self.most


@permitted(DESCRIBE_GROUPS, DESCRIBE_SERVICES, DESCRIBE_SCALING)
def look(cloud: Cloud, site: Site) -> FenceState:
    """Return the fence of a site. Raises Unreachable after about 5 s if its region is dead."""
    door = cloud.at(site.region, Reach.IMPAIRED)
    rules = _rules(door, site)
    service = describe(door, site.hosting.cluster, site.hosting.service)
    bounds = scaling(door, site.hosting.scalable_target)
    return FenceState(
        bool(rules),
        service.desired if service else None,
        service.running if service else None,
        bounds.maximum if bounds else None,
    )


@permitted(DESCRIBE_GROUPS, REVOKE_INGRESS)
def shut(cloud: Cloud, site: Site) -> Effect:
    """Take away the rules that let the application's group reach the databases."""
    door = cloud.at(site.region, Reach.IMPAIRED)
    rules = _rules(door, site)
    if not rules:
        return Effect.ALREADY
    try:
        door.change(
            "ec2",
            "RevokeSecurityGroupIngress",
            GroupId=site.database_security_group,
            IpPermissions=rules,
        )
    except Missing:
        # Only if somebody took the rules away between the look and the call.
        if _rules(door, site):
            raise
        return Effect.ALREADY
    return Effect.MADE


@permitted(REGISTER_SCALING, UPDATE_SERVICE)
def stop(cloud: Cloud, site: Site) -> Effect:
    """Scale the site's platform to nothing, bounds first, so that autoscaling keeps it there."""
    door = cloud.at(site.region, Reach.IMPAIRED)
    set_scaling(door, site.hosting.scalable_target, Scaling(0, 0))
    return scale(door, site.hosting.cluster, site.hosting.service, 0)


def _rules(door: Door, site: Site) -> list[dict[str, object]]:
    """Return the database group's rules that name the application's, as revoking wants them."""
    reply = door.read("ec2", "DescribeSecurityGroups", GroupIds=[site.database_security_group])
    permissions = [rule for group in reply["SecurityGroups"] for rule in group["IpPermissions"]]
    return [
        rule
        for permission in permissions
        if (rule := _narrowed(permission, site.application_security_group))["UserIdGroupPairs"]
    ]


def _narrowed(permission: Mapping[str, Any], group: str) -> dict[str, object]:
    ports = {key: permission[key] for key in ("FromPort", "ToPort") if key in permission}
    pairs = [
        {key: pair[key] for key in ("GroupId", "UserId", "Description") if key in pair}
        for pair in permission.get("UserIdGroupPairs", ())
        if pair.get("GroupId") == group
    ]
    return {"IpProtocol": permission["IpProtocol"], **ports, "UserIdGroupPairs": pairs}
