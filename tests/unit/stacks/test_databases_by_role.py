from collections.abc import Callable
from typing import Any

import pytest

from simulator.changes import Operation
from simulator.program import Outcome
from simulator.state import Resource
from simulator.values import Secret, reveal

INSTANCE = "aws:rds/instance:Instance"
REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
BY_ROLE = {
    "replicateSourceDb",
    "multiAz",
    "backupRetentionPeriod",
    "skipFinalSnapshot",
    "finalSnapshotIdentifier",
    "dbName",
    "username",
    "password",
}
DATABASES = ["orders", "order-lines"]


def instance(ledger: Outcome, database: str, site: str) -> Resource:
    return ledger.named(f"ops-{database}-{site}-1")


@pytest.mark.parametrize("database", DATABASES)
def test_the_replica_names_the_primary_as_its_source(ledger: Outcome, database: str) -> None:
    primary, replica = (instance(ledger, database, site) for site in ("home", "away"))
    assert replica.property_dependencies["replicateSourceDb"] == (primary.urn,)
    assert "replicateSourceDb" not in primary.inputs


@pytest.mark.parametrize("database", DATABASES)
def test_swapping_roles_makes_the_replica_the_source(swapped: Outcome, database: str) -> None:
    primary, replica = (instance(swapped, database, site) for site in ("away", "home"))
    assert replica.property_dependencies["replicateSourceDb"] == (primary.urn,)
    assert "replicateSourceDb" not in primary.inputs


def test_swapping_roles_names_the_same_instances_and_none_twice(
    ledger: Outcome, swapped: Outcome
) -> None:
    names = [sorted(found.name for found in run.of(INSTANCE)) for run in (ledger, swapped)]
    assert names[0] == names[1]
    assert len(set(names[0])) == 4
    assert {found.urn for found in ledger.of(INSTANCE)} == {
        found.urn for found in swapped.of(INSTANCE)
    }


@pytest.mark.parametrize("site", ["home", "away"])
def test_outside_its_role_an_instance_is_declared_alike_whichever_site_serves(
    ledger: Outcome, swapped: Outcome, site: str
) -> None:
    serving, standing_by = (
        {
            key: value
            for key, value in instance(run, "orders", site).inputs.items()
            if key not in BY_ROLE
        }
        for run in (ledger, swapped)
    )
    assert serving == standing_by


@pytest.mark.parametrize("name", ["kmsKeyId", "dbSubnetGroupName", "parameterGroupName"])
def test_an_instance_stands_on_nothing_of_the_other_region(ledger: Outcome, name: str) -> None:
    by_urn = {resource.urn: resource for resource in ledger.resources}
    for found in ledger.of(INSTANCE):
        for urn in found.property_dependencies[name]:
            assert by_urn[urn].inputs["region"] == found.inputs["region"]


def test_the_primary_is_multi_az_with_backups_and_a_final_snapshot(ledger: Outcome) -> None:
    inputs = instance(ledger, "order-lines", "home").inputs
    expected: dict[str, Any] = {
        "multiAz": True,
        "backupRetentionPeriod": 7,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "ops-order-lines-home-1-final",
        "dbName": "order_lines",
        "username": "holdfast",
    }
    assert {key: inputs[key] for key in expected} == expected


def test_the_replica_takes_no_backups_that_could_hold_up_its_promotion(ledger: Outcome) -> None:
    inputs = instance(ledger, "orders", "away").inputs
    assert {key: inputs.get(key) for key in BY_ROLE - {"replicateSourceDb"}} == {
        "multiAz": False,
        "backupRetentionPeriod": 0,
        "skipFinalSnapshot": True,
        "finalSnapshotIdentifier": None,
        "dbName": None,
        "username": None,
        "password": None,
    }


def test_no_instance_can_be_lost_by_an_update(ledger: Outcome) -> None:
    for found in ledger.of(INSTANCE):
        assert found.options.protect
        assert found.options.retain_on_delete
        assert found.inputs["deletionProtection"]
        assert not found.inputs["deleteAutomatedBackups"]
        assert found.inputs["copyTagsToSnapshot"]
        assert found.inputs["storageEncrypted"]
        assert not found.inputs["publiclyAccessible"]


def test_a_promotion_behind_the_programs_back_is_never_ignored(ledger: Outcome) -> None:
    for found in ledger.of(INSTANCE):
        assert found.options.ignore_changes == ("dbName", "username")


def test_backups_are_copied_to_the_standby_region_after_the_replica_is_there(
    ledger: Outcome, swapped: Outcome
) -> None:
    for run, source, target, region in (
        (ledger, "home", "away", "eu-west-1"),
        (swapped, "away", "home", "eu-west-2"),
    ):
        copied = run.named(f"ops-orders-{source}-1-backups-in-{target}")
        assert copied.type == REPLICATION
        assert copied.inputs["region"] == region
        assert copied.property_dependencies["sourceDbInstanceArn"] == (
            instance(run, "orders", source).urn,
        )
        assert instance(run, "orders", target).urn in copied.dependencies
        assert copied.options.retain_on_delete


def test_what_the_standby_receives_is_kept_the_longest_because_no_hold_could_lengthen_it(
    ledger: Outcome,
) -> None:
    for found in ledger.of(REPLICATION):
        assert found.inputs["retentionPeriod"] == 35
        assert found.options.ignore_changes == ("retentionPeriod",)


def test_only_striped_storage_says_how_fast_it_is(preview: Callable[..., Outcome]) -> None:
    """RDS refuses the number below 400 GB of PostgreSQL, and asks for it from there on."""
    said = {
        (found.inputs["allocatedStorage"], found.inputs.get("iops"))
        for found in preview("we1").of(INSTANCE)
    }
    assert said == {(250, None), (400, 12_000), (600, 12_000), (1200, 12_000), (2000, 12_000)}


@pytest.mark.parametrize("kind", [INSTANCE, REPLICATION])
def test_what_copies_terabytes_may_take_longer_than_the_provider_would_wait(
    ledger: Outcome, kind: str
) -> None:
    assert {found.options.create_timeout for found in ledger.of(kind)} == {"8h"}


def test_tls_is_demanded_by_the_method_that_rds_itself_uses(ledger: Outcome) -> None:
    """Another method with an unchanged value would be a difference at every run."""
    for group in ledger.of("aws:rds/parameterGroup:ParameterGroup"):
        assert group.inputs["parameters"][0] == {
            "name": "rds.force_ssl",
            "value": "1",
            "applyMethod": "pending-reboot",
        }


def test_a_replica_out_of_reach_never_fills_the_disk_of_its_primary(ledger: Outcome) -> None:
    groups = {group.name: group for group in ledger.of("aws:rds/parameterGroup:ParameterGroup")}
    for database in DATABASES:
        size_mb = instance(ledger, database, "home").inputs["allocatedStorage"] * 1024
        for site in ("home", "away"):
            [group] = [
                one for name, one in groups.items() if f"{database}-parameters-{site}" in name
            ]
            kept = {one["name"]: one for one in group.inputs["parameters"]}
            assert kept["max_slot_wal_keep_size"]["value"] == str(int(size_mb / 4))
            assert kept["max_slot_wal_keep_size"]["applyMethod"] == "immediate"


def test_instances_carry_the_tags_that_run_time_looks_for(ledger: Outcome) -> None:
    assert instance(ledger, "orders", "away").inputs["tags"] == {
        "holdfast:zone": "ops",
        "holdfast:site": "away",
        "holdfast:database": "orders",
    }


def test_a_rebuilt_site_gets_new_instances_and_keeps_the_old_ones_names(
    ledger: Outcome,
) -> None:
    groups = {group.inputs["name"] for group in ledger.of("aws:rds/parameterGroup:ParameterGroup")}
    assert "ops-home-orders-postgres16" in groups
    assert all("-1" not in name for name in groups)


def test_passwords_are_secrets_and_come_from_what_is_kept(ledger: Outcome) -> None:
    primary = instance(ledger, "orders", "home")
    version = ledger.named("ops-orders-password-version")
    assert isinstance(primary.inputs["password"], Secret)
    assert primary.property_dependencies["password"] == (version.urn,)
    assert isinstance(version.inputs["secretString"], Secret)
    assert len(reveal(version.inputs["secretString"])) == 40
    assert version.options.ignore_changes == ("secretString",)


def test_a_secret_stays_in_home_whichever_site_serves(ledger: Outcome, swapped: Outcome) -> None:
    for run in (ledger, swapped):
        secret = run.named("ops-orders-password-secret")
        assert secret.inputs["region"] == "eu-west-2"
        assert [replica["region"] for replica in secret.inputs["replicas"]] == ["eu-west-1"]


def test_a_preview_into_nothing_creates_everything(ledger: Outcome) -> None:
    assert {change.operation for change in ledger.changes} == {Operation.CREATE}
