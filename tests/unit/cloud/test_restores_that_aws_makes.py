"""Restores that run: those that AWS Backup makes to test itself read nothing that has to stay."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cloud import restore_jobs
from cloud.clients import Clients
from cloud.door import Cloud
from continuity.errors import PermanentError
from simulator.clock import VirtualClock, VirtualWorkers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
PLAN = {"RestoreTestingPlanArn": "arn:aws:backup:eu-west-1:123456789012:restore-testing-plan:we1"}
TARGETS = {
    "of-a-test": {"destinationBucketName": "awsbackup-restore-test-1"},
    "by-hand": {"destinationBucketName": "elsewhere"},
    "a-trial": {"CreationToken": "we1-scratch-files-home-file-system-1"},
}


class Jobs(Clients):
    """One client for all: restores that run, and what AWS tells of each."""

    def __init__(self, targets: Mapping[str, Any] = TARGETS) -> None:
        super().__init__()
        self._targets = targets

    def of(self, *_: object) -> Any:  # noqa: ANN401 - stands for a boto3 client
        return self

    def list_restore_jobs(self, **_: object) -> dict[str, Any]:
        rows: list[dict[str, Any]] = [
            {"RestoreJobId": name, "Status": "RUNNING"} for name in self._targets
        ]
        if "of-a-test" in self._targets:
            rows[0]["CreatedBy"] = PLAN
        return {"RestoreJobs": rows}

    def get_restore_job_metadata(self, **asked: str) -> dict[str, Any]:
        return {"Metadata": self._targets[asked["RestoreJobId"]]}


def test_a_test_that_aws_backup_makes_by_itself_is_no_restore_to_hold_for() -> None:
    clock = VirtualClock(NOW)
    door = Cloud(clock, VirtualWorkers(clock, 1), clients=Jobs()).at("eu-west-1")
    found = restore_jobs.running(door, ("we1-scratch-",), NOW - timedelta(days=7))
    assert [one.identity for one in found] == ["by-hand"]


def running(metadata: object) -> list[str]:
    clock = VirtualClock(NOW)
    cloud = Cloud(clock, VirtualWorkers(clock, 1), clients=Jobs({"one": metadata}))
    found = restore_jobs.running(cloud.at("eu-west-1"), ("we1-",), NOW - timedelta(days=7))
    return [one.identity for one in found]


@pytest.mark.parametrize("items", ["/private", '{"path": "/private"}', "[1]", "[", ["/p"]])
def test_a_job_that_somebody_began_in_another_way_is_told_in_one_sentence(items: object) -> None:
    told = {"CreationToken": "theirs", "itemsToRestore": items}
    with pytest.raises(PermanentError, match="--restore-job-id one --region eu-west-1"):
        running(told)


@pytest.mark.parametrize("metadata", [None, {}, {"CreationToken": "theirs", "itemsToRestore": ""}])
def test_a_job_that_names_no_paths_or_nothing_at_all_is_a_restore_like_any(
    metadata: object,
) -> None:
    assert running(metadata) == ["one"]
