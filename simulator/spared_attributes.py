"""DynamoDB's values on their way through moto and botocore, which take each for ten things at once.

`simulator.spared_work` puts both in place. An attribute says what it is by its only key, and texts,
numbers, truths and nothings are the same on the wire as beside it: they need not be asked for each
of the ten kinds that there are. Everything else goes the way that it went.
"""

from collections.abc import Callable
from typing import Any

_ATTRIBUTE = "AttributeValue"
_PLAIN = ({"S"}, {"N"}, {"BOOL"}, {"NULL"})


def _is_plain(shape: Any, value: object) -> bool:  # noqa: ANN401 - botocore's
    return shape.name == _ATTRIBUTE and type(value) is dict and value.keys() in _PLAIN


def written(plain: Callable[..., None]) -> Callable[..., None]:
    """Return what writes a structure, a plain attribute at once."""

    def write(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:  # noqa: ANN401 - moto's own
        if key and _is_plain(shape, value):
            serializer._default_serialize(serialized, dict(value), shape, key)
        else:
            plain(serializer, serialized, value, shape, key)

    return write


def read(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return what reads a structure out of JSON, a plain attribute at once."""

    def parse(parser: Any, shape: Any, value: Any) -> Any:  # noqa: ANN401 - botocore's own
        return dict(value) if _is_plain(shape, value) else plain(parser, shape, value)

    return parse
