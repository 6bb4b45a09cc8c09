"""A Jira project with a workflow of three statuses, each reachable from each.

Shapes: developer.atlassian.com, Jira Cloud REST API v3: 201 for what is made, 204 for a transition,
`errorMessages` and `errors` for what is wrong; plain text where a rich document belongs is refused.
"""

import base64
import re
from typing import Any

from simulator.channels.asked import path_of, payload_of
from simulator.channels.seen import Eyes
from simulator.serving.reply import BAD_REQUEST, NOT_FOUND, Asking, Reply, in_json

SERVICE = "jira"
STATUSES = ("To Do", "In Progress", "Done")
_CREATED, _DONE, _UNAUTHORISED = 201, 204, 401
_ROOT = "/rest/api/3"


class Jira:
    """`issues` by key: fields, properties and comments."""

    def __init__(self, eyes: Eyes, account: str, token: str, project: str) -> None:
        pair = base64.b64encode(f"{account}:{token}".encode()).decode()
        self._eyes = eyes
        self._authorization = f"Basic {pair}"
        self._project = project
        self.issues: dict[str, dict[str, Any]] = {}

    def answer(self, asking: Asking) -> Reply:
        """Answer one request."""
        if asking.headers.get("Authorization") != self._authorization:
            return Reply(_UNAUTHORISED, b"Client must be authenticated to access this resource.")
        path, given = path_of(asking).removeprefix(_ROOT), payload_of(asking)
        if path == "/search/jql":
            return self._search(str(given.get("jql")))
        if path == "/issue":
            return self._create(given)
        found = re.fullmatch(r"/issue/([A-Z0-9_]+-\d+)(/comment|/transitions)?", path)
        if found is None or found[1] not in self.issues:
            text = "Issue does not exist or you do not have permission to see it."
            return in_json({"errorMessages": [text], "errors": {}}, NOT_FOUND)
        return self._issue(asking.method, found[1], found[2] or "", given)

    def _issue(self, method: str, key: str, part: str, given: dict[str, Any]) -> Reply:
        issue = self.issues[key]
        if method == "GET" and part == "/comment":
            return in_json({"comments": issue["comments"][::-1], "total": len(issue["comments"])})
        if method == "GET" and part == "/transitions":
            rows = [{"id": str(i), "name": to, "to": {"name": to}} for i, to in enumerate(STATUSES)]
            return in_json({"transitions": rows})
        if method == "GET":
            return in_json(
                {"key": key, "fields": issue["fields"], "properties": issue["properties"]}
            )
        return self._comment(key, given) if part == "/comment" else self._move(key, given)

    def _create(self, given: dict[str, Any]) -> Reply:
        fields = given.get("fields") or {}
        errors = self._errors(fields)
        if errors:
            return in_json({"errorMessages": [], "errors": errors}, BAD_REQUEST)
        key = f"{self._project}-{len(self.issues) + 1}"
        properties = {one["key"]: one["value"] for one in given.get("properties", ())}
        known = {**fields, "status": {"name": STATUSES[0]}}
        self.issues[key] = {"fields": known, "properties": properties, "comments": []}
        self._eyes.see(SERVICE, "issue", key, fields["summary"], STATUSES[0])
        return in_json({"id": str(10000 + len(self.issues)), "key": key, "self": ""}, _CREATED)

    def _errors(self, fields: dict[str, Any]) -> dict[str, str]:
        found = {}
        if (fields.get("project") or {}).get("key") != self._project:
            found["project"] = "Specify a valid project ID or key"
        if not fields.get("summary"):
            found["summary"] = "You must specify a summary of the issue."
        if not _is_document(fields.get("description")):
            found["description"] = "Operation value must be an Atlassian Document"
        return found

    def _search(self, jql: str) -> Reply:
        wanted = re.search(r'labels = "([^"]+)"', jql)
        rows = [
            {"id": key, "key": key}
            for key, issue in self.issues.items()
            if wanted and wanted[1] in issue["fields"].get("labels", ())
        ]
        return in_json({"issues": rows, "isLast": True})

    def _comment(self, key: str, given: dict[str, Any]) -> Reply:
        if not _is_document(given.get("body")):
            errors = {"comment": "Comment body is not valid!"}
            return in_json({"errorMessages": [], "errors": errors}, BAD_REQUEST)
        comments = self.issues[key]["comments"]
        comments.append({"id": str(len(comments) + 1), **given})
        self._eyes.see(SERVICE, "comment", key, text_of(given["body"]))
        return in_json(comments[-1], _CREATED)

    def _move(self, key: str, given: dict[str, Any]) -> Reply:
        status = STATUSES[int(given["transition"]["id"])]
        self.issues[key]["fields"]["status"] = {"name": status}
        self._eyes.see(SERVICE, "moved", key, "", status)
        return Reply(_DONE)


def text_of(document: dict[str, Any]) -> str:
    """Return the plain text of a rich document."""
    if document.get("type") == "text":
        return str(document["text"])
    if document.get("type") == "hardBreak":
        return "\n"
    between = "\n\n" if document.get("type") == "doc" else ""
    return between.join(text_of(part) for part in document.get("content", ()))


def _is_document(value: object) -> bool:
    return isinstance(value, dict) and value.get("type") == "doc" and value.get("version") == 1
