"""Ticketing by a webhook: each message is one signed JSON object, posted to an address of theirs.

The receiver proves who sent it and when: `X-Holdfast-Signature` is `v1=` and the hexadecimal
HMAC-SHA256, with the shared secret, of `TIMESTAMP.BODY`, the timestamp being the seconds since 1970
in `X-Holdfast-Timestamp`. Whoever refuses timestamps older than five minutes refuses replays. The
scheme is Slack's and Stripe's (docs.slack.dev, "Verifying requests from Slack"). A repeat carries
the same `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), by which the receiver knows
it. An answer `{"reference": "..."}` is given back with the next message of the incident.
"""

import hashlib
import hmac
from dataclasses import asdict

from continuity.channels import Service
from incident.channels.channel import Audience, Message, Receipt
from incident.channels.web import Site, in_json

SIGNATURE, TIMESTAMP = "X-Holdfast-Signature", "X-Holdfast-Timestamp"
_LONGEST_REFERENCE = 500


class Webhook:
    """Posts each message to the zone's address."""

    name = str(Service.WEBHOOK)
    audience = Audience.TICKETS

    def __init__(self, site: Site) -> None:
        self._site = site

    def deliver(self, message: Message, reference: str) -> Receipt:
        """Post it; keeps the reference where the receiver names none."""
        payload = {**asdict(message), "at": message.at.isoformat(), "reference": reference}
        moment = str(int(self._site.clock.now().timestamp()))
        headers = {
            "Idempotency-Key": f'"{message.key}"',
            TIMESTAMP: moment,
            SIGNATURE: signature(self._site.secret.reveal(), moment, in_json(payload)),
        }
        answer = self._site.call("POST", "", payload, headers)
        given = answer.get("reference") if isinstance(answer, dict) else None
        named = given if isinstance(given, str) and len(given) <= _LONGEST_REFERENCE else ""
        return Receipt(named or reference)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what a message of this body, sent at this moment, is signed with."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1={signed.hexdigest()}"
