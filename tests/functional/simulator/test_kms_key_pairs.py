from typing import Any

import pytest
from moto.backends import get_backend

from simulator import backstage
from simulator.world import ACCOUNT, World

REGION = "eu-west-1"


def pair_of(**asked: str) -> object:
    made: dict[str, Any] = backstage.client("kms", REGION).create_key(**asked)["KeyMetadata"]
    return get_backend("kms")[ACCOUNT][REGION].keys[made["KeyId"]].private_key


@pytest.mark.parametrize("corrected", [False, True])
def test_only_moto_alone_makes_a_pair_for_a_symmetric_key(corrected: bool) -> None:
    with World(seed=1, corrected=corrected):
        assert (pair_of() is None) is corrected


def test_an_asymmetric_key_still_has_its_pair() -> None:
    with World(seed=1):
        assert pair_of(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY") is not None
