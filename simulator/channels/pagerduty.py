"""PagerDuty as its Events API: pages ring once for each open alert.

Shapes: PagerDuty api-schema, reference/events-v2/openapiv3.json: 202 with `dedup_key`, 400 with
`errors`. An event for an alert that is resolved, or was never there, is taken and changes nothing.
"""

from typing import Any

from simulator.channels.asked import path_of, payload_of
from simulator.channels.seen import Eyes
from simulator.serving.reply import BAD_REQUEST, NOT_FOUND, Asking, Reply, in_json

SERVICE = "pagerduty"
_ACCEPTED, _KEY_LENGTH = 202, 32
_STATES = {"acknowledge": "acknowledged", "resolve": "resolved"}


class Pagerduty:
    """`alerts`: the state of each by integration key and `dedup_key`."""

    def __init__(self, eyes: Eyes) -> None:
        self._eyes = eyes
        self.alerts: dict[tuple[str, str], str] = {}

    def answer(self, asking: Asking) -> Reply:
        """Take one event."""
        if (asking.method, path_of(asking)) != ("POST", "/v2/enqueue"):
            return Reply(NOT_FOUND)
        event = payload_of(asking)
        errors = _errors(event)
        if errors:
            text = "Event object is invalid"
            body = {"status": "invalid event", "message": text, "errors": errors}
            return in_json(body, BAD_REQUEST)
        self._take(event)
        body = {"status": "success", "message": "Event processed", "dedup_key": event["dedup_key"]}
        return in_json(body, _ACCEPTED)

    def _take(self, event: dict[str, Any]) -> None:
        key = (event["routing_key"], event["dedup_key"])
        action, state = event["event_action"], self.alerts.get(key)
        if action == "trigger" and state in (None, "resolved"):
            payload = event["payload"]
            self.alerts[key] = "triggered"
            self._eyes.see(SERVICE, "page", key[1], payload["summary"], _person(payload))
        elif action in _STATES and state not in (None, "resolved", _STATES[action]):
            self.alerts[key] = _STATES[action]
            self._eyes.see(SERVICE, _STATES[action], key[1], "")


def _errors(event: dict[str, Any]) -> list[str]:
    found = []
    if len(str(event.get("routing_key", ""))) != _KEY_LENGTH:
        found.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    if event.get("event_action") not in ("trigger", *_STATES):
        found.append("'event_action' is invalid")
    if event.get("event_action") == "trigger":
        wanted = {"summary", "source", "severity"}
        missing = sorted(wanted - set(event.get("payload") or {}))
        found += [f"'payload.{name}' is missing or blank" for name in missing]
    elif not event.get("dedup_key"):
        found.append("'dedup_key' is missing or blank")
    return found


def _person(payload: dict[str, Any]) -> str:
    return str((payload.get("custom_details") or {}).get("person") or "")
