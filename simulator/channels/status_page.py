"""A status page that customers subscribe to.

Shapes: developer.statuspage.io, "Incidents": an update comes with each change of status or body;
401 for a wrong key, 404 for a page that is not ours, 422 with a list in `error` for what cannot be.
"""

from typing import Any

from simulator.channels.asked import path_of, payload_of
from simulator.channels.seen import Eyes
from simulator.serving.reply import NOT_FOUND, Asking, Reply, in_json

SERVICE = "status_page"
_CREATED, _UNAUTHORISED, _UNPROCESSABLE = 201, 401, 422
_STATUSES = {"investigating", "identified", "monitoring", "resolved"}
_OF_SCHEDULED = {"scheduled", "in_progress", "verifying", "completed"}


class StatusPage:
    """`incidents` by id, in the order of their creation; `components` by id with their status."""

    def __init__(self, eyes: Eyes, key: str, page: str, components: tuple[str, ...] = ()) -> None:
        self._eyes = eyes
        self._key = key
        self._root = f"/v1/pages/{page}/incidents"
        self.components = dict.fromkeys(components, "operational")
        self.incidents: dict[str, dict[str, Any]] = {}

    def answer(self, asking: Asking) -> Reply:
        """Answer one request to the page's incidents."""
        if asking.headers.get("Authorization") != f"OAuth {self._key}":
            return in_json({"error": "Could not authenticate"}, _UNAUTHORISED)
        path = path_of(asking)
        name = path.removeprefix(self._root).strip("/")
        if not path.startswith(self._root) or (name and name not in self.incidents):
            return in_json({"error": "Not found"}, NOT_FOUND)
        if asking.method == "GET":
            return in_json(self.incidents[name] if name else [*self.incidents.values()][::-1])
        given = payload_of(asking).get("incident") or {}
        problems = self._problems(given, self.incidents.get(name))
        if problems:
            return in_json({"error": problems}, _UNPROCESSABLE)
        return self._update(name, given) if name else self._create(given)

    def _problems(self, given: dict[str, Any], incident: dict[str, Any] | None) -> list[str]:
        found = []
        if incident is None and not given.get("name"):
            found.append("Name can't be blank")
        scheduled = given.get("scheduled_for") or (incident or {}).get("scheduled_for")
        if given.get("status") not in (_OF_SCHEDULED if scheduled else _STATUSES):
            found.append("Status is not included in the list")
        if set(given.get("component_ids", ())) - set(self.components):
            found.append("Component ids are invalid")
        if not all(isinstance(one, dict) for one in given.get("metadata", {}).values()):
            found.append("Metadata values must be objects")
        return found

    def _create(self, given: dict[str, Any]) -> Reply:
        name = f"inc{len(self.incidents) + 1:09d}"
        self.incidents[name] = {"id": name, "incident_updates": []}
        return in_json(self._apply(name, given), _CREATED)

    def _update(self, name: str, given: dict[str, Any]) -> Reply:
        return in_json(self._apply(name, given))

    def _apply(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        incident = self.incidents[name]
        hours = ("scheduled_for", "scheduled_until")
        kept = ("name", "status", "impact_override", "metadata", *hours)
        incident |= {key: given[key] for key in kept if key in given}
        update = {"status": given["status"], "body": given.get("body", "")}
        incident["incident_updates"].insert(0, update)
        self.components |= given.get("components") or {}
        text = f"{incident['name']}: {update['body']}"
        self._eyes.see(SERVICE, "update", name, text, update["status"])
        return incident
