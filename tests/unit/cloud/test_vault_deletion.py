"""Deleting a point of AWS Backup: what it says is not believed before it was read back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloud import vaults
from cloud.clients import Clients
from cloud.door import Cloud, Door
from cloud.effects import Effect
from continuity.errors import PermanentError
from simulator.clock import VirtualClock, VirtualWorkers

GONE = ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeRecoveryPoint")
ROW = {"RecoveryPointArn": "arn", "ResourceArn": "arn:aws:s3:::b"}


class Vault(Clients):
    """One client for all: a vault in which one point looks like this after its deletion."""

    def __init__(self, left: dict[str, Any] | ClientError, deletion: ClientError | None) -> None:
        self.left, self.deletion = left, deletion

    def of(self, *_: object) -> Any:  # noqa: ANN401 - stands for a boto3 client
        return self

    def delete_recovery_point(self, **_: object) -> dict[str, Any]:
        if self.deletion is not None:
            raise self.deletion
        return {}

    def describe_recovery_point(self, **_: object) -> dict[str, Any]:
        if isinstance(self.left, ClientError):
            raise self.left
        return self.left


def door_to(left: dict[str, Any] | ClientError, deletion: ClientError | None = None) -> Door:
    clock = VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))
    return Cloud(clock, VirtualWorkers(clock, 1), clients=Vault(left, deletion)).at("eu-west-1")


@pytest.mark.parametrize("left", [GONE, {**ROW, "Status": "DELETING"}])
def test_what_is_gone_or_going_is_deleted(left: dict[str, Any] | ClientError) -> None:
    assert vaults.delete(door_to(left), "vault", "arn") is Effect.MADE


def test_what_was_gone_before_is_already_so() -> None:
    assert vaults.delete(door_to(GONE, GONE), "vault", "arn") is Effect.ALREADY


def test_what_aws_left_behind_as_expired_is_an_error_that_says_what_to_do() -> None:
    left = {**ROW, "Status": "EXPIRED"}
    with pytest.raises(PermanentError, match="it is expired now, and still there"):
        vaults.delete(door_to(left), "vault", "arn")


def test_a_size_is_told_in_whole_gigabytes() -> None:
    found = vaults.look(door_to({**ROW, "BackupSizeInBytes": 1}), "vault", "arn")
    assert found is not None
    assert found.size_gb == 1
