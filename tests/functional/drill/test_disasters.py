"""Every scenario in `tests/scenarios`, played whole: it ends as its file says.

The files are read by operators, too: they say which disaster, and what truly comes of it.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from continuity.journal import EntryKind
from drill import library
from drill.scenario import Scenario
from drill.verdict import Verdict
from simulator.fault import FaultKind

Play = Callable[..., Verdict]

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
FILES = sorted(FOLDER.glob("*.toml"))
SETTLING = (EntryKind.DONE, EntryKind.MEASURED, EntryKind.VERDICT)


def of(name: str) -> Scenario:
    return library.find(str(FOLDER / f"{name}.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_disaster_ends_as_its_file_says(play: Play, file: Path) -> None:
    scenario = library.find(str(file))
    assert scenario.name == file.stem
    verdict = play(scenario)
    assert verdict.unmet == ()
    assert verdict.violations == ()


def test_there_are_enough_of_them_and_each_kind_of_fault_is_played() -> None:
    assert len(FILES) >= 20
    stories = [library.find(str(file)) for file in FILES]
    stories += [library.find(name) for name in library.names()]
    in_a_year = {FaultKind.SCHEDULE_MISSED}  # schedules fire in a year of nights only
    assert {row.kind for story in stories for row in story.faults} >= set(FaultKind) - in_a_year


def end(verdict: Verdict) -> object:
    """Return what a recovery left behind, without the times."""
    settled = {one.step for one in verdict.journal if one.kind in SETTLING and one.step}
    databases = [(one.name, one.writable, one.source) for one in verdict.databases]
    return verdict.outcome, settled, databases


@pytest.mark.parametrize(
    "name",
    ["controller-killed-again-and-again", "controller-paused-before-opening"],
)
def test_whoever_drove_the_end_is_the_same(play: Play, name: str) -> None:
    disturbed = play(of(name))
    assert end(disturbed) == end(play("region-loss", zone=disturbed.zone))


def test_a_frozen_driver_that_wakes_up_writes_nothing_and_repeats_nothing(play: Play) -> None:
    verdict = play(of("controller-paused-second-takes-over"))
    done = Counter((one.kind, one.step) for one in verdict.journal if one.kind in SETTLING)
    assert {key: count for key, count in done.items() if count > 1 and key[1]} == {}
    assert verdict.journal[-1].kind is EntryKind.FINISHED
    assert verdict.violations == ()
