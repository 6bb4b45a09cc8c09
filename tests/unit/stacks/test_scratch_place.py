"""What is restored to be looked at is reached by the prober alone, and that may do little."""

import json

import pytest

from backup import answers
from continuity.zone import SiteName
from simulator.program import Outcome
from stacks.place import Place
from stacks.prober import ANSWERS, policy

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SITES = ("home", "away")


def group(ledger: Outcome, site: str, tier: str) -> str:
    return ledger.named(f"ops-safekeeping-{site}-prober-firewall-{tier}").urn


@pytest.mark.parametrize("site", SITES)
def test_a_restored_database_admits_the_prober_and_has_no_way_out(
    ledger: Outcome, site: str
) -> None:
    scratch, prober = group(ledger, site, "scratch"), group(ledger, site, "prober")
    admits = [
        (rule.property_dependencies.get("referencedSecurityGroupId"), rule.inputs["fromPort"])
        for rule in ledger.of(INGRESS)
        if rule.property_dependencies["securityGroupId"] == (scratch,)
    ]
    assert admits == [((prober,), 5432)]
    ways = [rule.property_dependencies["securityGroupId"] for rule in ledger.of(EGRESS)]
    assert (scratch,) not in ways


@pytest.mark.parametrize("site", SITES)
def test_nobody_may_call_the_prober_from_the_network(ledger: Outcome, site: str) -> None:
    prober = group(ledger, site, "prober")
    admitting = [rule.property_dependencies["securityGroupId"] for rule in ledger.of(INGRESS)]
    assert (prober,) not in admitting


def test_points_are_tried_weekly_where_the_zone_stands_by(ledger: Outcome) -> None:
    found = {site: ledger.named(f"ops-safekeeping-{site}-backup-verify").inputs for site in SITES}
    assert {site: one["state"] for site, one in found.items()} == {
        "home": "DISABLED",
        "away": "ENABLED",
    }
    assert all(" ? * SUN,MON *)" in one["scheduleExpression"] for one in found.values())


def test_a_prober_reads_passwords_and_writes_one_item() -> None:
    place = Place("t1", SiteName.HOME, "eu-west-2", "123456789012")
    rows = json.loads(policy(place, "arn:key", "holdfast-t1-home-lease", "arn:log"))["Statement"]
    allowed = {action: row for row in rows for action in row["Action"]}
    assert {one for one in allowed if not one.startswith(("ec2:", "logs:"))} == {
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
        "dynamodb:UpdateItem",
    }
    only = allowed["dynamodb:UpdateItem"]["Condition"]["ForAllValues:StringEquals"]
    assert only == {"dynamodb:LeadingKeys": [answers.KEY]}
    assert answers.KEY == ANSWERS
    assert not [row for row in rows if "*" in row["Resource"] and "ec2:" not in row["Action"][0]]
