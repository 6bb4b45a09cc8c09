"""SES: moto verifies whatever it is told of, knows no sandbox, and ignores configuration sets.

Sources: SES developer guide, "Creating and verifying identities" and "Easy DKIM": a domain is
verified once its three CNAME records are found in DNS; "Request production access": in the sandbox
recipients must be verified too; "Amazon SES email sending errors": how a refusal reads; API v2
reference, SendEmail: NotFoundException for a configuration set that is not there. Assumptions: DNS
is looked at with each call, and the accounts of a simulated world have left the sandbox, unless
`simulator.mails.confine` says otherwise.
"""

from email.utils import parseaddr
from typing import Any

from moto.ses.exceptions import MessageRejectedError, NotFoundException
from moto.ses.models import EmailIdentity, SESBackend
from moto.sesv2.responses import SESV2Response

from simulator import mails
from simulator.correction import Correction
from simulator.name_servers import has_record
from simulator.world import current

_init = EmailIdentity.__init__
_response = EmailIdentity.get_response_object.fget
_send_email = SESBackend.send_email
_answer = SESV2Response.send_email
_KEYS, _TOKEN_LENGTH = 3, 32
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(EmailIdentity, "__init__", create, "a domain is given keys to publish"),
        Correction(
            EmailIdentity, "get_response_object", property(describe),
            "a domain is verified when DNS holds its keys",
        ),
        Correction(
            SESBackend, "send_email", send_email,
            "who sends must be verified, and in the sandbox who receives, too",
        ),
        Correction(
            SESV2Response, "send_email", answer, "the configuration set that is named must exist"
        ),
    ]  # fmt: skip


def create(self: EmailIdentity, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as moto's own
    """Give a domain three tokens, as Easy DKIM does."""
    _init(self, *args, **kwargs)
    if self.identity_type == "DOMAIN":
        chance = current().random("dkim tokens")
        tokens = ["".join(chance.choices(_LETTERS, k=_TOKEN_LENGTH)) for _ in range(_KEYS)]
        self.dkim_attributes |= {"SigningEnabled": True, "Status": "PENDING", "Tokens": tokens}
        self.verification_status = "PENDING"


def describe(self: EmailIdentity) -> dict[str, Any]:
    """Describe an identity after a look into DNS."""
    found: dict[str, Any] = _response(self)
    if not is_verified(self):
        return found
    dkim = {**found["DkimAttributes"], "Status": "SUCCESS"}
    verified = {"VerifiedForSendingStatus": True, "VerificationStatus": "SUCCESS"}
    return {**found, **verified, "DkimAttributes": dkim}


def is_verified(identity: EmailIdentity) -> bool:
    """Say whether mails may come from it; an address counts as confirmed by whoever owns it."""
    tokens = identity.dkim_attributes.get("Tokens", ())
    domain = identity.email_identity
    return all(
        has_record(f"{token}._domainkey.{domain}", "CNAME", f"{token}.dkim.amazonses.com")
        for token in tokens
    )


def send_email(
    self: SESBackend, source: str, subject: str, body: str, destinations: dict[str, list[str]]
) -> object:
    """Send a mail of a verified sender; to verified recipients only in the sandbox."""
    confined = mails.is_confined(current(), self.region_name)
    addresses = [one for many in destinations.values() for one in many] if confined else []
    failed = [one for one in (source, *addresses) if not _may(self, one)]
    if failed:
        self.rejected_messages_count += 1
        raise MessageRejectedError(
            "Email address is not verified. The following identities failed the check in region "
            f"{self.region_name.upper()}: {', '.join(failed)}"
        )
    return _send_email(self, source, subject, body, destinations)


def _may(backend: SESBackend, source: str) -> bool:
    _, address = parseaddr(source)
    names = (address, address.rpartition("@")[2])
    found = [backend.email_identities[one] for one in names if one in backend.email_identities]
    return any(is_verified(one) for one in found)


def answer(self: SESV2Response) -> str:
    """Send a mail under a configuration set that exists, if one is named."""
    name = self._get_param("ConfigurationSetName")
    if name and name not in self.sesv2_backend.core_backend.config_sets:
        raise NotFoundException(f"Configuration set <{name}> does not exist.")
    sent: str = _answer(self)
    return sent
