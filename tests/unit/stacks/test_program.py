import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.program import Outcome
from simulator.state import Resource
from simulator.values import UNKNOWN, reveal

PROJECT = Path(__file__).parents[3]
INSTANCE = "aws:rds/instance:Instance"
COMPONENTS = {
    f"holdfast:stacks:{name}"
    for name in (
        "Addresses",
        "Alarms",
        "Alerts",
        "ApplicationRoles",
        "Autoscaling",
        "BackupFunction",
        "BackupPlan",
        "BackupRuns",
        "BackupService",
        "Backups",
        "Controller",
        "Database",
        "Dns",
        "Domain",
        "Endpoints",
        "FileReaders",
        "FileSystem",
        "Files",
        "Firewall",
        "FlowLogs",
        "Foundation",
        "FreshnessAlarms",
        "HoldingPage",
        "Holds",
        "Hosting",
        "Images",
        "IncidentFunction",
        "KeptBucket",
        "Keys",
        "Latch",
        "LatchChecks",
        "LoadBalancer",
        "LogArchive",
        "LogGroups",
        "Logs",
        "ManifestCopy",
        "Network",
        "Password",
        "Permissions",
        "Prober",
        "ReaderFirewall",
        "ReadingRights",
        "RecoveryManifest",
        "Replication",
        "Safekeeping",
        "Scratch",
        "ScratchFirewall",
        "Vault",
        "Zone",
    )
}
GLOBAL = ("aws:iam/", "aws:route53/")


@pytest.mark.parametrize("stack", ["we1", "we2", "sa1", "ops"])
def test_every_zone_can_be_previewed_and_exports_its_manifest_alone(
    preview: Callable[..., Outcome], stack: str
) -> None:
    outcome = preview(stack)
    assert outcome.refusals == ()
    assert dict(outcome.exports) == {"manifest": UNKNOWN}


def test_component_types_are_exactly_these_because_renaming_one_replaces_what_it_holds(
    ledger: Outcome,
) -> None:
    assert {resource.type for resource in ledger.resources if not resource.custom} == COMPONENTS


def test_every_urn_is_unique(ledger: Outcome) -> None:
    urns = Counter(resource.urn for resource in ledger.resources)
    assert [urn for urn, times in urns.items() if times > 1] == []


def test_every_regional_resource_says_which_site_it_is_in(ledger: Outcome) -> None:
    for resource in ledger.resources:
        if resource.custom and not resource.type.startswith(GLOBAL):
            at = {"eu-central-1"} if "witness" in resource.name else {"eu-west-2", "eu-west-1"}
            assert resource.inputs["region"] in at, resource.urn


def test_a_resource_is_in_the_region_that_its_name_says(ledger: Outcome) -> None:
    regions = {"home": "eu-west-2", "away": "eu-west-1"}
    for resource in ledger.resources:
        sites = [part for part in resource.name.split("-") if part in regions]
        if len(sites) == 1 and "region" in resource.inputs and "witness" not in resource.name:
            assert resource.inputs["region"] == regions[sites[0]], resource.urn


def test_both_sites_have_the_same_resources_but_for_copies_of_what_serves(
    ledger: Outcome,
) -> None:
    def kinds(region: str) -> Counter[str]:
        return Counter(
            resource.type
            for resource in ledger.resources
            if resource.inputs.get("region") == region
        )

    differences = kinds("eu-west-2")
    differences.subtract(kinds("eu-west-1"))
    assert {kind: count for kind, count in differences.items() if count} == {
        "aws:ecr/replicationConfiguration:ReplicationConfiguration": 1,
        "aws:efs/replicationConfiguration:ReplicationConfiguration": 1,
        "aws:secretsmanager/secret:Secret": 2,
        "aws:secretsmanager/secretVersion:SecretVersion": 2,
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": -2,
    }


def test_every_resource_that_takes_tags_carries_its_zone(ledger: Outcome) -> None:
    tagged = [resource for resource in ledger.resources if "tags" in resource.inputs]
    assert len(tagged) > 80
    assert {resource.inputs["tags"]["holdfast:zone"] for resource in tagged} == {"ops"}


def test_names_that_aws_keeps_unique_are_given_once(ledger: Outcome) -> None:
    named: Counter[tuple[str, ...]] = Counter()
    for resource in ledger.resources:
        for key in ("identifier", "bucket", "name"):
            value = resource.inputs.get(key)
            if isinstance(value, str) and not resource.type.startswith("aws:route53/record"):
                named[resource.type, resource.inputs.get("region", ""), key, value] += 1
    assert [name for name, times in named.items() if times > 1] == []


def test_only_the_program_asks_aws_and_only_for_what_no_region_can_refuse() -> None:
    asked = {
        path.name
        for path in [PROJECT / "__main__.py", *(PROJECT / "stacks").glob("*.py")]
        if "aws.get_" in path.read_text() or ".get_random_password" in path.read_text()
    }
    assert asked == {"__main__.py"}


def test_everything_that_keeps_data_is_encrypted_with_the_key_of_its_own_site(
    ledger: Outcome,
) -> None:
    keyed = {
        INSTANCE: "kmsKeyId",
        "aws:backup/vault:Vault": "kmsKeyArn",
        "aws:cloudwatch/logGroup:LogGroup": "kmsKeyId",
        "aws:efs/fileSystem:FileSystem": "kmsKeyId",
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": "serverSideEncryption",
        "aws:sns/topic:Topic": "kmsMasterKeyId",
        "aws:sqs/queue:Queue": "kmsMasterKeyId",
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": (
            "kmsKeyId"
        ),
    }
    keys = {key.inputs["region"]: key.urn for key in ledger.of("aws:kms/key:Key")}
    found = [resource for resource in ledger.resources if resource.type in keyed]
    assert {resource.type for resource in found} == set(keyed)
    for resource in found:
        sources = resource.property_dependencies[keyed[resource.type]]
        assert keys[resource.inputs["region"]] in sources, resource.urn
        assert not set(sources) & set(keys.values()) - {keys[resource.inputs["region"]]}


def test_what_a_run_needs_to_begin_opens_without_the_key_of_the_site(ledger: Outcome) -> None:
    tables: list[Any] = [found.inputs for found in ledger.of("aws:dynamodb/table:Table")]
    assert [table["serverSideEncryption"] for table in tables] == [{"enabled": False}] * 6
    objects: list[Any] = [
        found.inputs for found in ledger.of("aws:s3/bucketObjectv2:BucketObjectv2")
    ]
    assert [found["serverSideEncryption"] for found in objects] == ["AES256"] * (2 + 2 + 2 + 2)


def actions(policy: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what a policy allows; what it denies may be as wide as it likes."""
    for statement in json.loads(policy)["Statement"]:
        if statement["Effect"] == "Deny":
            continue
        allowed = statement["Action"]
        for action in [allowed] if isinstance(allowed, str) else allowed:
            resources = statement.get("Resource", [])
            yield action, [resources] if isinstance(resources, str) else resources


def policies(ledger: Outcome) -> list[tuple[Resource, str]]:
    return [
        (resource, reveal(resource.inputs[key]))
        for resource in ledger.resources
        for key in ("policy", "assumeRolePolicy")
        if isinstance(reveal(resource.inputs.get(key)), str)
    ]


def test_no_policy_allows_an_action_by_wildcard(ledger: Outcome) -> None:
    found = policies(ledger)
    assert len(found) > 10
    for resource, policy in found:
        assert not [action for action, _ in actions(policy) if "*" in action], resource.urn


def test_only_the_latches_are_public(ledger: Outcome) -> None:
    opened = {
        block.name
        for block in ledger.of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
        if not (block.inputs["blockPublicPolicy"] and block.inputs["restrictPublicBuckets"])
    }
    latches = ("home-latch", "away-latch", "witness-latch")
    assert opened == {f"ops-{latch}-access" for latch in latches}
    assert len(ledger.of("aws:s3/bucket:Bucket")) == 2 * (3 + 5) + 1


def test_buckets_keep_what_they_hold(ledger: Outcome) -> None:
    buckets: list[Any] = [bucket.inputs for bucket in ledger.of("aws:s3/bucket:Bucket")]
    lasting = [one for one in buckets if not one["bucket"].endswith("-scratch")]
    assert {bucket["forceDestroy"] for bucket in lasting} == {False}
