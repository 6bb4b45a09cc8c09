"""Security groups: in moto a description makes another rule, and a group in use can be deleted.

Sources: AuthorizeSecurityGroupIngress (a rule is its protocol, ports and source: a duplicate is
refused whatever its description), RevokeSecurityGroupIngress ("you do not need to specify the
description to revoke the rule"), DeleteSecurityGroup (DependencyViolation).
"""

from collections.abc import Iterator
from typing import Any

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule
from moto.elbv2.models import elbv2_backends

from simulator import inside
from simulator.correction import Correction

_delete = SecurityGroupBackend.delete_security_group


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            SecurityGroupRule, "__eq__", is_same_rule, "a description is not part of what a rule is"
        ),
        Correction(
            SecurityGroupBackend, "delete_security_group", delete_security_group,
            "a group that something uses or names cannot be deleted",
        ),
    ]  # fmt: skip


def is_same_rule(self: SecurityGroupRule, other: object) -> bool:
    """Say whether two rules let the same in."""
    return isinstance(other, SecurityGroupRule) and _admitted(self) == _admitted(other)


def _admitted(rule: SecurityGroupRule) -> tuple[Any, ...]:
    return (
        rule.ip_protocol,
        rule.from_port,
        rule.to_port,
        rule.ip_range.get("CidrIp"),
        rule.ip_range.get("CidrIpv6"),
        rule.source_group.get("GroupId"),
        rule.prefix_list_id,
    )


def delete_security_group(
    self: SecurityGroupBackend, name: str | None = None, group_id: str | None = None
) -> None:
    """Delete a group that nothing depends on."""
    group = self.get_security_group_from_id(group_id) if group_id else None
    if group is not None and any(_users(self, group)):
        raise DependencyViolationError(f"resource {group_id} has a dependent object")
    _delete(self, name, group_id)


def _users(backend: Any, group: SecurityGroup) -> Iterator[str]:  # noqa: ANN401 - a moto EC2Backend
    """Name what uses a group: rules of other groups, database instances, load balancers."""
    for groups in backend.groups.values():
        for other in groups.values():
            rules = [*other.ingress_rules, *other.egress_rules]
            if other.id != group.id and any(
                rule.source_group.get("GroupId") == group.id for rule in rules
            ):
                yield other.id
    for name, instance in inside.instances(backend.region_name).items():
        if group.id in instance.vpc_security_group_ids:
            yield name
    for arn, balancer in elbv2_backends[inside.ACCOUNT][backend.region_name].load_balancers.items():
        if group.id in (balancer.security_groups or ()):
            yield arn
