"""Lists that AWS gives in parts: names in batches on the way in, pages on the way out."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from cloud.door import Door

T = TypeVar("T")


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items in order, at most `size` at a time; nothing for no items."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def pages(
    door: Door, service: str, operation: str, token: tuple[str, str], /, **arguments: object
) -> Iterator[dict[str, Any]]:
    """Yield every page. `token` names what the answer calls the next page, and the question."""
    found, asked = token
    page = door.read(service, operation, **arguments)
    yield page
    while page.get(found):
        page = door.read(service, operation, **arguments, **{asked: page[found]})
        yield page
