"""IAM at the door of a world: a role may do exactly what its policies allow.

`enforce` switches it on; tests and scenarios with `[world] iam = "enforced"` call it. Judged is
who signed in as a role (`simulator.callers`); the account itself may everything, as its root user
may. moto's own judge (`set_initial_no_auth_action_count`) looks at no resource outside S3, at no
condition, and names actions after signing names (`monitoring:GetMetricData`); so it stays off.
"""

from functools import partial

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.access_control import PermissionResult
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from simulator import attempt, callers
from simulator.attempt import NotSimulated
from simulator.call_log import Call
from simulator.rights import rules
from simulator.rights.asked import EVERYTHING, Asked
from simulator.rights.tags import tags_of
from simulator.role_policies import ALLOWED, EXPLICIT, IMPLICIT, decide, names, of_role
from simulator.wire_errors import WireError, forbidden
from simulator.world import World

_WHY = {
    EXPLICIT: "with an explicit deny in an identity-based policy",
    IMPLICIT: "because no identity-based policy allows the {action} action",
}


def enforce(world: World) -> None:
    """Let IAM judge every call in a world from now on."""
    attempt.JUDGE.give(world, refusal)


def refusal(call: Call) -> WireError | None:
    """Return how AWS refuses a call whose caller may not make it; None where it may."""
    role = callers.role()
    if role is None:
        return None
    policies = of_role(iam_backends[DEFAULT_ACCOUNT_ID]["aws"].get_role_by_arn(role.arn))
    for one in _asked(call, policies):
        verdict = decide(policies, one.action, one.resource, partial(tags_of, one.resource))
        if verdict == IMPLICIT and _bucket_allows(call, one):
            continue
        if verdict != ALLOWED:
            return forbidden(call.service, _sentence(role.session, one, verdict))
    return None


def _asked(call: Call, policies: tuple[str, ...]) -> tuple[Asked, ...]:
    """Return what the call asks for; a gap only where the role may do it to some things."""
    found = rules.asked(call)
    if found is not None:
        return found
    action = rules.action(call)
    everywhere = decide(policies, action, EVERYTHING)
    if everywhere == IMPLICIT and names(policies, action):
        raise NotSimulated(f"{call.name}: simulator.rights has no rule for what IAM asks of it")
    return (Asked(action),)


def _bucket_allows(call: Call, one: Asked) -> bool:
    """Say whether a bucket's own policy allows it: within an account either policy will do."""
    bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(str(call.parameters.get("Bucket")))
    if bucket is None or not one.action.startswith("s3:"):
        return False
    permission = bucket.get_permission(one.action, one.resource)
    return bool(permission is PermissionResult.PERMITTED)


def _sentence(session: str, one: Asked, verdict: str) -> str:
    """Say it as AWS does (IAM user guide, "Troubleshoot access denied error messages")."""
    resource = "" if one.resource == EVERYTHING else f" on resource: {one.resource}"
    why = _WHY[verdict].format(action=one.action)
    return f"User: {session} is not authorized to perform: {one.action}{resource} {why}"
