"""Which Python modules a program sees while it runs.

`simulator.program` wraps each run in it: a program imports its own packages afresh, from its own
folder (which may be another revision's), while the simulator keeps the modules that it runs on.
"""

import contextlib
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

_RUNNING = frozenset({"backup", "cli", "cloud", "drill", "failover", "simulator", "tests"})
"""Packages that may be calling us: a program never imports them, so they stay as they are."""


@contextlib.contextmanager
def program_modules(folder: Path) -> Iterator[None]:
    """Let imports find `folder` first and reload its packages; put everything back afterwards.

    The vocabulary is kept where it comes from this very folder, so that its errors are ours.
    """
    fresh = _fresh(folder)
    ours = {name: module for name, module in sys.modules.items() if _top(name) in fresh}
    path = list(sys.path)
    _forget(fresh)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = path
        _forget(fresh)
        sys.modules.update(ours)


def _fresh(folder: Path) -> set[str]:
    packages = {file.parent.name for file in folder.glob("*/__init__.py")}
    modules = {file.stem for file in folder.glob("*.py")}
    own = (packages | modules) - _RUNNING - {"__main__"}
    return own - {"continuity"} if _comes_from("continuity", folder) else own


def _comes_from(name: str, folder: Path) -> bool:
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).resolve().is_relative_to((folder / name).resolve())


def _top(name: str) -> str:
    return name.partition(".")[0]


def _forget(names: set[str]) -> None:
    for name in [loaded for loaded in sys.modules if _top(loaded) in names]:
        del sys.modules[name]
