"""IAM: moto lacks SimulatePrincipalPolicy, with which a role's permissions are judged in peace."""

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from simulator.correction import Correction
from simulator.role_policies import ALLOWED, EXPLICIT, decide, of_role

_EVERYTHING = ["*"]


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    missing = "moto does not have the operation"
    return [
        Correction(IamResponse, "simulate_principal_policy", simulate_principal_policy, missing),
    ]


def simulate_principal_policy(self: IamResponse) -> ActionResult:
    """Say for each action whether the role's policies allow it on every resource asked about."""
    role = self.backend.get_role_by_arn(self._get_param("PolicySourceArn"))
    policies = of_role(role)
    resources = self._get_param("ResourceArns") or _EVERYTHING
    results = []
    for action in self._get_param("ActionNames"):
        each = {name: decide(policies, action, name) for name in resources}
        results.append(
            {
                "EvalActionName": action,
                "EvalResourceName": resources[0] if len(resources) == 1 else "*",
                "EvalDecision": _worst(set(each.values())),
                "ResourceSpecificResults": [
                    {"EvalResourceName": name, "EvalResourceDecision": verdict}
                    for name, verdict in each.items()
                ],
            }
        )
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _worst(verdicts: set[str]) -> str:
    if EXPLICIT in verdicts:
        return EXPLICIT
    return ALLOWED if verdicts == {ALLOWED} else next(iter(verdicts - {ALLOWED}))
