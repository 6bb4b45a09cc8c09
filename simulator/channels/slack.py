"""A Slack workspace of one channel: threads, edited messages, metadata.

Shapes: docs.slack.dev, chat.postMessage, chat.update, conversations.history, conversations.replies:
status 200 also for errors, with `ok` and `error`; messages without metadata unless it is asked for.
"""

from typing import Any

from simulator.channels.asked import path_of, payload_of, query_of
from simulator.channels.seen import Eyes
from simulator.serving.reply import Asking, Reply, in_json

SERVICE = "slack"


class Slack:
    """`messages` are in the order of posting; those of a thread name it in `thread_ts`."""

    def __init__(self, eyes: Eyes, token: str, channel: str) -> None:
        self._eyes = eyes
        self._token = token
        self._channel = channel
        self.messages: list[dict[str, Any]] = []

    def answer(self, asking: Asking) -> Reply:
        """Answer one method of the Web API."""
        given = {**query_of(asking), **payload_of(asking)}
        error = self._refused(asking, given)
        if error:
            return _no(error)
        methods = {
            "/chat.postMessage": self._post,
            "/chat.update": self._update,
            "/conversations.history": self._history,
            "/conversations.replies": self._replies,
        }
        method = methods.get(path_of(asking))
        return _no("unknown_method") if method is None else method(given)

    def _refused(self, asking: Asking, given: dict[str, Any]) -> str:
        sent = asking.headers.get("Authorization", "")
        if not sent:
            return "not_authed"
        if sent != f"Bearer {self._token}":
            return "invalid_auth"
        return "" if given.get("channel") == self._channel else "channel_not_found"

    def _post(self, given: dict[str, Any]) -> Reply:
        if not given.get("text"):
            return _no("no_text")
        below = given.get("thread_ts", "")
        if below and self._find(below) is None:
            return _no("thread_not_found")
        ts = f"{int(self._eyes.clock.now().timestamp())}.{len(self.messages) + 1:06d}"
        row = {"type": "message", "ts": ts, "text": given["text"]}
        row |= {"metadata": given["metadata"]} if "metadata" in given else {}
        row |= {"thread_ts": below} if below else {}
        self.messages.append(row)
        self._eyes.see(SERVICE, "reply" if below else "thread", below or ts, given["text"])
        return _yes(channel=self._channel, ts=ts, message=row)

    def _update(self, given: dict[str, Any]) -> Reply:
        row = self._find(str(given.get("ts")))
        if row is None:
            return _no("message_not_found")
        row |= {key: given[key] for key in ("text", "metadata") if key in given}
        self._eyes.see(SERVICE, "headline", row["ts"], row["text"])
        return _yes(channel=self._channel, ts=row["ts"], text=row["text"])

    def _history(self, given: dict[str, Any]) -> Reply:
        return _page([row for row in self.messages[::-1] if "thread_ts" not in row], given)

    def _replies(self, given: dict[str, Any]) -> Reply:
        first = self._find(str(given.get("ts")))
        if first is None:
            return _no("thread_not_found")
        below = [row for row in self.messages if row.get("thread_ts") == first["ts"]]
        return _page([first, *below], given)

    def _find(self, ts: str) -> dict[str, Any] | None:
        return next((row for row in self.messages if row["ts"] == ts), None)


def _page(rows: list[dict[str, Any]], given: dict[str, Any]) -> Reply:
    first, most = int(given.get("cursor") or 0), int(given.get("limit") or 100)
    shown = rows[first : first + most]
    if given.get("include_all_metadata") != "true":
        shown = [{key: row[key] for key in row if key != "metadata"} for row in shown]
    more = first + most < len(rows)
    cursor = {"next_cursor": str(first + most) if more else ""}
    return _yes(messages=shown, has_more=more, response_metadata=cursor)


def _yes(**facts: object) -> Reply:
    return in_json({"ok": True, **facts})


def _no(error: str) -> Reply:
    return in_json({"ok": False, "error": error})
