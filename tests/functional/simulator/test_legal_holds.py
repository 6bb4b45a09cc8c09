"""AWS Backup's legal holds: what one covers stays, and what comes after it is not covered."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.attempt import NotSimulated
from simulator.backstage import client
from simulator.world import World

REGION = "eu-west-1"


class Vault:
    """A vault with a bucket's points in it, in a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.backup = client("backup", REGION)
        with world.instantly():
            self.backup.create_backup_vault(BackupVaultName="vault")

    def point(self) -> str:
        asked = {"ResourceArn": "arn:aws:s3:::files", "IamRoleArn": "arn:aws:iam::1:role/r"}
        with self.world.instantly():
            made = self.backup.start_backup_job(BackupVaultName="vault", **asked)
        return str(made["RecoveryPointArn"])

    def hold(self, **more: Any) -> str:  # noqa: ANN401 - of CreateLegalHold
        span = {"FromDate": self.world.clock.now() - timedelta(days=9), **more}
        made = self.backup.create_legal_hold(
            Title="incident",
            Description="nothing goes",
            IdempotencyToken="one",
            RecoveryPointSelection={
                "VaultNames": ["vault"],
                "DateRange": {"ToDate": self.world.clock.now(), **span},
            },
        )
        return str(made["LegalHoldId"])

    def delete(self, arn: str) -> None:
        self.backup.delete_recovery_point(BackupVaultName="vault", RecoveryPointArn=arn)

    @property
    def states(self) -> list[str]:
        return [row["Status"] for row in self.backup.list_legal_holds()["LegalHolds"]]


@pytest.fixture
def vault() -> Iterator[Vault]:
    with World(1) as world:
        yield Vault(world)


def test_plain_moto_has_none() -> None:
    with World(1, corrected=False), pytest.raises(NotSimulated):
        client("backup", REGION).list_legal_holds()


def test_what_a_legal_hold_covers_cannot_be_deleted_until_it_is_cancelled(vault: Vault) -> None:
    before = vault.point()
    vault.world.clock.sleep(60)
    identity = vault.hold()
    assert vault.hold() == identity
    vault.world.clock.sleep(3600)
    after = vault.point()
    assert vault.states == ["ACTIVE"]
    with pytest.raises(ClientError, match="legal hold"):
        vault.delete(before)
    vault.delete(after)
    vault.backup.cancel_legal_hold(LegalHoldId=identity, CancelDescription="over")
    with pytest.raises(ClientError, match="legal hold"):
        vault.delete(before)
    vault.world.clock.sleep(3600)
    assert vault.states == ["CANCELED"]
    vault.delete(before)


def test_a_legal_hold_on_the_future_is_refused_and_one_that_is_not_there_is_missed(
    vault: Vault,
) -> None:
    with pytest.raises(ClientError, match="cannot be in the future"):
        vault.hold(ToDate=vault.world.clock.now() + timedelta(days=1))
    with pytest.raises(ClientError, match="does not exist"):
        vault.backup.cancel_legal_hold(LegalHoldId="none", CancelDescription="over")
