"""KMS keys that may not be used: they work on in plain moto (`corrected=False`)."""

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.world import World

REGION = "eu-central-1"


def encrypt_with(state: str) -> str:
    """Return the code with which a key in this state refuses, empty where it encrypts."""
    kms = client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    if state == "Disabled":
        kms.disable_key(KeyId=key)
    elif state == "PendingDeletion":
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    try:
        kms.encrypt(KeyId=key, Plaintext=b"text")
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@pytest.mark.parametrize(
    ("state", "code"),
    [("Disabled", "DisabledException"), ("PendingDeletion", "KMSInvalidStateException")],
)
def test_a_key_that_is_not_enabled_refuses(state: str, code: str) -> None:
    with World(seed=1, corrected=False):
        assert encrypt_with(state) == ""
    with World(seed=1):
        assert encrypt_with(state) == code
        assert encrypt_with("Enabled") == ""


def test_a_disabled_key_makes_no_data_keys_and_decrypts_nothing() -> None:
    with World(seed=1):
        kms = client("kms", REGION)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        text = kms.encrypt(KeyId=key, Plaintext=b"text")["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=text)["Plaintext"] == b"text"

        kms.disable_key(KeyId=key)

        with pytest.raises(ClientError, match="DisabledException"):
            kms.decrypt(CiphertextBlob=text)
        with pytest.raises(ClientError, match="DisabledException"):
            kms.generate_data_key(KeyId=key, KeySpec="AES_256")
