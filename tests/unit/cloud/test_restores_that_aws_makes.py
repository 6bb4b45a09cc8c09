"""Restores that run: those that AWS Backup makes to test itself read nothing that has to stay."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cloud import restore_jobs
from cloud.clients import Clients
from cloud.door import Cloud
from simulator.clock import VirtualClock, VirtualWorkers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
PLAN = {"RestoreTestingPlanArn": "arn:aws:backup:eu-west-1:123456789012:restore-testing-plan:we1"}
TARGETS = {
    "of-a-test": {"destinationBucketName": "awsbackup-restore-test-1"},
    "by-hand": {"destinationBucketName": "elsewhere"},
    "a-trial": {"CreationToken": "we1-scratch-files-home-file-system-1"},
}


class Jobs(Clients):
    """One client for all: three restores that run."""

    def of(self, *_: object) -> Any:  # noqa: ANN401 - stands for a boto3 client
        return self

    def list_restore_jobs(self, **_: object) -> dict[str, Any]:
        rows: list[dict[str, Any]] = [
            {"RestoreJobId": name, "Status": "RUNNING"} for name in TARGETS
        ]
        rows[0]["CreatedBy"] = PLAN
        return {"RestoreJobs": rows}

    def get_restore_job_metadata(self, **asked: str) -> dict[str, Any]:
        return {"Metadata": TARGETS[asked["RestoreJobId"]]}


def test_a_test_that_aws_backup_makes_by_itself_is_no_restore_to_hold_for() -> None:
    clock = VirtualClock(NOW)
    door = Cloud(clock, VirtualWorkers(clock, 1), clients=Jobs()).at("eu-west-1")
    found = restore_jobs.running(door, ("we1-scratch-",), NOW - timedelta(days=7))
    assert [one.identity for one in found] == ["by-hand"]
