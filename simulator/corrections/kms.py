"""KMS: in moto a disabled key goes on working, and so does one that is to be deleted.

Source: KMS developer guide, "Key states of KMS keys": cryptographic operations fail with
DisabledException or KMSInvalidStateException.
"""

from collections.abc import Callable

from moto.core.exceptions import JsonRESTError
from moto.kms.models import Key, KmsBackend

from simulator.correction import Correction

_decrypt = KmsBackend.decrypt


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    why = "a key that is disabled or waits for its deletion does nothing"
    guarded = ("encrypt", "sign", "verify", "generate_mac", "verify_mac")
    return [
        *(Correction(KmsBackend, name, _with_usable_key(name), why) for name in guarded),
        Correction(KmsBackend, "decrypt", decrypt, why),
    ]


def _with_usable_key(name: str) -> Callable[..., object]:
    plain = getattr(KmsBackend, name)

    def guarded(self: KmsBackend, key_id: str, *args: object, **kwargs: object) -> object:
        _check(self.keys[self.any_id_to_key_id(key_id)])
        return plain(self, key_id, *args, **kwargs)

    return guarded


def decrypt(
    self: KmsBackend,
    ciphertext_blob: bytes,
    encryption_context: dict[str, str],
    key_id: str | None = None,
) -> tuple[bytes, str]:
    """Decrypt with the key that the text names, if it is in use."""
    plaintext, arn = _decrypt(self, ciphertext_blob, encryption_context, key_id)
    _check(self.keys[arn.split("/")[-1]])
    return plaintext, arn


def _check(key: Key) -> None:
    if key.key_state == "Disabled":
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    if key.key_state == "PendingDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
