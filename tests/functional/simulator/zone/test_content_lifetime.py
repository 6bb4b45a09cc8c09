import gc
import weakref

from simulator.content import Content
from simulator.world import World


def test_a_world_that_is_left_is_forgotten_with_its_content() -> None:
    """Thousands of seeded worlds run in one process; rows must not pile up."""
    with World(seed=1) as world:
        assert Content.of(world) is Content.of(world)
    left = weakref.ref(world)
    del world
    gc.collect()
    assert left() is None


def test_each_world_has_content_of_its_own() -> None:
    with World(seed=1) as first:
        content = Content.of(first)
    with World(seed=1) as second:
        assert Content.of(second) is not content
