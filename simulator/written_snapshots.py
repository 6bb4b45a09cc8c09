"""Lists of snapshots as XML: each snapshot is written once, and read once, while it looks alike.

`simulator.repeated_answers` enters `once` and reads with a `Reader`. A night changes a few
snapshots of a hundred; moto writes and botocore reads all of them each time.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape, quoteattr

from botocore.parsers import ResponseParser
from moto.core.serialize import BaseXMLSerializer
from moto.rds.models import RDSBackend

from simulator import looks

_DESCRIBE = "describe_db_snapshots"
_KINDS = ("automated", "manual")
_MEMBER = "DBSnapshot"
_PIECES = re.compile(rb"(<DBSnapshot>.*?</DBSnapshot>)", re.DOTALL)
_LIST = "DBSnapshots"
_MOST = 2_000
"""Snapshots that are remembered; more than a zone has on all its shelves, with all their states."""


class _Written(str):
    """A part of a document that is XML already."""

    __slots__ = ()


@contextmanager
def once() -> Iterator[None]:
    """Write each snapshot once while the block lasts."""
    plain = BaseXMLSerializer._serialize_type_list
    with (
        mock.patch.object(BaseXMLSerializer, "_serialize_type_list", _listing(plain)),
        mock.patch.object(BaseXMLSerializer, "_serialize_body", _body),
        mock.patch.object(RDSBackend, _DESCRIBE, _described(getattr(RDSBackend, _DESCRIBE))),
    ):
        yield


def _listing(plain: Callable[..., None]) -> Callable[..., None]:
    """Return what puts snapshots into a list as XML, and anything else as moto does."""
    known: dict[object, _Written] = {}

    def listing(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:  # noqa: ANN401 - moto's own
        if shape.member.name != _MEMBER or shape.is_flattened or not value:
            plain(self, serialized, value, shape, key)
            return
        if len(known) > _MOST:
            known.clear()
        members = [written(self, one, shape) for one in value]
        self._default_serialize(serialized, {_MEMBER: members}, shape, key)

    def written(self: Any, one: Any, shape: Any) -> _Written:  # noqa: ANN401 - as above
        look = (id(one), looks.snapshot(one))
        if look not in known:
            wrapper: dict[str, Any] = {}
            self._serialize(wrapper, one, shape.member, _MEMBER)
            known[look] = _Written("".join(_elements(wrapper)))
        return known[look]

    return listing


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
    """Reads a list of snapshots with a parser that is asked for unknown ones only."""

    def __init__(self, parse: Callable[..., Any]) -> None:
        self._parse = parse
        self._known: dict[bytes, dict[str, Any]] = {}

    def parse(self, parser: ResponseParser, response: Any, shape: Any) -> Any:  # noqa: ANN401 - botocore's own
        """Return what the parser would."""
        head, *pieces = _PIECES.split(response["body"])
        members, between = pieces[::2], pieces[1::2]
        if not members or any(between[:-1]):
            return self._parse(parser, response, shape)
        if len(self._known) > _MOST:
            self._known.clear()
        new = [one for one in dict.fromkeys(members) if one not in self._known]
        short = {**response, "body": b"".join((head, *new, between[-1]))}
        found = self._parse(parser, short, shape)
        self._known.update(zip(new, found[_LIST] or (), strict=True))
        return {**found, _LIST: [dict(self._known[one]) for one in members]}
