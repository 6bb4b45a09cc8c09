"""The status page that customers subscribe to: Atlassian Statuspage, one incident for each of ours.

Statuspage takes no idempotency key. The incident's `metadata`, which no reader sees, lists the keys
that it was told, and is written in the same request as the update; it is read before each. There is
no moment PAGE, ACKNOWLEDGED or NOTE for customers: nothing is sent. (developer.statuspage.io,
"Incidents": POST and PATCH /v1/pages/{page}/incidents, and of those with `scheduled_for` "Scheduled
Maintenance", which the page begins and ends by itself; "Authentication": `OAuth`; "Rate limiting":
one request a second, 420 until 2021 and 429 since, with Retry-After.)
"""

from typing import Any

from continuity import channels
from incident.channels.channel import ASIDE, Audience, Message, Moment, Receipt
from incident.channels.web import Site

_STATUS = {
    Moment.INVESTIGATING: "investigating",
    Moment.IDENTIFIED: "identified",
    Moment.HOLDING_PAGE: "identified",
    Moment.RECOVERING: "identified",
    Moment.MONITORING: "monitoring",
    Moment.RESOLVED: "resolved",
}
_IMPACT = {"SEV1": "critical", "SEV2": "major", "SEV3": "minor", "SEV4": "none"}
_WHILE = {"SEV1": "major_outage", "SEV2": "partial_outage", "SEV3": "degraded_performance"}
_OF_WORK = {Moment.MAINTENANCE: "scheduled", Moment.RESOLVED: "completed"}
"""Of what was announced with its hours."""
_MOST_KEYS = 50
_NAMESPACE = "holdfast"


class StatusPage:
    """An incident on the page; the reference is its id there."""

    name = str(channels.Service.STATUS_PAGE)
    audience = Audience.CUSTOMERS

    def __init__(self, config: channels.StatusPage, site: Site) -> None:
        self._config = config
        self._site = site
        self._path = f"/v1/pages/{config.page}/incidents"

    def deliver(self, message: Message, reference: str) -> Receipt:
        """Create the incident, or update it; says nothing twice."""
        if message.moment in ASIDE:
            return Receipt(reference)
        found = self._find(message.incident, reference)
        keys = _keys(found)
        if message.key in keys:
            return Receipt(str(found["id"]))
        incident = self._content(message, [*keys, message.key][-_MOST_KEYS:])
        if not found:
            made = self._site.call("POST", self._path, {"incident": incident})
            return Receipt(str(made["id"]))
        self._site.call("PATCH", f"{self._path}/{found['id']}", {"incident": incident})
        return Receipt(str(found["id"]))

    def _find(self, incident: str, reference: str) -> dict[str, Any]:
        """Return the page's incident: the one referred to, or one that names ours; {} for none."""
        if reference:
            return dict(self._site.get(f"{self._path}/{reference}"))
        newest = self._site.get(self._path, limit="100")
        own = (row for row in newest if _ours(row).get("incident") == incident)
        return dict(next(own, {}))

    def _content(self, message: Message, keys: list[str]) -> dict[str, object]:
        return {
            "name": message.title,
            "body": message.text,
            "deliver_notifications": True,
            "component_ids": list(self._config.components),
            # Statuspage wants objects at the top level of it.
            "metadata": {_NAMESPACE: {"incident": message.incident, "keys": keys}},
            **(self._now(message) if message.starts is None else _planned(message)),
        }

    def _now(self, message: Message) -> dict[str, object]:
        return {
            "status": _STATUS[message.moment],
            "impact_override": _IMPACT.get(message.severity),
            "components": dict.fromkeys(self._config.components, _shown(message)),
        }


def _planned(message: Message) -> dict[str, object]:
    """Return what the page needs to remind of work, and to show components so while it lasts."""
    hours = {"scheduled_for": message.starts, "scheduled_until": message.ends}
    return {
        "status": _OF_WORK[message.moment],
        "impact_override": "maintenance",
        **{name: moment.isoformat() for name, moment in hours.items() if moment is not None},
        "scheduled_remind_prior": True,
        "scheduled_auto_in_progress": True,
        "scheduled_auto_completed": True,
        "auto_transition_to_maintenance_state": True,
        "auto_transition_to_operational_state": True,
    }


def _shown(message: Message) -> str:
    """Return how the components of the page stand while this is the newest message."""
    settled = {
        Moment.RESOLVED: "operational",
        Moment.MONITORING: "degraded_performance",
        Moment.HOLDING_PAGE: "major_outage",
    }
    return settled.get(message.moment) or _WHILE.get(message.severity, "operational")


def _ours(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (row.get("metadata") or {}).get(_NAMESPACE) or {}
    return found


def _keys(row: dict[str, Any]) -> list[str]:
    return [str(one) for one in _ours(row).get("keys") or ()]
