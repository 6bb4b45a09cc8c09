"""Paging through PagerDuty: a page is an alert that somebody acknowledges.

Only PAGE, ACKNOWLEDGED and RESOLVED are told here. A page's `dedup_key` is the message's key, so
that a repeat finds the alert it made; the reference lists those that are not resolved yet. The
secret is one integration's key, or a JSON object of keys by person, for pages that ring with
different people. (PagerDuty developer documentation, "Events API v2": "Send an alert event";
api-schema, reference/events-v2/openapiv3.json: 202, 400 with `errors`, 429.)
"""

import json

from continuity.channels import Service
from continuity.errors import PermanentError
from incident.channels.channel import Audience, Message, Moment, Receipt
from incident.channels.secrets import named
from incident.channels.web import Site

_PATH = "/v2/enqueue"
_SEVERITIES = {"SEV1": "critical", "SEV2": "error", "SEV3": "warning", "SEV4": "info"}
_LONGEST_SUMMARY, _LONGEST_KEY = 1024, 255

Open = dict[str, str]
"""Alerts that are not resolved: who was paged, by `dedup_key`."""


class Pagerduty:
    """Pages people, and tells PagerDuty that somebody is at it or that it is over."""

    name = str(Service.PAGERDUTY)
    audience = Audience.ON_CALL

    def __init__(self, site: Site) -> None:
        self._site = site

    def deliver(self, message: Message, reference: str) -> Receipt:
        """Trigger, acknowledge or resolve; what is none of it changes nothing."""
        alerts = _read(reference)
        if message.moment is Moment.PAGE:
            key = message.key[:_LONGEST_KEY]
            self._tell("trigger", key, message.person, {"payload": _payload(message)})
            alerts[key] = message.person
        elif message.moment is Moment.ACKNOWLEDGED:
            self._all("acknowledge", alerts)
        elif message.moment is Moment.RESOLVED:
            self._all("resolve", alerts)
            alerts = {}
        return Receipt(json.dumps(alerts) if alerts else "")

    def _all(self, action: str, alerts: Open) -> None:
        for key, person in alerts.items():
            self._tell(action, key, person, {})

    def _tell(self, action: str, key: str, person: str, more: dict[str, object]) -> None:
        event = {"routing_key": self._route(person), "event_action": action, "dedup_key": key}
        self._site.call("POST", _PATH, {**event, **more})

    def _route(self, person: str) -> str:
        text = self._site.secret.reveal()
        routes = named(text)
        if not routes:
            return text
        if person not in routes:
            self._site.secret.forget()
            raise PermanentError(
                f"PagerDuty has no integration key for {person or 'nobody in particular'}. Add it "
                f"to the JSON object in {self._site.secret.where}."
            )
        return routes[person]


def _payload(message: Message) -> dict[str, object]:
    return {
        "summary": f"{message.severity} {message.zone}: {message.title}"[:_LONGEST_SUMMARY],
        "source": f"holdfast {message.zone}",
        "severity": _SEVERITIES.get(message.severity, "critical"),
        "timestamp": message.at.isoformat(),
        "group": message.zone,
        "custom_details": {
            "incident": message.incident,
            "person": message.person,
            "text": message.text,
        },
    }


def _read(reference: str) -> Open:
    return dict(json.loads(reference)) if reference else {}
