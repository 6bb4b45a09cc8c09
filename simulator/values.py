"""Property values of a Pulumi program: plain JSON types, plus secrets and what is not yet known.

`simulator.monitor` reads them off the wire and writes them back; state, differences and handlers
work on them. Whole numbers are `int` here although the wire knows only doubles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from simulator import assets

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the wire's mark of a secret, not one

Properties = Mapping[str, Any]


class Unknown:
    """What a preview cannot know: an output of something that does not exist yet."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN = Unknown()
"""The only instance."""


@dataclass(frozen=True)
class Secret:
    """A value that is never printed. `reveal` takes it out, for a handler or an assertion."""

    value: object

    def __repr__(self) -> str:
        return "[secret]"


def reveal(value: object) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the value without the wrappers of secrets, at any depth."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, Mapping):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def has_unknown(value: object) -> bool:
    """Say whether any part of a value is not known yet."""
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Read properties off the wire; keys in alphabetical order, nulls dropped as engines do."""
    read = {key: from_wire(struct.fields[key]) for key in sorted(struct.fields)}
    return {key: value for key, value in read.items() if value is not None}


def from_wire(value: struct_pb2.Value) -> Any:  # noqa: ANN401 - JSON of any shape
    """Read one value off the wire."""
    kind = value.WhichOneof("kind")
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "string_value":
        return UNKNOWN if value.string_value == rpc.UNKNOWN else value.string_value
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [from_wire(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _from_table(value.struct_value)
    return None


def _from_table(struct: struct_pb2.Struct) -> object:
    if _SIGNATURE not in struct.fields:
        return from_struct(struct)
    if struct.fields[_SIGNATURE].string_value == _SECRET:
        return Secret(from_wire(struct.fields["value"]))
    if struct.fields[_SIGNATURE].string_value == assets.ARCHIVE and "assets" in struct.fields:
        held = struct.fields["assets"].struct_value.fields
        return assets.archive({name: _asset(item.struct_value) for name, item in held.items()})
    message = "references to whole resources and lone files are no inputs here: pass values"
    raise TypeError(message)


def _asset(struct: struct_pb2.Struct) -> assets.Asset:
    known = {key: item.string_value for key, item in struct.fields.items() if key != _SIGNATURE}
    return assets.Asset(**known)


def to_struct(properties: Properties) -> struct_pb2.Struct:
    """Write properties for the wire."""
    return struct_pb2.Struct(
        fields={key: to_wire(value) for key, value in properties.items() if value is not None}
    )


def to_wire(value: object) -> struct_pb2.Value:
    """Write one value for the wire; a value of no JSON kind raises `TypeError`."""
    if isinstance(value, Secret):
        wrapped = {_SIGNATURE: _SECRET, "value": value.value}
        return struct_pb2.Value(struct_value=to_struct(wrapped))
    if isinstance(value, assets.Archive):  # the program knows its own files: none are sent back
        return struct_pb2.Value(struct_value=to_struct({_SIGNATURE: assets.ARCHIVE, "assets": {}}))
    if isinstance(value, Mapping):
        return struct_pb2.Value(struct_value=to_struct(value))
    if isinstance(value, list | tuple):
        items = [to_wire(item) for item in value]
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))
    return _to_scalar(value)


def _to_scalar(value: object) -> struct_pb2.Value:
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if value is UNKNOWN:
        return struct_pb2.Value(string_value=rpc.UNKNOWN)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, int | float):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    raise TypeError(f"a {type(value).__name__} is no value of a property")
