"""Ticketing in Jira Cloud: one issue for each incident, a comment for each message after the first.

Jira takes no idempotency key. An issue carries the incident's id as a label and its first message's
key as an issue property, a comment its key as a comment property; both are looked for before
anything is made. Jira's search is behind by seconds: an issue whose answer was lost and that is
looked for sooner is made twice (delays between tries are longer). (developer.atlassian.com, Jira
Cloud REST API v3: "Issues", "Issue comments", "Issue search" /search/jql, "Atlassian Document
Format"; errors are `errorMessages` and `errors`; "Rate limiting": 429 with Retry-After.)
"""

import re
from collections.abc import Iterator
from typing import Any

from continuity import channels
from incident.channels.channel import Audience, Message, Receipt
from incident.channels.web import Site

_ROOT = "/rest/api/3"
PROPERTY = "holdfast.message"
_LONGEST_SUMMARY = 255  # Jira, "Summary must be less than 255 characters"
_MOST_COMMENTS = "100"


class Jira:
    """An issue in the zone's project; the reference is its key, `OPS-17`."""

    name = str(channels.Service.JIRA)
    audience = Audience.TICKETS

    def __init__(self, config: channels.Jira, site: Site) -> None:
        self._config = config
        self._site = site

    def deliver(self, message: Message, reference: str) -> Receipt:
        """Create the issue, or comment on it; then move it where the zone wants it."""
        key = reference or self._known(message.incident)
        status = ""
        if not key:
            key = self._create(message)
        else:
            issue = self._issue(key)
            status = str((issue["fields"].get("status") or {}).get("name") or "")
            if message.key not in {_told(issue), *self._comments(key)}:
                self._comment(key, message)
        self._move(key, self._config.statuses.get(message.moment, ""), status)
        return Receipt(key)

    def _known(self, incident: str) -> str:
        query = f'project = "{self._config.project}" AND labels = "{label(incident)}"'
        search = {"jql": f"{query} ORDER BY created ASC", "fields": ["status"], "maxResults": 1}
        found = self._site.call("POST", f"{_ROOT}/search/jql", search)
        return next((str(row["key"]) for row in found.get("issues") or ()), "")

    def _create(self, message: Message) -> str:
        summary = f"{message.severity} {message.zone}: {message.title}"
        fields = {
            "project": {"key": self._config.project},
            "issuetype": {"name": self._config.issue_type},
            "summary": " ".join(summary.split())[: _LONGEST_SUMMARY - 1],
            "description": document(message.text),
            "labels": ["holdfast", label(message.incident)],
        }
        payload = {"fields": fields, "properties": _property(message)}
        return str(self._site.call("POST", f"{_ROOT}/issue", payload)["key"])

    def _issue(self, key: str) -> dict[str, Any]:
        found = self._site.get(f"{_ROOT}/issue/{key}", fields="status", properties=PROPERTY)
        return dict(found)

    def _comments(self, key: str) -> Iterator[str]:
        """Yield the keys of the newest comments."""
        path = f"{_ROOT}/issue/{key}/comment"
        wanted = {"orderBy": "-created", "maxResults": _MOST_COMMENTS, "expand": "properties"}
        for row in self._site.get(path, **wanted).get("comments") or ():
            for each in row.get("properties") or ():
                if each.get("key") == PROPERTY:
                    yield str(each["value"].get("key"))

    def _comment(self, key: str, message: Message) -> None:
        body = document(f"{message.moment.capitalize()}: {message.title}\n\n{message.text}")
        payload = {"body": body, "properties": _property(message)}
        self._site.call("POST", f"{_ROOT}/issue/{key}/comment", payload)

    def _move(self, key: str, wanted: str, status: str) -> None:
        """Take the transition that leads to a status, unless the issue has it already."""
        if not wanted or wanted.casefold() == status.casefold():
            return
        path = f"{_ROOT}/issue/{key}/transitions"
        offered = self._site.get(path).get("transitions") or ()
        for each in offered:
            if str(each["to"]["name"]).casefold() == wanted.casefold():
                self._site.call("POST", path, {"transition": {"id": each["id"]}})
                return
        known = ", ".join(str(each["to"]["name"]) for each in offered) or "none"
        raise self._site.wrong(f"{key} cannot be moved to {wanted!r}; Jira offers: {known}")


def label(incident: str) -> str:
    """Return the label of an incident's issue: labels have no spaces."""
    return "holdfast-" + re.sub(r"[^a-zA-Z0-9-]", "-", incident)


def document(text: str) -> dict[str, object]:
    """Return plain text as Atlassian's document format, a paragraph for each block of lines."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return {"type": "doc", "version": 1, "content": [_paragraph(block) for block in blocks]}


def _paragraph(block: str) -> dict[str, object]:
    rows: list[dict[str, str]] = []
    for line in block.splitlines():
        rows += [{"type": "hardBreak"}] if rows else []
        rows += [{"type": "text", "text": line}] if line else []
    return {"type": "paragraph", "content": rows}


def _property(message: Message) -> list[dict[str, object]]:
    return [{"key": PROPERTY, "value": {"key": message.key}}]


def _told(issue: dict[str, Any]) -> str:
    found = (issue.get("properties") or {}).get(PROPERTY) or {}
    return str(found.get("key") or "")
