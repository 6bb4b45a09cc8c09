"""Dictionaries reach the provider as they are: what it does not know would be refused by `up`."""

import importlib
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi import _types as pulumi_types

from simulator.program import Outcome

_MODULES = {"lambda": "lambda_"}
_SEQUENCES, _MAPPINGS = (list, Sequence), (dict, Mapping)


def arguments_of(kind: str) -> Any:  # noqa: ANN401 - a class of Pulumi's SDK
    """Return the class of a resource's arguments, called `Args` or, where that is taken, else."""
    _, path, name = kind.split(":")
    folder = path.partition("/")[0]
    module = importlib.import_module(f"pulumi_aws.{_MODULES.get(folder, folder)}")
    return getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")


def inner(declared: Any) -> tuple[str, Any]:  # noqa: ANN401 - a type annotation
    """Return what a property's type holds: a list, a table by name, or one of the SDK's classes."""
    origin, parts = typing.get_origin(declared), typing.get_args(declared)
    if origin in _SEQUENCES:
        return "list", parts[0]
    if origin in _MAPPINGS:
        return "map", parts[1]
    if pulumi_types.is_input_type(declared):
        return "class", declared
    found = (inner(part) for part in parts)
    return next((one for one in found if one[0]), ("", None))


def unknown(value: object, declared: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    """Yield the paths below a value that its type has no property for."""
    kind, held = inner(declared)
    if isinstance(value, list) and kind == "list":
        for one in value:
            yield from unknown(one, held, f"{path}[]")
    elif isinstance(value, dict) and kind == "class":
        types = pulumi_types.input_type_types(held)
        for key, below in value.items():
            if key in types:
                yield from unknown(below, types[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(value, list) or (isinstance(value, dict) and kind != "map"):
        yield f"{path}: a {type(value).__name__}"


def test_whatever_is_declared_is_a_property_of_the_providers_own(ledger: Outcome) -> None:
    declared = [one for one in ledger.resources if one.type.startswith("aws:")]
    found = {
        path
        for one in declared
        for path in unknown(one.inputs, arguments_of(one.type), f"{one.type} {one.name}")
    }
    assert len({one.type for one in declared}) > 50
    assert found == set()


def test_a_property_that_nobody_knows_is_found_at_any_depth() -> None:
    wrong = {"rules": [{"id": "all", "status": "Enabled", "expiration": {"hours": 1}}], "bucket": 1}
    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    assert list(unknown(wrong, arguments_of(kind), "made")) == ["made.rules[].expiration.hours"]
