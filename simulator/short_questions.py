"""Questions as moto reads them, where no HTTP lies between: what it takes apart is known already.

`simulator.short_wire` makes them, and enters `understood` so that moto's responses take them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, unquote, urlsplit

from moto.core import responses
from moto.core.responses import BaseResponse
from moto.iam.models import mark_account_as_visited
from werkzeug.http import http_date

_SET_UP = "setup_class"
_ROUTED = "_get_action_from_method_and_request_uri"
_FORM = "application/x-www-form-urlencoded"
_MOST = 4_000
"""Addresses whose operation is remembered; each recovery point has one of its own."""


class Headers(dict[str, str]):
    """Headers as moto gets them: their names mean the same in capitals and without."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        super().__init__((name.title(), text(value)) for name, value in plain.items())

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.title())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.title())

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as a dict's own
        """Return a header, by its name in whichever letters."""
        return super().get(name.title(), default)


class Question:
    """A request as moto reads it; `body` are the fields of a form, or text."""

    from_wsgi_server = False
    content_encoding = None
    files: Mapping[str, object] = {}

    def __init__(
        self,
        method: str,
        url: str,
        headers: Headers,
        body: Any,  # noqa: ANN401 - as above
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        self.method, self.parameters = method, parameters
        self.taken: Mapping[str, object] | None = None
        self.raw_url = self.url = url
        self.parts = urlsplit(url)
        self.host, self.raw_path = self.parts.netloc, self.parts.path
        self.path = unquote(self.raw_path)
        self.headers = headers
        self.content_type = headers.get("Content-Type") or ""
        form = self.content_type.startswith(_FORM)
        self.form = {name: text(value) for name, value in body.items()} if form else {}
        asked = parse_qs(self.parts.query, keep_blank_values=True)
        self.args = {name: values[0] for name, values in asked.items()}
        self.values = self.form or self.args
        self.data = b"" if form else body
        self.queried: dict[str, list[str]] = (
            {name: [value] for name, value in self.form.items()} if form else asked
        )
        self.environ: dict[str, object] = {}


@contextmanager
def understood() -> Iterator[None]:
    """Let moto's responses take a `Question` while the block lasts."""
    with (
        mock.patch.object(BaseResponse, _SET_UP, _set_up(BaseResponse.setup_class)),
        mock.patch.object(BaseResponse, _ROUTED, _routed(getattr(BaseResponse, _ROUTED))),
    ):
        yield


def text(value: object) -> str:
    """Return a value as it stands in a request."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _set_up(plain: Callable[..., None]) -> Callable[..., None]:
    """Return what reads a request, and takes from a `Question` what lies there."""

    def set_up(
        response: Any,  # noqa: ANN401 - moto's own
        request: Any,  # noqa: ANN401 - as above
        full_url: str | None = None,
        headers: Any = None,  # noqa: ANN401 - as above
        **more: object,
    ) -> None:
        if not isinstance(request, Question) or response.use_raw_body or more:
            plain(response, request, full_url, headers, **more)
            return
        _take(response, request)

    return set_up


def _take(response: Any, asked: Question) -> None:  # noqa: ANN401 - moto's own
    response.is_werkzeug_request = False
    response.normalized_request = asked
    response.parsed_url, response.uri = asked.parts, asked.raw_url
    response.raw_body, response.body = asked.data, text(asked.data)
    response.form_data = asked.form
    response.querystring = response.data = asked.queried
    response.path, response.raw_path, response.method = asked.path, asked.raw_path, asked.method
    response.headers, response.uri_match = asked.headers, {}
    response.region = _region(asked.host, asked.headers["Authorization"])
    response.partition = responses.get_partition(response.region)
    date = _date(responses.utcnow().replace(microsecond=0))
    response.response_headers = {"server": "amazon.com", "date": date}
    if response.automated_parameter_parsing and response._get_action():
        try:
            kind = response.PROTOCOL_PARSER_MAP_TYPE
            response.params = asked.taken or _given(asked.parameters, kind)
        except TypeError:
            response.parse_parameters(asked)
    response.access_key = response.get_access_key()
    response.current_account = response.get_current_account()
    mark_account_as_visited(
        response.current_account, response.access_key, response.service_name, response.region
    )


def taken(parameters: Mapping[str, object]) -> Mapping[str, object] | None:
    """Return a question as moto takes it from JSON; None where only the text would tell."""
    try:
        found: dict[str, object] = _given(dict(parameters), dict)
    except TypeError:
        return None
    return found


def _given(value: Any, mapping: type[Any]) -> Any:  # noqa: ANN401 - of any kind
    """Return what was asked as moto would read it again out of the text of the question.

    Raises:
        TypeError: it has something that a text says in other words, as a moment.
    """
    if isinstance(value, dict):
        read = mapping()
        for name, one in value.items():
            read[name] = _given(one, mapping)
        return read
    if isinstance(value, list):
        return [_given(one, mapping) for one in value]
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime) and value.tzinfo and mapping is dict:
        return value.astimezone(UTC).replace(microsecond=0)  # JSON counts whole seconds
    raise TypeError(type(value))


@lru_cache(maxsize=64)
def _date(second: datetime) -> str:
    return http_date(second)


@lru_cache(maxsize=1_000)
def _region(host: str, signed: str) -> str:
    """Return the region that a request is for, as moto finds it."""
    asked: Any = Question("GET", f"https://{host}/", Headers({"Authorization": signed}), b"")
    return str(BaseResponse().get_region_from_url(asked, asked.raw_url))


def _routed(plain: Callable[..., str | None]) -> Callable[..., str | None]:
    """Return what finds the operation of an address, and knows the addresses that it has seen."""
    known: dict[tuple[object, ...], tuple[str | None, dict[str, Any]]] = {}

    def routed(response: Any, request: Any) -> str | None:  # noqa: ANN401 - moto's own
        if not isinstance(request, Question):
            return plain(response, request)
        key = (type(response), request.method, request.raw_path, tuple(sorted(request.args)))
        if key not in known:
            if len(known) > _MOST:
                known.clear()
            known[key] = (plain(response, request), response.uri_match)
        action, response.uri_match = known[key]
        return action

    return routed
