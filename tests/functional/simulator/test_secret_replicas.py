"""Replicas of secrets and their keys: ignored in plain moto (`corrected=False`)."""

from typing import Any

from simulator.backstage import client
from simulator.world import World

HOME, AWAY = "eu-west-1", "eu-central-1"


def replicate(key_region: str) -> tuple[str, dict[str, Any]]:
    """Create a secret whose replica is to use a key; return the key and the replica's status."""
    key = str(client("kms", key_region).create_key()["KeyMetadata"]["Arn"])
    made = client("secretsmanager", HOME).create_secret(
        Name="password",
        SecretString="secret",
        AddReplicaRegions=[{"Region": AWAY, "KmsKeyId": key}],
    )
    return key, made["ReplicationStatus"][0]


def test_a_replica_has_the_key_that_it_was_given() -> None:
    with World(seed=1, corrected=False):
        key, status = replicate(AWAY)
        assert status["KmsKeyId"] != key
    with World(seed=1):
        key, status = replicate(AWAY)
        assert (status["KmsKeyId"], status["Status"]) == (key, "InSync")
        away = client("secretsmanager", AWAY)
        assert away.describe_secret(SecretId="password")["KmsKeyId"] == key
        assert away.get_secret_value(SecretId="password")["SecretString"] == "secret"


def test_a_key_of_another_region_fails_the_replica() -> None:
    with World(seed=1, corrected=False):
        assert replicate(HOME)[1]["Status"] == "InSync"
    with World(seed=1):
        assert replicate(HOME)[1]["Status"] == "Failed"
