"""Load balancers: moto's targets are always healthy, names repeat, zones are no region's.

Sources: AWS general reference, "Elastic Load Balancing endpoints and quotas" (hosted zone ids of
application load balancers by region); CreateLoadBalancer ("at least two Availability Zones", and
repeating it with the same settings succeeds); CreateListener (HTTPS needs a certificate).
"""

from collections.abc import Sequence
from typing import Any

from moto.acm.models import acm_backends
from moto.core import errors
from moto.elbv2.exceptions import DuplicateLoadBalancerName, ELBClientError
from moto.elbv2.models import (
    ELBv2Backend,
    FakeHealthStatus,
    FakeListener,
    FakeLoadBalancer,
    FakeTargetGroup,
)

from simulator import inside, target_health
from simulator.correction import Correction

HOSTED_ZONES = {
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-northeast-2": "ZWKZPGTI48KDX",
    "ap-northeast-3": "Z5LXEXXYW11ES",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
}
"""The hosted zone that an alias to an application load balancer of a region has to name."""

_FEWEST_ZONES = 2
_NOT_ISSUED = "UnsupportedCertificate"

_create_load_balancer = ELBv2Backend.create_load_balancer
_create_listener = ELBv2Backend.create_listener
_describe_target_health = ELBv2Backend.describe_target_health


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            ELBv2Backend, "create_load_balancer", create_load_balancer,
            "a name is unique in its region, two zones are needed, the hosted zone is the region's",
        ),
        Correction(
            ELBv2Backend, "create_listener", create_listener,
            "HTTPS needs a certificate that has been issued",
        ),
        Correction(
            ELBv2Backend, "describe_target_health", describe_target_health,
            "an ECS service registers the tasks that run, and no others",
        ),
        Correction(
            errors, "COMMON_ERROR_CODES", [*errors.COMMON_ERROR_CODES, _NOT_ISSUED],
            "AWS answers with a code that its own model of the service leaves out",
        ),
    ]  # fmt: skip


def create_load_balancer(
    self: ELBv2Backend,
    name: str,
    security_groups: list[str],
    subnet_ids: list[str],
    **rest: object,
) -> FakeLoadBalancer:
    """Create a load balancer; the same one again is the same one."""
    for existing in self.load_balancers.values():
        if existing.name == name:
            same = {subnet.id for subnet in existing.subnets} == set(subnet_ids)
            if same and set(existing.security_groups) == set(security_groups):
                return existing
            raise DuplicateLoadBalancerName
    balancer = _create_load_balancer(self, name, security_groups, subnet_ids, **rest)
    if balancer.type == "application":
        if len({subnet.availability_zone for subnet in balancer.subnets}) < _FEWEST_ZONES:
            del self.load_balancers[balancer.arn]
            raise ELBClientError(
                "ValidationError",
                "At least two subnets in two different Availability Zones must be specified",
            )
        balancer.canonical_hosted_zone_id = HOSTED_ZONES[self.region_name]
    return balancer


def create_listener(
    self: ELBv2Backend,
    *args: object,
    **kwargs: object,
) -> FakeListener:
    """Create a listener; an encrypted one with a certificate that is ready."""
    names = ("load_balancer_arn", "protocol", "port", "ssl_policy", "certificate")
    asked: dict[str, Any] = dict(zip(names, args, strict=False)) | kwargs
    if asked["protocol"] in ("HTTPS", "TLS"):
        _check_certificate(self, asked.get("certificate"))
    return _create_listener(self, *args, **kwargs)


def _check_certificate(backend: ELBv2Backend, arn: str | None) -> None:
    if not arn:
        raise ELBClientError(
            "ValidationError", "A certificate must be specified for HTTPS listeners"
        )
    if ":acm:" not in arn:
        return
    found = acm_backends[inside.ACCOUNT][backend.region_name]._certificates.get(arn)
    if found is None:
        raise ELBClientError("CertificateNotFound", f"Certificate '{arn}' not found")
    found.check()
    if found.status != "ISSUED":
        raise ELBClientError(
            _NOT_ISSUED,
            f"The certificate '{arn}' must have a fully-qualified domain name, a supported "
            "signature, and a supported key size.",
        )


def describe_target_health(
    self: ELBv2Backend, target_group_arn: str, targets: Sequence[dict[str, Any]]
) -> list[FakeHealthStatus]:
    """Describe what is registered: the running tasks where a service keeps the group."""
    group = self.target_groups.get(target_group_arn)
    if group is None or targets or not target_health.is_kept_by_ecs(self.region_name, group):
        found: list[FakeHealthStatus] = _describe_target_health(self, target_group_arn, targets)
        return found
    return [
        _health(group, address, healthy=healthy)
        for address, healthy in target_health.targets(self.region_name, group)
    ]


def _health(group: FakeTargetGroup, address: str, *, healthy: bool) -> FakeHealthStatus:
    if healthy:
        return FakeHealthStatus(address, group.port, group.health_check_port, "healthy")
    return FakeHealthStatus(
        address,
        group.port,
        group.health_check_port,
        "unhealthy",
        "Target.ResponseCodeMismatch",
        "Health checks failed with these codes: [500]",
    )
