"""Every diagnosis that the engine can make is told in a scenario, in its own words.

That the words are really said is what `test_every_disaster_ends_as_its_file_says` plays.
"""

from collections.abc import Mapping
from pathlib import Path

from drill import library
from drill.scenario import read
from failover.answers import ANSWERS
from failover.diagnose import Diagnosis

SCENARIOS = Path(__file__).parents[2] / "scenarios"

TOLD: Mapping[Diagnosis, tuple[str, str]] = {
    Diagnosis.HEALTHY: ("data-corrupted-unnoticed", "ops is served from eu-west-2"),
    Diagnosis.REGION_SUSPECTED: ("region-flickers", "answers neither clients nor its API"),
    Diagnosis.REGION_LOST: ("operator-late", "is lost: neither clients nor its API got an answer"),
    Diagnosis.DATABASE_SUSPECTED: ("database-suspected", "One signal alone decides nothing"),
    Diagnosis.DATABASE_LOST: ("primary-lost", "The primary of orders is lost"),
    Diagnosis.DATABASE_CORRUPTED: ("data-corrupted-declared", "declares that orders is corrupted"),
    Diagnosis.HOSTING_DOWN: ("hosting-down", "None of 2 tasks runs"),
    Diagnosis.BAD_RELEASE: ("bad-release", "The tasks of release"),
    Diagnosis.PLATFORM_SILENT: ("platform-silent", "this is not a region loss and needs people"),
    Diagnosis.REPLICATION_BROKEN: ("replication-broken", "is broken: accounts"),
    Diagnosis.BACKUPS_STALE: ("backups-stale", "are stale: tickets"),
    Diagnosis.AWAY_NOT_READY: ("away-not-ready", "The away site is not ready to take over"),
    Diagnosis.PLANNED_MOVE: ("planned-move-refused", "It is to be moved to"),
    Diagnosis.BLIND: ("both-regions-lost", "we may be the ones who are cut off"),
}


def test_each_diagnosis_is_told_by_the_scenario_that_is_about_it() -> None:
    assert set(TOLD) == set(ANSWERS)
    for diagnosis, (name, words) in TOLD.items():
        told = SCENARIOS / f"{name}.toml"
        scenario = read(told.read_text("utf-8"), name) if told.exists() else library.find(name)
        assert any(words in one for one in scenario.expect.sentences), diagnosis


def test_no_two_diagnoses_are_told_by_the_same_words() -> None:
    for diagnosis, (_, words) in TOLD.items():
        others = {other for one, (_, other) in TOLD.items() if one is not diagnosis}
        assert not any(words in other or other in words for other in others)
