import json
from typing import Any

import pytest

from simulator.program import Outcome
from stacks.containers import Container, DatabaseAccess, definitions
from stacks.password import in_region

DIGEST = "sha256:" + "0123456789abcdef" * 4
SECRET = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:holdfast/t1/orders-AbCdEf"  # noqa: S105 - a name
FILE = "arn:aws:s3:::holdfast-123456789012-t1-home-addresses/databases.env"
ACCESS = DatabaseAccess("order-lines", "db.example", 5432, "order_lines", "holdfast", SECRET)


def container(*databases: DatabaseAccess) -> dict[str, Any]:
    given = Container(
        "image@sha256:1", 8080, "t1", "home", "eu-west-2", "/log", databases, FILE, "cafe"
    )
    found: dict[str, Any] = json.loads(definitions(given))[0]
    return found


def test_a_task_reads_where_its_databases_are_and_is_never_told_their_passwords() -> None:
    found = container(ACCESS)
    assert {row["name"]: row["value"] for row in found["environment"]} == {
        "HOLDFAST_ZONE": "t1",
        "HOLDFAST_SITE": "home",
        "HOLDFAST_ADDRESSES": "cafe",
        "PORT": "8080",
        "DATABASE_ORDER_LINES_PORT": "5432",
        "DATABASE_ORDER_LINES_NAME": "order_lines",
        "DATABASE_ORDER_LINES_USER": "holdfast",
    }
    assert found["environmentFiles"] == [{"type": "s3", "value": FILE}]
    assert found["secrets"] == [{"name": "DATABASE_ORDER_LINES_PASSWORD", "valueFrom": SECRET}]


def test_a_task_is_told_which_buckets_are_its_own() -> None:
    given = Container(
        "image", 80, "t1", "home", "eu-west-2", "/log", (), FILE, "", {"public": "t1-public"}
    )
    found = json.loads(definitions(given))[0]["environment"]
    assert {"name": "FILES_PUBLIC_BUCKET", "value": "t1-public"} in found


def test_a_replicated_secret_differs_in_its_region_only() -> None:
    assert in_region(SECRET, "eu-west-1") == SECRET.replace("eu-west-2", "eu-west-1")


@pytest.mark.parametrize(
    ("active", "home", "away"), [("home", (3, 2, 6), (1, 1, 2)), ("away", (1, 1, 2), (3, 2, 6))]
)
def test_the_serving_site_runs_what_is_needed_and_the_standby_stays_warm(
    ledger: Outcome,
    swapped: Outcome,
    active: str,
    home: tuple[int, int, int],
    away: tuple[int, int, int],
) -> None:
    run = ledger if active == "home" else swapped
    for site, counts in (("home", home), ("away", away)):
        service = run.named(f"ops-{site}-hosting-service").inputs
        target = run.named(f"ops-{site}-hosting-scaling-target").inputs
        assert (service["desiredCount"], target["minCapacity"], target["maxCapacity"]) == counts


def test_an_update_never_sets_the_number_of_tasks(ledger: Outcome) -> None:
    for service in ledger.of("aws:ecs/service:Service"):
        assert service.options.ignore_changes == ("desiredCount",)


def test_a_bad_release_is_taken_back(ledger: Outcome) -> None:
    breakers: list[Any] = [
        service.inputs["deploymentCircuitBreaker"]
        for service in ledger.of("aws:ecs/service:Service")
    ]
    assert breakers == [{"enable": True, "rollback": True}] * 2


def test_the_release_before_can_be_deployed_again(ledger: Outcome) -> None:
    """A new release replaces the task definition; what is deleted is deregistered, for good."""
    definitions = ledger.of("aws:ecs/taskDefinition:TaskDefinition")
    assert [one.options.retain_on_delete for one in definitions] == [True, True]


def test_tasks_at_another_port_get_a_target_group_before_the_old_one_goes(ledger: Outcome) -> None:
    """AWS deletes none that a listener forwards to, and takes no name twice, of at most 32."""
    groups = ledger.of("aws:lb/targetGroup:TargetGroup")
    assert [one.inputs["name"] for one in groups] == [
        "ops-home-platform-8080",
        "ops-away-platform-8080",
    ]
    assert [one.options.delete_before_replace for one in groups] == [False, False]


@pytest.mark.parametrize("site", ["home", "away"])
def test_a_task_talks_to_the_databases_of_its_own_site(ledger: Outcome, site: str) -> None:
    task = ledger.named(f"ops-{site}-hosting-task")
    instances = {
        urn.rsplit("::", 1)[1]
        for urn in task.property_dependencies["containerDefinitions"]
        if "rds/instance" in urn
    }
    assert instances == {f"ops-orders-{site}-1", f"ops-order-lines-{site}-1"}


@pytest.mark.parametrize("site", ["home", "away"])
def test_a_site_pulls_its_image_from_its_own_region(ledger: Outcome, site: str) -> None:
    task = ledger.named(f"ops-{site}-hosting-task")
    repositories = {
        urn.rsplit("::", 1)[1]
        for urn in task.property_dependencies["containerDefinitions"]
        if "ecr/repository" in urn
    }
    assert repositories == {f"ops-images-{site}"}


def test_images_are_copied_from_where_releases_are_pushed(
    ledger: Outcome, swapped: Outcome
) -> None:
    for run, source, target in (
        (ledger, "eu-west-2", "eu-west-1"),
        (swapped, "eu-west-1", "eu-west-2"),
    ):
        (replication,) = run.of("aws:ecr/replicationConfiguration:ReplicationConfiguration")
        (rule,) = replication.inputs["replicationConfiguration"]["rules"]
        assert replication.inputs["region"] == source
        assert [row["region"] for row in rule["destinations"]] == [target]
        assert replication.options.retain_on_delete


def test_lease_journal_and_incidents_lie_in_both_sites_and_outlive_mistakes(
    ledger: Outcome,
) -> None:
    tables: list[Any] = [table.inputs for table in ledger.of("aws:dynamodb/table:Table")]
    assert {(table["name"], table["hashKey"], table.get("rangeKey")) for table in tables} == {
        (f"holdfast-ops-{site}-{purpose}", key, order)
        for site in ("home", "away")
        for purpose, key, order in (
            ("lease", "name", None),
            ("journal", "run", "sequence"),
            ("incidents", "zone", "number"),
        )
    }
    for table in tables:
        assert table["deletionProtectionEnabled"]
        assert table["pointInTimeRecovery"] == {"enabled": True}
        assert table["billingMode"] == "PAY_PER_REQUEST"
