"""The project's own program, worlds to run it in, and a program with one of every type."""

from collections.abc import Callable, Iterator
from importlib import util
from pathlib import Path

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
    spec = util.spec_from_file_location("every_type", Path(__file__).parent / "every_type.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Every = module.program
    return made
