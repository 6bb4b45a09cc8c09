"""Mails through SES in one region, from an address of the zone's own domain.

`incident.channels.email` calls it. SES knows no idempotency: a mail whose answer was lost may have
gone out, and goes out again when it is tried again. (SES API v2 reference, SendEmail; developer
guide, "Service quotas": 50 recipients a message, "Amazon SES email sending errors".)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.door import Door
from cloud.permitted import permitted
from continuity.errors import PermanentError
from continuity.permissions import SEND_MAIL

MOST = 50
"""Recipients of one message."""

_REJECTED = "MessageRejected"
_WHAT_TO_DO = {
    _REJECTED: "Verify the zone's domain there (its DKIM records come with the program), and ask "
    "AWS to take the account out of the sandbox in that region",
    "MailFromDomainNotVerifiedException": "Verify the zone's domain there",
    "AccountSuspendedException": "Ask AWS support why they suspended sending",
    "SendingPausedException": "Turn sending on again: aws sesv2 put-account-sending-attributes "
    "--sending-enabled",
    "NotFoundException": "Deploy the zone's program: it makes the configuration set",
}


@dataclass(frozen=True)
class Mail:
    """One mail in plain text, for at most `MOST` recipients who do not see each other."""

    sender: str
    recipients: Sequence[str]
    subject: str
    text: str
    key: str
    reply_to: str = ""


@permitted(SEND_MAIL)
def send(door: Door, configuration_set: str, mail: Mail) -> str:
    """Send it; returns what SES calls it.

    Raises:
        PermanentError: SES refuses; the sentence says what it waits for.
        Unreachable: nothing was sent.
        TemporaryError: SES is slow, limits, or did not answer: it may have been sent.
    """
    try:
        reply = door.change("sesv2", "SendEmail", **_request(configuration_set, mail))
    except PermanentError as error:
        advice = _WHAT_TO_DO.get(getattr(error, "code", ""))
        if advice is None:
            raise
        raise PermanentError(f"SES in {door.region} sends nothing. {advice}: {error}") from error
    return str(reply["MessageId"])


def _request(configuration_set: str, mail: Mail) -> dict[str, object]:
    headers = {"Auto-Submitted": "auto-generated", "X-Holdfast-Message": mail.key}
    content = {
        "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
        "Body": {"Text": {"Data": mail.text, "Charset": "UTF-8"}},
        "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
    }
    return {
        "FromEmailAddress": mail.sender,
        "Destination": {"BccAddresses": list(mail.recipients)},
        "Content": {"Simple": content},
        "ConfigurationSetName": configuration_set,
        **({"ReplyToAddresses": [mail.reply_to]} if mail.reply_to else {}),
    }
