"""Work of botocore and moto that nobody in a simulated AWS looks at, or that need be done once.

`simulator.world` enters `spared`. Whoever calls is still named in every request, as
`simulator.callers` reads it; what is left out is the proof, which nobody checks inside a process,
and the list of a client's features in its user agent.
"""

import string
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID

import xmltodict
from botocore import endpoint, parsers, useragent, xform_name
from botocore.auth import SigV4Auth
from moto.core import errors, responses
from moto.core.base_backend import BackendDict
from moto.core.parse import XFormedDict
from moto.core.serialize import (
    MISSING,
    AttributePickerContext,
    BaseJSONSerializer,
    ResponseSerializer,
    get_value,
)
from moto.core.serialize import XFormedAttributePicker as Picker
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.parsing.ast_nodes import Node
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.iam import models as iam_models
from moto.moto_api._internal import mock_random
from moto.s3 import urls as s3_urls
from moto.s3.models import S3Backend
from moto.utilities import aws_headers

from simulator import spared_attributes

_SANITIZE = "sanitize_user_agent_string_component"
_VALIDATE = "_validate_name"
_REBUILD = "rebuild_and_replace_user_agent_handler"
_ADDRESSES = "_url_module"
_NAMED = "_xformed"
_COPY = "__deepcopy__"
_PARSE = "make"
_ERRORS = "_create_error_lut"
_CREATE = "_create_account_specific_backend"
_ACCOUNT = "get_account_id_from"
_PARTITION = "get_partition"
_SNAKES = "camelcase_to_underscores"
_ENRICH = "_enrich_response"
_KEY = "get_access_key"
_NUMBERED = "<RequestId>"
_REQUEST = "gen_amzn_requestid_long"
_LETTERS = f"{string.ascii_letters}{string.digits}"
_LETTER_BITS = len(_LETTERS).bit_length()
_NAME_LENGTH = 52
_SIGNATURE = "0" * 64
_ATTEMPT = UUID(int=0)

_STRUCTURE = "_handle_structure"
_STRUCTURED = "_serialize_type_structure"
_parse_structure = getattr(parsers.BaseJSONParser, _STRUCTURE)
_write_structure = getattr(BaseJSONSerializer, _STRUCTURED)

_Change = tuple[object, str, object]
"""Where something lies, what it is called, and what stands there meanwhile."""


@contextmanager
def spared() -> Iterator[None]:
    """Leave that work out while the block lasts."""
    with ExitStack() as stack:
        for place, name, does in (*_of_botocore(), *_of_moto(), *_of_its_tables()):
            create = not hasattr(place, name)
            stack.enter_context(mock.patch.object(place, name, does, create=create))
        yield


def _of_botocore() -> tuple[_Change, ...]:
    """Return what botocore need not do."""
    return (
        (SigV4Auth, "canonical_request", _nothing),
        (SigV4Auth, "signature", _unproven),
        (useragent.UserAgentString, _REBUILD, _nothing),
        (useragent, _SANITIZE, cache(getattr(useragent, _SANITIZE))),
        (parsers, "DEFAULT_TIMESTAMP_PARSER", _moment),
        (xmltodict, _VALIDATE, cache(getattr(xmltodict, _VALIDATE))),
        (endpoint, "uuid", SimpleNamespace(uuid4=_named)),
        (parsers.BaseJSONParser, _STRUCTURE, spared_attributes.read(_parse_structure)),
    )


def _of_moto() -> tuple[_Change, ...]:
    """Return what moto need not do with a request and its answer."""
    return (
        (ResponseSerializer, "get_value", _values(ResponseSerializer.get_value)),
        (BaseJSONSerializer, _STRUCTURED, spared_attributes.written(_write_structure)),
        (aws_headers, _REQUEST, _request),
        (responses, _REQUEST, _request),
        (responses, _PARTITION, cache(getattr(responses, _PARTITION))),
        (responses, _SNAKES, cache(getattr(responses, _SNAKES))),
        (errors.ErrorLookupFactory, _ERRORS, _service_errors()),
        (responses.BaseResponse, _KEY, _keys(responses.BaseResponse.get_access_key)),
        (responses.BaseResponse, _ENRICH, _enriched(responses.BaseResponse._enrich_response)),
    )


def _of_its_tables() -> tuple[_Change, ...]:
    """Return what moto need not do to find and change things."""
    return (
        (XFormedDict, _NAMED, _snake),
        (S3Backend, _ADDRESSES, s3_urls),
        (DynamoType, _COPY, _copied(deepcopy)),
        (Node, _COPY, _branch),
        (UpdateExpressionParser, _PARSE, cache(UpdateExpressionParser.make)),
        (BackendDict, _CREATE, _created(getattr(BackendDict, _CREATE))),
        (iam_models, _ACCOUNT, cache(getattr(iam_models, _ACCOUNT))),
        (iam_models, _PARTITION, cache(getattr(iam_models, _PARTITION))),
    )


def _snake(_: object, name: str) -> str:
    """Return the other way to write a name, which every dictionary would find out by itself."""
    return _xform(name)


_xform = cache(xform_name)


def _copied(whole: Callable[..., Any]) -> Callable[..., Any]:
    """Return what copies a value of DynamoDB, of which a text needs no copy."""

    def copied(value: Any, known: dict[int, Any]) -> Any:  # noqa: ANN401 - moto's own
        made = object.__new__(type(value))
        inside = vars(value)
        made.__dict__ = dict(inside) if isinstance(value.value, str) else whole(inside, known)
        return made

    return copied


def _branch(node: Any, known: dict[int, Any]) -> Any:  # noqa: ANN401 - moto's own
    """Copy a part of an update expression downwards: what stands above is no part of it."""
    made = object.__new__(type(node))
    made.__dict__ = dict(vars(node))
    if node.children is not None:
        made.children = [deepcopy(one, known) for one in node.children]
    for one in made.children or ():
        if isinstance(one, Node):
            one.set_parent(made)
    return made


def _service_errors() -> "staticmethod[[Any], Any]":
    """Return what lists the errors of a service once, and not for each error."""
    return staticmethod(cache(getattr(errors.ErrorLookupFactory, _ERRORS)))


def _nothing(*_: object, **__: object) -> str:
    return ""


def _unproven(*_: object) -> str:
    return _SIGNATURE


def _created(create: Callable[..., None]) -> Callable[..., None]:
    """Return what makes an account's backends once, and asks no list whether it has.

    The first time moto is asked nevertheless: it notes which backends are to be emptied later, and
    forgets those that others made while they were emptied themselves.
    """
    noted: set[str] = set()

    def created(backends: Any, account: str) -> None:  # noqa: ANN401 - moto's own
        if backends._id not in noted or not dict.__contains__(backends, account):
            create(backends, account)
            noted.add(backends._id)

    return created


def _named() -> UUID:
    """Name an attempt, which botocore does in a header, without asking the machine for chance."""
    return _ATTEMPT


def _request(headers: dict[str, Any] | None = None) -> str:
    """Name a request as moto does, by the same draws: what is drawn next is the same as well."""
    draw, letters = mock_random.getrandbits, list[str]()
    while len(letters) < _NAME_LENGTH:
        number = draw(_LETTER_BITS)
        if number < len(_LETTERS):
            letters.append(_LETTERS[number])
    drawn = "".join(letters)
    if headers is not None:
        headers["x-amzn-requestid"] = drawn
    return drawn


def _keys(plain: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return what reads who signed out of a header, and knows the headers that it has read."""
    known: dict[str, str] = {}

    def key(response: Any) -> str:  # noqa: ANN401 - moto's own
        signed = response.headers.get("Authorization")
        if not signed:
            return plain(response)
        if signed not in known:
            known[signed] = plain(response)
        return known[signed]

    return key


def _enriched(plain: Callable[..., tuple[Any, Any]]) -> "staticmethod[..., tuple[Any, Any]]":
    """Return what puts a request's name into an answer, and looks for its place only behind it.

    A long list has it at its end; in JSON there is none.
    """

    def enriched(headers: dict[str, str], body: Any) -> tuple[Any, Any]:  # noqa: ANN401 - as above
        if not isinstance(body, str):
            return plain(headers, body)
        place = body.find(_NUMBERED) if _NUMBERED in body else len(body)
        headers, end = plain(headers, body[place:])
        return headers, body[:place] + end

    return staticmethod(enriched)


def _values(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return what takes a value from moto's object, and knows under which names it may lie."""
    known: dict[tuple[object, ...], tuple[str, ...]] = {}

    def value(serializer: Any, found: Any, key: str, shape: Any) -> Any:  # noqa: ANN401 - moto's own
        picker = serializer._value_picker
        if type(picker) is not Picker:
            return plain(serializer, found, key, shape)
        above = getattr(getattr(shape, "parent", None), "name", "")
        service = serializer.operation_model.service_model.service_name
        kind = (service, type(found), key, shape.name, above)
        if kind not in known:
            known[kind] = tuple(picker.get_possible_keys(_context(serializer, found, key, shape)))
        shown = _first(found, known[kind])
        path = ""
        for ending, transform in picker.response_transformers.items():
            path = path or f"{'.'.join(serializer.path)}.{key}"
            if path.endswith(ending):
                return transform(shown)
        return shown

    return value


def _context(serializer: Any, found: Any, key: str, shape: Any) -> AttributePickerContext:  # noqa: ANN401 - as above
    return AttributePickerContext(
        obj=found,
        key=key,
        shape=shape,
        operation_model=serializer.operation_model,
        service_model=serializer.operation_model.service_model,
        key_path=".".join(serializer.path),
    )


def _first(found: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    for name in names:
        value = get_value(found, name, MISSING)
        if value is not MISSING:
            return value
    return None


def _moment(text: Any) -> datetime:  # noqa: ANN401 - text or seconds
    """Read a moment as AWS writes it, without asking how else one might be written."""
    if isinstance(text, int | float):
        return datetime.fromtimestamp(text, UTC)
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return parsers.parse_timestamp(text)
