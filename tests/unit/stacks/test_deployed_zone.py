"""The program against the simulated AWS: what it exports, repeats, and changes when roles swap."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from continuity import manifest_json
from continuity.manifest import Manifest
from continuity.zone import SiteName
from simulator import backstage
from simulator.changes import Change, Operation
from simulator.program import Outcome, run_program
from simulator.values import reveal
from simulator.world import World

PROJECT = Path(__file__).parents[3]
INSTANCE = "aws:rds/instance:Instance"


@pytest.fixture(scope="module")
def deployed(declare: Callable[[], dict[str, Any]]) -> Iterator[Outcome]:
    """The small zone for all tests here, none of which changes it: they preview."""
    with World(1) as world, world.instantly():
        yield run_program(PROJECT, "ops", config={"holdfast:zone": declare()})


@pytest.fixture(scope="module")
def manifest(deployed: Outcome) -> Manifest:
    return manifest_json.load(reveal(deployed.exports["manifest"]), "ops")


def again(deployed: Outcome, zone: dict[str, Any]) -> Outcome:
    config = {"holdfast:zone": zone}
    return run_program(PROJECT, "ops", state=deployed.state, preview=True, config=config)


def made_of(outcome: Outcome, operation: Operation) -> set[str]:
    return {change.name for change in outcome.changes if change.operation is operation}


def test_every_role_has_room_for_its_policies_in_iam(deployed: Outcome) -> None:
    """IAM and STS quotas: 10,240 characters inline a role, spaces not counted; names of 64."""
    assert deployed.exports
    iam, sizes = backstage.client("iam", "us-east-1"), {}
    for role in (one["RoleName"] for one in iam.list_roles()["Roles"]):
        named = iam.list_role_policies(RoleName=role)["PolicyNames"]
        texts = [
            json.dumps(iam.get_role_policy(RoleName=role, PolicyName=one)["PolicyDocument"])
            for one in named
        ]
        sizes[role] = sum(len("".join(text.split())) for text in texts)
    assert sizes["holdfast-ops-backup"] > sizes["holdfast-ops-readiness"] > 0
    # An eighth is left for a zone with a longer name, and for what its duties ask one day.
    assert [role for role, size in sizes.items() if size > 8_960 or len(role) > 64] == []


def test_the_manifest_is_all_that_is_exported_and_run_time_can_read_it(
    deployed: Outcome, manifest: Manifest
) -> None:
    assert set(deployed.exports) == {"manifest"}
    assert manifest.active is SiteName.HOME
    assert manifest.standby_site.region == "eu-west-1"
    assert manifest.standby_site.hosting.serving_desired == 3
    assert manifest.traffic.drain_s == 90
    assert [database.name for database in manifest.databases] == ["orders", "order-lines"]


def test_the_manifest_names_instances_that_exist_in_their_sites(manifest: Manifest) -> None:
    for database in manifest.databases:
        for site, member in database.members.items():
            rds = backstage.client("rds", manifest.sites[site].region)
            (found,) = rds.describe_db_instances(DBInstanceIdentifier=member.identifier)[
                "DBInstances"
            ]
            assert found["DBInstanceArn"] == member.arn
            assert found["Endpoint"]["Address"] == member.address


def test_each_site_holds_a_copy_of_the_exported_manifest(
    deployed: Outcome, manifest: Manifest
) -> None:
    for site in manifest.sites.values():
        s3 = backstage.client("s3", site.region)
        copied = s3.get_object(Bucket=site.manifest_bucket, Key=site.manifest_key)
        assert copied["Body"].read().decode() == reveal(deployed.exports["manifest"])


def test_a_second_run_changes_nothing_although_it_proposes_other_passwords(
    deployed: Outcome, zone: dict[str, Any]
) -> None:
    outcome = again(deployed, zone)
    assert {change.operation for change in outcome.changes} == {Operation.SAME}


def test_both_regions_keep_the_password_that_the_primary_was_made_with(
    deployed: Outcome,
) -> None:
    kept = {
        backstage.client("secretsmanager", region).get_secret_value(SecretId="holdfast/ops/orders")[
            "SecretString"
        ]
        for region in ("eu-west-2", "eu-west-1")
    }
    primary = deployed.named("ops-orders-home-1")
    assert kept == {reveal(primary.inputs["password"])}


def test_swapping_roles_replaces_only_who_follows_whom_and_deletes_nothing(
    deployed: Outcome, zone: dict[str, Any]
) -> None:
    outcome = again(deployed, {**zone, "active": "away"})
    # EFS turns no replication round: the failover ended this one, and another one begins.
    replaced = {"ops-safekeeping-files-shared-replication"}
    assert made_of(outcome, Operation.REPLACE) == replaced
    assert made_of(outcome, Operation.DELETE) == set()
    # The old primaries come back under new names, with a higher incarnation: RDS turns none round.
    assert len(outcome.refusals) == 2
    assert all("declare the replica under a new name" in line for line in outcome.refusals)
    assert made_of(outcome, Operation.CREATE) == {
        "ops-images-from-away",
        "ops-orders-away-1-backups-in-home",
        "ops-order-lines-away-1-backups-in-home",
    }


def test_swapping_roles_moves_every_record_in_place(
    deployed: Outcome, zone: dict[str, Any]
) -> None:
    outcome = again(deployed, {**zone, "active": "away"})
    moved = {name for name in made_of(outcome, Operation.UPDATE) if name.startswith("ops-dns-")}
    assert moved == {"ops-dns-serving", "ops-dns-standby", "ops-dns-holding"}


def test_what_made_a_replica_of_the_old_primary_is_dropped_by_a_swap(
    deployed: Outcome, zone: dict[str, Any]
) -> None:
    promoted = change_of(again(deployed, {**zone, "active": "away"}), "ops-orders-away-1")
    assert promoted.operation is Operation.UPDATE
    assert {difference.path for difference in promoted.differences} == {
        "backupRetentionPeriod",
        "finalSnapshotIdentifier",
        "multiAz",
        "password",
        "replicateSourceDb",
        "skipFinalSnapshot",
    }


def test_a_rebuilt_site_gets_new_replicas_and_leaves_the_lost_primaries_in_aws(
    deployed: Outcome, zone: dict[str, Any]
) -> None:
    swapped = {**copy.deepcopy(zone), "active": "away"}
    swapped["sites"]["home"]["incarnation"] = 2
    outcome = again(deployed, swapped)
    instances = {change.name: change for change in outcome.changes if change.type == INSTANCE}
    assert {name: change.operation for name, change in instances.items()} == {
        "ops-orders-home-1": Operation.RETAIN,
        "ops-orders-home-2": Operation.CREATE,
        "ops-orders-away-1": Operation.UPDATE,
        "ops-order-lines-home-1": Operation.RETAIN,
        "ops-order-lines-home-2": Operation.CREATE,
        "ops-order-lines-away-1": Operation.UPDATE,
    }


def test_a_lost_primary_leaves_the_program_only_after_a_person_unprotected_it(
    deployed: Outcome, zone: dict[str, Any]
) -> None:
    swapped = {**copy.deepcopy(zone), "active": "away"}
    swapped["sites"]["home"]["incarnation"] = 2
    refusals = again(deployed, swapped).refusals
    assert len(refusals) == 2
    assert all("is protected and would be deleted" in sentence for sentence in refusals)


def change_of(outcome: Outcome, name: str) -> Change:
    (found,) = [change for change in outcome.changes if change.name == name]
    return found
