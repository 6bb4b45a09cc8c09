"""IAM: the policies that AWS manages are there in every account; moto wants to load all or none.

All of them are more than a thousand, and loading them takes longer than deploying a zone. So one
comes into being when it is asked for.
"""

import json
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from simulator.correction import Correction

_PREFIX = "arn:aws:iam::aws:policy/"
_attach_role_policy = IAMBackend.attach_role_policy


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            IAMBackend, "attach_role_policy", attach_role_policy,
            "a policy that AWS manages can be attached without making it first",
        ),
    ]  # fmt: skip


def attach_role_policy(self: IAMBackend, policy_arn: str, role_name: str) -> None:
    """Attach a policy to a role; of AWS's own, only those that exist."""
    if policy_arn.startswith(_PREFIX) and policy_arn not in self.managed_policies:
        path, _, name = policy_arn.removeprefix(_PREFIX).rpartition("/")
        found = _known().get(name)
        if found is not None and found["Path"].strip("/") == path:
            self.managed_policies[policy_arn] = AWSManagedPolicy.from_data(
                name, self.account_id, self.region_name, found
            )
    _attach_role_policy(self, policy_arn, role_name)


@cache
def _known() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(aws_managed_policies_data)
    return parsed
