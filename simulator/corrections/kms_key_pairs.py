"""KMS: a symmetric key has no key pair; moto makes an RSA pair for each, which takes long."""

from moto.kms import models

from simulator.correction import Correction

_generate_private_key = models.generate_private_key


def generate_private_key(key_spec: str) -> object | None:
    """Make the pair of an asymmetric key, and nothing for others."""
    if key_spec == "SYMMETRIC_DEFAULT" or key_spec.startswith("HMAC_"):
        return None
    pair: object = _generate_private_key(key_spec)
    return pair


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    why = "symmetric keys have no key pair"
    return [Correction(models, "generate_private_key", generate_private_key, why)]
