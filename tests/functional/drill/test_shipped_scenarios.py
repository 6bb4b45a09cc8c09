from collections.abc import Callable

import pytest

from drill import library
from drill.expectation import Outcome
from drill.verdict import Verdict

Play = Callable[..., Verdict]


@pytest.mark.parametrize("name", library.names())
def test_every_shipped_scenario_ends_as_it_says(play: Play, name: str) -> None:
    verdict = play(name)
    assert verdict.unmet == ()
    assert verdict.violations == ()
    assert not verdict.objective_missed


@pytest.mark.parametrize("zone", ["we2", "sa1"])
def test_every_production_zone_comes_back(play: Play, zone: str) -> None:
    verdict = play("region-loss", zone=zone)
    assert (verdict.outcome, verdict.violations) == (Outcome.RECOVERED, ())
    assert verdict.rto.met
    assert verdict.rpo.met
    assert all(one.source == "replica" for one in verdict.databases)
