"""Whether a plan works while a region and every global control plane are down, known beforehand.

From the calls that its steps declare: nothing that the recovery waits for may touch the impaired
region, or a control plane that AWS runs in one region for the whole world. `failover.decide` holds
a plan back that fails, `failover.outlook` refuses to show it as a way out. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from continuity.errors import Refusal
from continuity.manifest import Manifest
from continuity.permissions import Permission, Scope
from continuity.wording import seconds_text
from continuity.zone import SiteName
from failover.observation import Look
from failover.opening import OPEN
from failover.plan import Plan
from failover.step import Step

BOUND_S = 300.0
"""What a step in the impaired region may cost at most: it fails then, nothing waits for more."""

_VIRGINIA, _OREGON = "us-east-1", "us-west-2"

GLOBAL: Mapping[str, str] = {
    "account": _VIRGINIA,
    "cloudfront": _VIRGINIA,
    "globalaccelerator": _OREGON,
    "iam": _VIRGINIA,
    "networkmanager": _OREGON,
    "organizations": _VIRGINIA,
    "route53": _VIRGINIA,
    "route53-recovery-control-config": _OREGON,
    "route53-recovery-readiness": _OREGON,
    "route53domains": _VIRGINIA,
    "shield": _VIRGINIA,
    "waf": _VIRGINIA,
}
"""Services by IAM prefix whose control plane is one for the partition: AWS Fault Isolation
Boundaries, appendix A. `route53-recovery-cluster` is ARC's data plane and is none of them. STS is
regional here: `cloud.clients` never uses its global endpoint."""

GLOBAL_ACTIONS: tuple[tuple[str, str], ...] = (
    ("acm:", _VIRGINIA),
    ("s3:CreateBucket", _VIRGINIA),
    ("s3:DeleteBucket", _VIRGINIA),
    ("s3:PutAccelerateConfiguration", _VIRGINIA),
    ("s3:PutBucket", _VIRGINIA),
    ("s3:PutEncryptionConfiguration", _VIRGINIA),
    ("s3:PutInventoryConfiguration", _VIRGINIA),
    ("s3:PutLifecycleConfiguration", _VIRGINIA),
    ("s3:PutReplicationConfiguration", _VIRGINIA),
)
"""Beginnings of actions: S3 configures buckets with us-east-1's help, as above, and certificates of
CloudFront live there; no step has business with any certificate."""

_NO_CALLS = frozenset({"iam:PassRole"})
"""What IAM is only asked about while another service is called, and answers in that one's region
(IAM user guide, "Pass a role to an AWS service": no API call; "Resilience in IAM")."""

SITE_OF_LOOK: Mapping[Look, bool] = {
    look: look.value.startswith(("serving", "writes", "releases")) for look in Look
}
"""Whether a look asks the serving site. The others ask the standby's region, or the internet."""


@dataclass(frozen=True)
class DeclaredCall:
    """One call that a step says it may make: the IAM action, and the region that answers it."""

    step: str
    action: str
    region: str


def declared(step: Step, manifest: Manifest) -> Iterator[DeclaredCall]:
    """Yield what a step may call: its permissions in its site, its looks where they ask."""
    for permission in step.permissions:
        yield DeclaredCall(step.name, permission.action, region_of(permission, step, manifest))
    serving = manifest.serving_site.region
    for look in sorted(step.looks):
        if SITE_OF_LOOK[look]:
            yield DeclaredCall(step.name, f"look:{look}", serving)


def region_of(permission: Permission, step: Step, manifest: Manifest) -> str:
    """Return where a permission of a step is used: in its site, or by a control plane elsewhere."""
    plane = control_plane(permission.action)
    if plane is None and permission.scope is Scope.WITNESS_OBJECTS and manifest.witness is not None:
        return manifest.witness.region
    return plane or manifest.sites[step.site].region


def control_plane(action: str) -> str | None:
    """Return the one region that answers an action for the whole world; None for regional ones."""
    if action in _NO_CALLS:
        return None
    named = next((where for prefix, where in GLOBAL_ACTIONS if action.startswith(prefix)), None)
    return named or GLOBAL.get(action.partition(":")[0])


def impaired(plan: Plan, manifest: Manifest) -> SiteName | None:
    """Return the site that a plan must do without: what it moves the zone away from."""
    if plan.planned:  # it begins while both sites are well, and is taken back where one is not
        return None
    moves = any(step.name == f"{OPEN}{manifest.standby}" for step in plan.steps)
    return manifest.active if moves else None


def impaired_region(plan: Plan, manifest: Manifest) -> str | None:
    """Return the region that a plan must do without; None for one that stays where it is."""
    lost = impaired(plan, manifest)
    return None if lost is None else manifest.sites[lost].region


def weaknesses(plan: Plan, manifest: Manifest) -> tuple[str, ...]:
    """Return each call that the plan must not rest on, as a sentence that names step and call."""
    region = impaired_region(plan, manifest)
    found = [
        sentence
        for step in plan.steps
        for call in declared(step, manifest)
        for sentence in _about(step, call, region)
    ]
    return tuple(dict.fromkeys(found))


def objection(plan: Plan, manifest: Manifest) -> str | None:
    """Return why a plan must not be begun; None for one that is statically stable."""
    found = weaknesses(plan, manifest)
    if not found:
        return None
    return f"Plan {plan.hash} of {plan.zone} is not statically stable: {' '.join(found)}"


def demand(plan: Plan, manifest: Manifest) -> None:
    """Raise Refusal for a plan that rests on what the disaster may take away."""
    against = objection(plan, manifest)
    if against is not None:
        raise Refusal(against, "Use a version of holdfast whose steps do without these calls.")


def _about(step: Step, call: DeclaredCall, lost: str | None) -> Iterator[str]:
    """Judge one call. Best effort excuses the impaired region, never a global control plane."""
    plane = control_plane(call.action)
    if plane is not None:
        yield f"{step.name} calls {call.action}, whose control plane is in {plane}."
    elif call.region == lost and not step.best_effort:
        yield f"{step.name} calls {call.action} in {lost}, the impaired region."
    elif call.region == lost and not step.deadline_s <= BOUND_S:
        yield (
            f"{step.name} may wait {seconds_text(step.deadline_s)} for {call.action} in {lost}, "
            f"the impaired region; {seconds_text(BOUND_S)} are allowed."
        )
