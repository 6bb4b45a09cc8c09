"""Lists of RDS as XML: each row of them is written once, and read once, while it looks alike.

`simulator.repeated_answers` enters `once` and reads with a `Reader`. A night changes a few
snapshots of a hundred; moto writes and botocore reads all of them each time. Up to when an instance
can be restored is another moment with every question: the rest of its row is what is remembered.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape, quoteattr

from botocore.parsers import ResponseParser
from moto.core.serialize import BaseXMLSerializer
from moto.rds.models import RDSBackend

from simulator import looks

_DESCRIBE = "describe_db_snapshots"
_KINDS = ("automated", "manual")
_LOOKS: Mapping[str, Callable[[Any], tuple[object, ...]]] = {
    "DBSnapshot": looks.snapshot,
    "DBInstance": looks.instance,
}
"""The rows that are remembered: what each is called, and what it looks like."""

_PIECES = re.compile(rb"(<(DBSnapshot|DBInstance)>.*?</\2>)", re.DOTALL)
_MOMENT = "LatestRestorableTime"
_MOMENTS = re.compile(f"<{_MOMENT}>([^<]*)</{_MOMENT}>")
_MOMENTS_READ = re.compile(_MOMENTS.pattern.encode())
_MOST = 2_000
"""Rows that are remembered; more than a zone has on all its shelves, with all their states."""


class _Written(str):
    """A part of a document that is XML already."""

    __slots__ = ()


@contextmanager
def once() -> Iterator[None]:
    """Write each row once while the block lasts."""
    plain = BaseXMLSerializer._serialize_type_list
    with (
        mock.patch.object(BaseXMLSerializer, "_serialize_type_list", _listing(plain)),
        mock.patch.object(BaseXMLSerializer, "_serialize_body", _body),
        mock.patch.object(RDSBackend, _DESCRIBE, _described(getattr(RDSBackend, _DESCRIBE))),
    ):
        yield


def _listing(plain: Callable[..., None]) -> Callable[..., None]:
    """Return what puts rows that are remembered into a list, and anything else as moto does."""
    known: dict[object, tuple[str, str]] = {}

    def listing(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:  # noqa: ANN401 - moto's own
        if shape.member.name not in _LOOKS or shape.is_flattened or not value:
            plain(self, serialized, value, shape, key)
            return
        if len(known) > _MOST:
            known.clear()
        members = [_Written(written(self, one, shape)) for one in value]
        self._default_serialize(serialized, {shape.member.name: members}, shape, key)

    def written(self: Any, one: Any, shape: Any) -> str:  # noqa: ANN401 - as above
        name = shape.member.name
        look = (id(one), _LOOKS[name](one))
        if look not in known:
            wrapper: dict[str, Any] = {}
            self._serialize(wrapper, one, shape.member, name)
            known[look] = _around("".join(_elements(wrapper)))
        head, tail = known[look]
        return f"{head}{_moment(self, one)}{tail}" if tail else head

    return listing


def _around(row: str) -> tuple[str, str]:
    """Return what stands before and after the moment in a row; all of a row that has none."""
    moment = _MOMENTS.search(row)
    return (row[: moment.start()], row[moment.end() :]) if moment else (row, "")


def _moment(serializer: Any, one: Any) -> str:  # noqa: ANN401 - moto's own
    writes = serializer._timestamp_serializer
    told = writes._convert_timestamp_to_str(one.latest_restorable_time, writes.default_format)
    return f"<{_MOMENT}>{told}</{_MOMENT}>"


def _described(describe: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Return what finds one snapshot by its name, where moto compares it with every one."""

    def described(
        backend: RDSBackend,
        db_instance_identifier: str | None,
        db_snapshot_identifier: str | None = None,
        snapshot_type: str | None = None,
        filters: dict[str, Any] | None = None,
    ) -> list[Any]:
        asked = (db_instance_identifier, db_snapshot_identifier, snapshot_type, filters)
        found = backend.database_snapshots.get(str(db_snapshot_identifier).lower())
        more = db_instance_identifier or snapshot_type or filters
        if found is None or more or found.snapshot_type not in _KINDS:
            return describe(backend, *asked)
        return [found]

    return described


def _body(_: object, body: dict[str, Any]) -> str:
    """Write a document as `xmltodict.unparse` does, element after element."""
    return "".join(_elements(body))


def _elements(children: dict[str, Any]) -> Iterator[str]:
    for name, value in children.items():
        if name.startswith("@") or name == "#text":
            continue
        for one in value if isinstance(value, list | tuple) else (value,):
            yield one if isinstance(one, _Written) else _element(name, one)


def _element(name: str, value: Any) -> str:  # noqa: ANN401 - whatever moto shows
    attributes, text, inside = "", "", ""
    if isinstance(value, dict):
        rows = ((key[1:], one) for key, one in value.items() if key.startswith("@"))
        attributes = "".join(f" {key}={quoteattr(_text(one))}" for key, one in rows)
        inside, text = "".join(_elements(value)), escape(_text(value.get("#text")))
    else:
        text = escape(_text(value))
    if not inside and not text:
        return f"<{name}{attributes}/>"
    return f"<{name}{attributes}>{inside}{text}</{name}>"


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Reader:
    """Reads a list of rows with a parser that is asked for unknown ones only."""

    def __init__(self, parse: Callable[..., Any]) -> None:
        self._parse = parse
        self._known: dict[bytes, dict[str, Any]] = {}

    def parse(self, parser: ResponseParser, response: Any, shape: Any) -> Any:  # noqa: ANN401 - botocore's own
        """Return what the parser would."""
        head, *pieces = _PIECES.split(response["body"])
        members, names, between = pieces[::3], pieces[1::3], pieces[2::3]
        rows = b"".join((*names[:1], b"s"))
        if len(set(names)) != 1 or any(between[:-1]) or not head.endswith(b"<%b>" % rows):
            return self._parse(parser, response, shape)
        if len(self._known) > _MOST:
            self._known.clear()
        kept = {_MOMENTS_READ.sub(b"", one): one for one in members}
        new = [one for one in kept if one not in self._known]
        short = {**response, "body": b"".join((head, *map(kept.__getitem__, new), between[-1]))}
        found, listed = self._parse(parser, short, shape), rows.decode()
        self._known.update(zip(new, found[listed] or (), strict=True))
        return {**found, listed: [self._row(one) for one in members]}

    def _row(self, member: bytes) -> dict[str, Any]:
        row = dict(self._known[_MOMENTS_READ.sub(b"", member)])
        moment = _MOMENTS_READ.search(member)
        if moment:
            row[_MOMENT] = datetime.fromisoformat(moment.group(1).decode())
        return row
