"""What a served world answers over HTTP: a status, headers and a body, or a broken connection."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND, NOT_SIMULATED = 200, 400, 403, 404, 501


class NoReply(Exception):
    """The caller gets no answer: the connection is broken off."""


@dataclass(frozen=True)
class Asking:
    """One HTTP request: `target` is path and query as they came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def host(self) -> str:
        """Return the name that the client asks, without the port."""
        return self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def in_json(value: object, status: int = OK) -> Reply:
    """Answer with a JSON value."""
    text = json.dumps(value, ensure_ascii=False) + "\n"
    return Reply(status, text.encode(), {"Content-Type": "application/json"})


def problem(sentence: str, status: int = BAD_REQUEST) -> Reply:
    """Answer with what is wrong."""
    return in_json({"error": sentence}, status)
