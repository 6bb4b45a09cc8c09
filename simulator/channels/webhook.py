"""A ticketing system of somebody's own, behind a webhook: it verifies, and takes each key once.

It does what docs/guide/channels.md tells receivers to do.
"""

import hashlib
import hmac

from simulator.channels.asked import payload_of
from simulator.channels.seen import Eyes
from simulator.serving.reply import Asking, Reply, in_json

SERVICE = "webhook"
_UNAUTHORISED = 401
_OLDEST_S = 300


class Webhook:
    """`tickets`: the incident of each, by reference; `keys`: what was taken already."""

    def __init__(self, eyes: Eyes, secret: str) -> None:
        self._eyes = eyes
        self._secret = secret
        self.tickets: dict[str, str] = {}
        self.keys: set[str] = set()

    def answer(self, asking: Asking) -> Reply:
        """Take one message."""
        moment = asking.headers.get("X-Holdfast-Timestamp", "0")
        signed = moment.encode() + b"." + asking.body
        digest = hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest()
        told = asking.headers.get("X-Holdfast-Signature", "")
        late = abs(self._eyes.clock.now().timestamp() - int(moment)) > _OLDEST_S
        if late or not hmac.compare_digest(f"v1={digest}", told):
            return in_json({"error": "the signature does not match"}, _UNAUTHORISED)
        given = payload_of(asking)
        ticket = self._ticket(given["incident"])
        key = asking.headers.get("Idempotency-Key", "")
        if key not in self.keys:
            self.keys.add(key)
            self._eyes.see(SERVICE, "message", ticket, given["text"], given["moment"])
        return in_json({"reference": ticket})

    def _ticket(self, incident: str) -> str:
        for ticket, about in self.tickets.items():
            if about == incident:
                return ticket
        ticket = f"T-{len(self.tickets) + 1}"
        self.tickets[ticket] = incident
        return ticket
