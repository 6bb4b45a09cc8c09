"""Answers that AWS would give word for word again: they are written and read once, not every time.

`drill.year` enters `repeated`: a year asks tens of thousands of times for lists that change a few
times a night. Calls take their time, meet their faults and are logged as ever; what is spared is
moto's writing of XML and botocore's reading of it. Only lists of snapshots are kept, and only while
nothing that an answer shows has changed. Its headers are never kept: by their `Date` whoever asks
sets a clock of its own (`cloud.aws_time`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import Any
from unittest import mock

import xmltodict
from botocore import parsers, useragent
from botocore.awsrequest import AWSResponse
from moto.core.botocore_stubber import MockRawResponse
from moto.core.serialize import XFormedAttributePicker as Picker
from moto.rds.models import rds_backends

from simulator import attempt, inside
from simulator.attempt import Execute
from simulator.call_log import Call
from simulator.world import World

_LISTS = "rds.DescribeDBSnapshots"
_SANITIZE = "sanitize_user_agent_string_component"
_VALIDATE = "_validate_name"
_LONG = 10_000
"""Characters from which on an answer is worth being remembered once read."""


class _Answers:
    """What was answered last to each question, and what it looked like then."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._known: dict[tuple[str, str], tuple[object, AWSResponse, bytes]] = {}
        self._now = now

    def answer(self, call: Call, execute: Execute) -> AWSResponse | None:
        if call.name != _LISTS or "DBSnapshotIdentifier" in call.parameters:
            return execute()
        question, looks = (call.region, repr(sorted(call.parameters.items()))), _looks(call.region)
        if question in self._known and self._known[question][0] == looks:
            _, said, body = self._known[question]
            # The stubs want another kind of headers than AWSResponse itself has.
            headers: Any = {**said.headers, "date": format_datetime(self._now(), usegmt=True)}
            return AWSResponse(said.url, said.status_code, headers, MockRawResponse(body))
        response = execute()
        if response is not None and response.status_code == 200:  # noqa: PLR2004 - HTTP's own word
            self._known[question] = (looks, response, response.raw.getvalue())
        return response


@contextmanager
def repeated(world: World) -> Iterator[None]:
    """Keep answers while the block lasts."""
    attempt.ANSWERS.give(world, _Answers(world.clock.now).answer)
    with (
        mock.patch.object(parsers.ResponseParser, "parse", _parsing(parsers.ResponseParser.parse)),
        mock.patch.object(parsers, "DEFAULT_TIMESTAMP_PARSER", _moment),
        mock.patch.object(useragent, _SANITIZE, cache(getattr(useragent, _SANITIZE))),
        mock.patch.object(xmltodict, _VALIDATE, cache(getattr(xmltodict, _VALIDATE))),
        mock.patch.object(Picker, "get_possible_keys", _keys(Picker.get_possible_keys)),
    ):
        yield


def _looks(region: str) -> list[tuple[object, ...]]:
    """Return everything that a list of snapshots shows and that may change."""
    return [
        (
            id(one),
            one.status,
            one.percent_progress,
            one.created,
            one.original_snapshot_create_time,
            [(tag["Key"], tag["Value"]) for tag in one.tags],
        )
        for one in rds_backends[inside.ACCOUNT][region].database_snapshots.values()
    ]


def _parsing(parse: Callable[..., Any]) -> Callable[..., Any]:
    """Return a parser that knows the last long answer to each operation of each region."""
    known: dict[bytes, Any] = {}

    def parsed(parser: parsers.ResponseParser, response: Any, shape: Any) -> Any:  # noqa: ANN401 - botocore's own
        body = response["body"]
        if not isinstance(body, bytes) or len(body) < _LONG:
            return parse(parser, response, shape)
        if body not in known:
            if len(known) > 8:  # noqa: PLR2004 - the lists of two regions, and a few more
                known.clear()
            known[body] = parse(parser, response, shape)
        return {**known[body], "ResponseMetadata": _metadata(known[body], response)}

    return parsed


def _metadata(known: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a reply beside its body: what was, with the headers of this one."""
    headers = {str(name).lower(): value for name, value in response["headers"].items()}
    return {**known["ResponseMetadata"], "HTTPHeaders": headers}


def _keys(find: Callable[..., Any]) -> Callable[..., Any]:
    """Return what knows under which names an attribute may lie in objects of a kind."""
    known: dict[tuple[object, ...], tuple[str, ...]] = {}

    def keys(picker: Any, context: Any) -> tuple[str, ...]:  # noqa: ANN401 - moto's own
        shape = context.shape
        above = getattr(getattr(shape, "parent", None), "name", "")
        kind = (type(picker), type(context.obj), context.key, getattr(shape, "name", ""), above)
        if kind not in known:
            known[kind] = tuple(find(picker, context))
        return known[kind]

    return keys


def _moment(text: Any) -> datetime:  # noqa: ANN401 - text or seconds
    """Read a moment as AWS writes it, without asking how else one might be written."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return parsers.parse_timestamp(text)
