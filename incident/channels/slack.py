"""Slack: one thread for each incident, under a headline that always says how things stand.

Every message is a reply; the headline is edited with it. Slack takes no idempotency key from apps,
so each message carries its own as metadata and is looked for before it is posted: in the thread,
and a headline among the newest messages of the channel. The bot needs `chat:write` and
`channels:history` (private channels: `groups:history`), and must be in the channel. (Slack's
reference, docs.slack.dev: chat.postMessage, chat.update, conversations.replies and .history, "Using
message metadata"; "Rate limits": 429 with Retry-After, all other errors are 200 with `error`.)
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from continuity import channels
from continuity.errors import HoldfastError, PermanentError
from incident.channels.channel import ASIDE, Audience, Message, Receipt
from incident.channels.web import Site

EVENT = "holdfast_message"
_HEADLINE = "headline"
_PAGE, _PAGES = 200, 5
_LONGEST = 4000  # what Slack advises for `text`
_CREDENTIALS = {
    "account_inactive", "ekm_access_denied", "invalid_auth", "missing_scope", "no_permission",
    "not_authed", "token_expired", "token_revoked",
}  # fmt: skip
_LIMITED = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_BUSY = {
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
_GONE = "thread_not_found"

Row = Mapping[str, Any]


class Slack:
    """A channel in which each incident is a thread; the reference is the headline's `ts`."""

    name = str(channels.Service.SLACK)
    audience = Audience.INSIDE

    def __init__(self, config: channels.Slack, site: Site) -> None:
        self._channel = config.channel
        self._site = site

    def deliver(self, message: Message, reference: str) -> Receipt:
        """Reply in the incident's thread, begun if need be, and edit its headline."""
        thread = self._thread(reference) or self._thread(self._headline(message.incident))
        if not thread:
            thread = [{"ts": self._begin(message), "metadata": _metadata(message, _HEADLINE)}]
        first = str(thread[0]["ts"])
        if message.key not in {_payload(row).get("key") for row in thread}:
            self._post(
                message, message.key, _cut(f"*{_title(message)}*\n{escaped(message.text)}"), first
            )
        if _is_news(message, thread[0]):
            self._ask("chat.update", ts=first, **_content(message, _HEADLINE, _line(message)))
        return Receipt(first)

    def _begin(self, message: Message) -> str:
        return self._post(message, _HEADLINE, _line(message), "")

    def _post(self, message: Message, key: str, text: str, thread: str) -> str:
        below = {"thread_ts": thread} if thread else {}
        posted = self._ask("chat.postMessage", **_content(message, key, text), **below)
        return str(posted["ts"])

    def _headline(self, incident: str) -> str:
        """Return the headline of an incident that was posted though nobody heard of it."""
        rows = self._rows("conversations.history", pages=1)
        own = (row for row in rows if _payload(row).get("incident") == incident)
        return next((str(row["ts"]) for row in own if _payload(row).get("key") == _HEADLINE), "")

    def _thread(self, first: str) -> list[Row]:
        """Return a thread with its headline first; nothing where there is none any more."""
        if not first:
            return []
        try:
            return list(self._rows("conversations.replies", pages=_PAGES, ts=first))
        except _Gone:
            return []

    def _rows(self, method: str, pages: int, **query: str) -> Iterator[Row]:
        cursor = ""
        for _ in range(pages):
            found = self._read(method, **query, **({"cursor": cursor} if cursor else {}))
            yield from found.get("messages") or ()
            cursor = (found.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _read(self, method: str, **query: str) -> Any:  # noqa: ANN401 - parsed JSON
        limits = {"limit": str(_PAGE), "include_all_metadata": "true"}
        found = self._site.get(f"/{method}", channel=self._channel, **limits, **query)
        return self._checked(found)

    def _ask(self, method: str, **payload: object) -> Any:  # noqa: ANN401 - parsed JSON
        found = self._site.call("POST", f"/{method}", {"channel": self._channel, **payload})
        return self._checked(found)

    def _checked(self, answer: Any) -> Any:  # noqa: ANN401 - parsed JSON
        found = answer if isinstance(answer, dict) else {}
        if found.get("ok") is not True:
            raise self._judged(str(found.get("error") or "no error named"), found.get("needed"))
        return found

    def _judged(self, error: str, needed: object) -> HoldfastError:
        if error == _GONE:
            return _Gone(error)
        if error in _CREDENTIALS:
            return self._site.refused(f"{error}, needs {needed}" if needed else error)
        if error in _LIMITED:
            return self._site.limited()
        if error in _BUSY:
            return self._site.busy(error)
        return self._site.wrong(error)


class _Gone(PermanentError):
    """Somebody deleted the thread: a new one is begun."""


def _content(message: Message, key: str, text: str) -> dict[str, object]:
    # Names of people and channels are not linked, so that a text cannot call everybody.
    quiet = {"unfurl_links": False, "unfurl_media": False}
    return {
        "text": text,
        "metadata": _metadata(message, key),
        **({} if key == _HEADLINE else quiet),
    }


def _metadata(message: Message, key: str) -> dict[str, object]:
    facts = {"key": key, "incident": message.incident, "at": message.at.isoformat()}
    return {"event_type": EVENT, "event_payload": facts}


def _payload(row: Row) -> Mapping[str, Any]:
    found = row.get("metadata") or {}
    payload: Mapping[str, Any] = found.get("event_payload") or {}
    return payload if found.get("event_type") == EVENT else {}


def _is_news(message: Message, headline: Row) -> bool:
    """Say whether the headline tells of an earlier moment: what comes late does not set it back."""
    told = _payload(headline).get("at")
    return message.moment not in ASIDE and (
        told is None or datetime.fromisoformat(str(told)) < message.at
    )


def _line(message: Message) -> str:
    state = "told" if message.moment in ASIDE else message.moment
    at = f"{message.at:%Y-%m-%d %H:%M} UTC"
    about = f"{message.severity} {message.zone}".strip()
    return _cut(f"*{about}: {escaped(message.title)}* | {state} | {at}")


def _title(message: Message) -> str:
    page = f" for {message.person}" if message.person else ""
    return escaped(f"{message.moment.capitalize()}{page}: {message.title}")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def escaped(text: str) -> str:
    """Return text that Slack shows as it is (docs.slack.dev, "Formatting message text")."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
