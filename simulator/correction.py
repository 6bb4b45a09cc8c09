"""One thing that moto gets wrong, and what stands in its place.

Each module of `simulator.corrections` returns its list from `corrections()`; the world patches
them in for as long as it is entered. `World(corrected=False)` shows moto as it is.
"""

import importlib
import pkgutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from unittest import mock

import simulator.corrections


@dataclass(frozen=True)
class Correction:
    """Put `replacement` where `target.name` is (or is missing); `why` is what AWS really does."""

    target: object
    name: str
    replacement: object
    why: str


def gather() -> list[Correction]:
    """Return the corrections of every module of `simulator.corrections`, in order of name.

    All modules are imported before anything is patched: what they keep of moto is moto's own.
    """
    package = simulator.corrections
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return [
        correction
        for module in modules
        if hasattr(module, "corrections")
        for correction in module.corrections()
    ]


def apply(corrections: Iterable[Correction], undo: ExitStack) -> None:
    """Patch all of them until `undo` is closed. Two for one place are an error."""
    seen: set[tuple[int, str]] = set()
    for correction in corrections:
        place = (id(correction.target), correction.name)
        if place in seen:
            raise ValueError(f"{correction.target}.{correction.name} is corrected twice")
        seen.add(place)
        undo.enter_context(
            mock.patch.object(
                correction.target, correction.name, correction.replacement, create=True
            )
        )
