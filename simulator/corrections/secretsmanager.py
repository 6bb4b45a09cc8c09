"""Secrets Manager: moto's replicas ignore the key that they were given.

Sources: ReplicateSecretToRegions, ReplicaRegionType `KmsKeyId` and ReplicationStatusType: a replica
is encrypted by a key of its own region; otherwise its status is Failed.
"""

from collections.abc import Sequence
from typing import Any

from moto.secretsmanager.models import FakeSecret, ReplicaSecret

from simulator.correction import Correction

_create_replicas = FakeSecret.create_replicas
_to_dict = ReplicaSecret.to_dict


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            FakeSecret, "create_replicas", create_replicas,
            "a replica has its own key, and fails with a key of another region",
        ),
        Correction(ReplicaSecret, "to_dict", to_dict, "a replica names its own key"),
    ]  # fmt: skip


def create_replicas(
    self: FakeSecret, replica_regions: Sequence[dict[str, str]], force_overwrite: bool
) -> list[ReplicaSecret]:
    """Create replicas, each under the key of its region."""
    replicas: list[ReplicaSecret] = _create_replicas(self, replica_regions, force_overwrite)
    for replica, wanted in zip(replicas, replica_regions or [], strict=True):
        key = wanted.get("KmsKeyId")
        if not key:
            continue
        replica.config["KmsKeyId"] = key
        if key.startswith("arn:") and key.split(":")[3] != replica.region:
            problem = f"Replication failed: key {key} is not in region {replica.region}."
            replica.status = replica.config["Status"] = "Failed"
            replica.message = replica.config["StatusMessage"] = problem
    return replicas


def to_dict(self: ReplicaSecret) -> dict[str, Any]:
    """Describe a replica with its own key."""
    found: dict[str, Any] = _to_dict(self)
    return found | {"KmsKeyId": self.config["KmsKeyId"]}
