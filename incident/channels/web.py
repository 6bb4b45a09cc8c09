"""A service on the web with our credentials: JSON in, JSON out, errors as sentences of ours.

Every channel but e-mail speaks through a `Site`. What a status means is judged here once: trying
again is right after 408, 409, 420, 425, 429, 5xx and silence, and useless after anything else.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from continuity.clock import Clock
from continuity.errors import HoldfastError, PermanentError, TemporaryError
from incident.channels.http import NoAnswer, Reply, Request, Wire
from incident.channels.secrets import Secret

_LIMITED = (420, 429)  # Statuspage answered 420 until 2021, and may still
_BUSY = (408, 409, 425)
_REFUSED = (401, 403)
_MISSING, _ERROR, _BROKEN = 404, 300, 500
_LATER_S, _LIMITED_S, _LONGEST_S = 10.0, 30.0, 3600.0
_LONGEST_QUOTE = 300


@dataclass(frozen=True)
class Site:
    """One service: `title` as people call it, `base` its address, `setting` where it is configured.

    `headers` turns the secret into what a request carries; nothing else sees it.
    """

    title: str
    setting: str
    base: str
    secret: Secret
    headers: Callable[[str], Mapping[str, str]]
    wire: Wire
    clock: Clock

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401 - parsed JSON
        """Read something; returns the JSON of the answer.

        Raises:
            TemporaryError: the service limits, fails or is silent.
            PermanentError: it refuses.
        """
        return self.call("GET", f"{path}?{urlencode(query)}" if query else path)

    def call(
        self,
        method: str,
        path: str,
        payload: object = None,
        more: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - parsed JSON
        """Ask with a JSON payload and `more` headers; returns the JSON of the answer, {} for none.

        Raises:
            TemporaryError: the service limits, fails or is silent.
            PermanentError: it refuses.
        """
        body = b"" if payload is None else in_json(payload)
        reply = self._send(method, path, body, more or {})
        value = _parsed(reply)
        if reply.status >= _ERROR:
            raise self._judged(reply, _said(value))
        return value

    def refused(self, said: str) -> PermanentError:
        """Return the error of a service that does not take our credentials, with what it said."""
        self.secret.forget()
        return PermanentError(
            f"{self.title} refuses Holdfast's credentials ({said}). Store valid ones, with the "
            f"rights that the guide names, in {self.secret.where}."
        )

    def limited(self, reply_after: float = _LIMITED_S) -> TemporaryError:
        """Return the error of a service that asks us to be slower."""
        return TemporaryError(f"{self.title} limits how often it is told something.", reply_after)

    def wrong(self, said: str) -> PermanentError:
        """Return the error of a message that the service never takes like this."""
        return PermanentError(
            f"{self.title} does not take the message ({said}). Correct {self.setting} in the "
            "zone's file and deploy it."
        )

    def busy(self, said: str) -> TemporaryError:
        """Return the error of a service that could not, and may be able to soon."""
        return TemporaryError(f"{self.title} cannot take the message now ({said}).", _LATER_S)

    def _send(self, method: str, path: str, body: bytes, more: Mapping[str, str]) -> Reply:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "holdfast",
            **self.headers(self.secret.reveal()),
            **more,
        }
        try:
            return self.wire.send(Request(method, f"{self.base}{path}", headers, body))
        except NoAnswer as silence:
            told = "It may have arrived all the same." if silence.sent else "Nothing was sent."
            raise TemporaryError(
                f"{self.title} does not answer: {silence}. {told}", _LATER_S
            ) from None

    def _judged(self, reply: Reply, said: str) -> HoldfastError:
        quoted = self.secret.hide(f"{reply.status}: {said}" if said else str(reply.status))
        if reply.status in _LIMITED:
            return self.limited(retry_after(reply.headers, self.clock.now()))
        if reply.status in _BUSY or reply.status >= _BROKEN:
            return self.busy(quoted)
        if reply.status in _REFUSED:
            return self.refused(quoted)
        if reply.status == _MISSING:
            return self.wrong(f"{quoted}, it does not know what is named")
        return self.wrong(quoted)


def in_json(payload: object) -> bytes:
    """Return the bytes of a JSON value, the same for the same value."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds that `Retry-After` asks for, 1 to 3600 (RFC 9110: seconds or a date)."""
    value = headers.get("retry-after", "")
    try:
        asked = float(value)
    except ValueError:
        asked = _until(value, now)
    # Not a number is never less, and so falls to the lower bound.
    return min(_LONGEST_S, asked) if asked >= 1.0 else 1.0


def _until(value: str, now: datetime) -> float:
    try:
        return (parsedate_to_datetime(value) - now).total_seconds()
    except (TypeError, ValueError):
        return _LIMITED_S


def _parsed(reply: Reply) -> Any:  # noqa: ANN401 - parsed JSON
    """Return the JSON of an answer; {} where there is none, as for 204 or a proxy's error page."""
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}


def _said(value: object) -> str:
    """Return what an answer says is wrong, in the fields that our services use for it."""
    found = value if isinstance(value, dict) else {}
    names = ("message", "error", "errors", "errorMessages")
    said = [str(found[name]) for name in names if found.get(name)]
    return "; ".join(said)[:_LONGEST_QUOTE]
