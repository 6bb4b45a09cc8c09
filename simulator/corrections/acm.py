"""ACM: moto issues a certificate after a minute, whether its domain was validated or not.

Source: ACM user guide, "DNS validation": a certificate is issued once the CNAME that it asks for
can be found in DNS. Assumption: at the moment of the next look. One key serves all certificates:
making one takes longer than anything else in a deployment, and no secret hangs on it.
"""

from functools import cache
from unittest import mock

from cryptography.hazmat.primitives.asymmetric import rsa
from moto.acm.models import CertBundle

from simulator.correction import Correction
from simulator.name_servers import has_record

_check = CertBundle.check
_describe = CertBundle.describe
_generate_cert = CertBundle.generate_cert.__func__
_one_key = cache(rsa.generate_private_key)


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            CertBundle, "check", check, "a certificate is issued when DNS holds its records"
        ),
        Correction(
            CertBundle,
            "generate_cert",
            classmethod(generate_cert),
            "nothing that AWS does otherwise: one key is enough for all certificates",
        ),
    ]


def generate_cert(cls: type[CertBundle], /, *args: object, **kwargs: object) -> CertBundle:
    """Make a certificate without making a key for it."""
    with mock.patch.object(rsa, "generate_private_key", _one_key):
        return _generate_cert(cls, *args, **kwargs)


def check(self: CertBundle) -> None:
    """Issue a certificate whose validation records can be found."""
    if self.type != "AMAZON_ISSUED" or self.status != "PENDING_VALIDATION":
        _check(self)
        return
    asked = [
        option["ResourceRecord"]
        for option in _describe(self)["Certificate"]["DomainValidationOptions"]
    ]
    if asked and all(has_record(row["Name"], "CNAME", row["Value"]) for row in asked):
        self.status = "ISSUED"
