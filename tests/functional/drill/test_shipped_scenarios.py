from collections.abc import Callable

import pytest

from drill import library
from drill.verdict import Verdict

Play = Callable[..., Verdict]


@pytest.mark.parametrize("name", library.names())
def test_every_shipped_scenario_ends_as_it_says(play: Play, name: str) -> None:
    verdict = play(name)
    assert verdict.unmet == ()
    assert verdict.violations == ()
    assert not verdict.objective_missed
