"""The project's own program, worlds to run it in, and a program with one of every type."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from simulator.world import World

Every = Callable[..., Callable[[], None]]


@pytest.fixture(scope="session")
def project_dir() -> Path:
    return Path(__file__).parents[3]


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as world:
        yield world


@pytest.fixture(scope="session")
def every_type() -> Every:
    """Make programs: `every_type(word="one", instance_class="db.r6g.large", engine="postgres")`."""
    made: Every = partial(_module("every_type").program, _module("every_kept_type").declare)
    return made


def _module(name: str) -> Any:  # noqa: ANN401 - a module
    spec = util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
