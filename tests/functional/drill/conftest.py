"""Whole drills: the real program, engine and boto3 clients in a simulated AWS. Seconds each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drill import library
from drill.run import run
from drill.scenario import Scenario
from drill.verdict import Verdict

PROJECT = Path(__file__).resolve().parents[3]

Play = Callable[..., Verdict]


@pytest.fixture
def play() -> Play:
    """Play a scenario, or the shipped one of a name, and return the verdict."""

    def play_it(story: str | Scenario, zone: str = "we1", seed: int | None = None) -> Verdict:
        scenario = library.find(story) if isinstance(story, str) else story
        chosen = scenario.seed if seed is None else seed
        return run(scenario, scenario.zone or zone, chosen, lambda _: None, project=PROJECT)

    return play_it
