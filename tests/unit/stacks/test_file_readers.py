"""What reads file systems: one function for the site's own, one that trials lead elsewhere."""

import json
from collections.abc import Callable

import pytest

from continuity import naming
from continuity.zone import SiteName
from simulator.program import Outcome
from stacks.file_readers import policy
from stacks.place import Place

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SITES = ("home", "away")
PLACE = Place("t1", SiteName.HOME, "eu-west-2", "123456789012")


def group(ledger: Outcome, site: str, tier: str) -> str:
    return ledger.named(f"ops-safekeeping-{site}-readers-firewall-{tier}").urn


def rules(ledger: Outcome, kind: str, key: str, urn: str) -> list[tuple[str, int]]:
    """Return the other end and the port of each rule whose property names a group."""
    other = "securityGroupId" if key != "securityGroupId" else "referencedSecurityGroupId"
    return [
        (next(iter(rule.property_dependencies.get(other, ())), ""), rule.inputs["fromPort"])
        for rule in ledger.of(kind)
        if rule.property_dependencies.get(key) == (urn,)
    ]


@pytest.mark.parametrize("site", SITES)
def test_restored_files_are_reached_by_their_reader_alone_and_have_no_way_out(
    ledger: Outcome, site: str
) -> None:
    restored, reader = (group(ledger, site, tier) for tier in ("scratch-files", "reader"))
    live = ledger.named(f"ops-safekeeping-files-shared-{site}-group").urn
    assert rules(ledger, INGRESS, "securityGroupId", restored) == [(reader, 2049)]
    assert rules(ledger, EGRESS, "securityGroupId", restored) == []
    assert rules(ledger, INGRESS, "securityGroupId", reader) == []
    ways = rules(ledger, EGRESS, "securityGroupId", reader)
    assert sorted(ways) == sorted([(restored, 2049), (live, 2049), ("", 443)])


@pytest.mark.parametrize("site", SITES)
def test_one_mounts_the_sites_own_once_it_can_be_and_the_other_what_a_trial_says(
    ledger: Outcome, site: str
) -> None:
    own, other = (
        ledger.named(f"ops-safekeeping-{site}-readers-{tier}")
        for tier in ("reader", "scratch-reader")
    )
    access = ledger.named(f"ops-safekeeping-files-shared-{site}-access")
    assert own.inputs["fileSystemConfig"]["localMountPath"] == naming.READ_AT
    assert own.property_dependencies["fileSystemConfig"] == (access.urn,)
    assert access.inputs["posixUser"] == {"uid": 0, "gid": 0}
    mounts = [urn for urn in own.dependencies if "MountTarget" in urn]
    assert len(mounts) == 2
    assert own.options.ignore_changes == ()
    assert "fileSystemConfig" not in other.inputs
    assert other.options.ignore_changes == ("fileSystemConfig",)
    for one in (own, other):
        assert len(one.inputs["vpcConfig"]["subnetIds"]) == len(mounts)


def test_a_zone_without_shared_files_has_nothing_that_mounts(
    ledger: Outcome, preview: Callable[..., Outcome]
) -> None:
    without = preview("we1")
    assert not [one for one in without.resources if "reader" in one.name or "reading" in one.name]
    attached = [
        one.name
        for one in ledger.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if "-reading-" in one.name
    ]
    assert attached == ["ops-safekeeping-reading-backup", "ops-safekeeping-reading-restore"]


@pytest.mark.parametrize(
    ("file_system", "resource", "condition"),
    [
        ("arn:own", "arn:own", None),
        (
            "",
            "arn:aws:elasticfilesystem:eu-west-2:123456789012:file-system/*",
            {"Null": {"aws:ResourceTag/holdfast:zone": "true"}},
        ),
    ],
)
def test_a_reader_mounts_its_own_or_what_is_of_no_zone_and_never_to_write(
    file_system: str, resource: str, condition: object
) -> None:
    rows = json.loads(policy(PLACE, file_system, "holdfast-t1-home-lease", "arn:log"))["Statement"]
    [mounting] = [one for one in rows if "elasticfilesystem" in one["Action"][0]]
    assert mounting["Action"] == [
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientRootAccess",
    ]
    assert (mounting["Resource"], mounting.get("Condition")) == ([resource], condition)
    assert not [one for row in rows for one in row["Action"] if "Secret" in one or "kms:" in one]
