"""What nobody may do to what is held, and where each denial lives."""

import json
from typing import Any

from continuity.zone import SiteName
from simulator.program import Outcome
from stacks.bucket import policy as bucket_policy
from stacks.holds import hold_policy
from stacks.place import Place
from stacks.vault import policy as vault_policy

ACCOUNT = "123456789012"
PLACE = Place("t1", SiteName.HOME, "eu-west-2", ACCOUNT)


def statements(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    return found


def test_what_carries_a_hold_nobody_erases() -> None:
    rows = statements(hold_policy())
    assert {row["Effect"] for row in rows} == {"Deny"}
    assert {action for row in rows for action in row["Action"]} >= {
        "rds:DeleteDBSnapshot",
        "rds:DeleteDBInstanceAutomatedBackup",
        "backup:DeleteRecoveryPoint",
    }
    carried = {"Null": {"aws:ResourceTag/holdfast:hold": "false"}}
    assert all(row["Condition"] == carried for row in rows)


def test_the_roles_of_the_zone_are_bound_by_holds(ledger: Outcome) -> None:
    policies = ledger.of("aws:iam/policy:Policy")
    (policy,) = [one for one in policies if one.name.endswith("-holds-policy")]
    bound = {
        attachment.property_dependencies["role"][0].rsplit("::", 1)[1]
        for attachment in ledger.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if policy.urn in attachment.property_dependencies.get("policyArn", ())
    }
    assert bound == {f"ops-permissions-{role}" for role in ("failover", "backup", "readiness")}


def test_nobody_but_the_retention_shortens_the_life_of_a_point_and_not_even_it_under_a_hold() -> (
    None
):
    others, held, vault = statements(vault_policy(PLACE))
    backup = f"arn:aws:iam::{ACCOUNT}:role/holdfast-t1-backup"
    assert others["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": backup}}
    assert held["Condition"] == {"Null": {"aws:ResourceTag/holdfast:hold": "false"}}
    assert others["Action"] == held["Action"]
    assert vault["Action"] == ["backup:DeleteBackupVault"]


def test_no_policy_lets_anybody_delete_a_version_or_speak_without_tls() -> None:
    tls, versions = statements(bucket_policy(PLACE, "private"))
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert "s3:DeleteObjectVersion" in versions["Action"]
    assert "Condition" not in versions
    assert {row["Effect"] for row in (tls, versions)} == {"Deny"}
