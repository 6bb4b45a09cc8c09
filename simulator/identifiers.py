"""Identifiers that follow from what a resource is called, not from when it was made.

`simulator.updating` creates every resource under `named_after`. The SDK registers independent
resources in an order that may differ between processes; what moto calls them must not.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from moto.moto_api._internal import mock_random

from simulator.world import entered_seed


@contextmanager
def named_after(name: str) -> Iterator[None]:
    """Let moto draw identifiers from a stream of its own for this name and the world's seed."""
    before = mock_random.getstate()
    mock_random.seed(f"{entered_seed()}/{name}")
    try:
        yield
    finally:
        mock_random.setstate(before)
