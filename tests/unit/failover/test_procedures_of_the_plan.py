"""The plan's recovery procedures are the engine's own table, plans and limits."""

from collections.abc import Callable

import pytest

from continuity.critical_functions import usual
from continuity.manifest import Manifest
from failover.answers import ANSWERS, MOVE, SWITCH
from failover.case import Case
from failover.diagnose import Diagnosis
from failover.procedures import answers, limits, recoveries
from incident.plan.values import Answer, Recovery


@pytest.fixture
def manifest(manifest_of: Callable[..., Manifest]) -> Manifest:
    from dataclasses import replace

    return replace(manifest_of(), functions=usual(("billing", "orders")))


def by_name(manifest: Manifest) -> list[Recovery]:
    """Return the recoveries, those that move the zone first."""
    order = [MOVE.name, SWITCH.name]
    return sorted(
        recoveries(manifest), key=lambda one: order.index(one.name) if one.name in order else 2
    )


def by_diagnosis(manifest: Manifest) -> dict[str, Answer]:
    return {one.diagnosis: one for one in answers(manifest)}


def test_there_is_a_procedure_for_each_diagnosis_in_the_words_of_the_table(
    manifest: Manifest,
) -> None:
    told = [(one.diagnosis, one.meaning, one.needs, one.alone) for one in answers(manifest)]
    assert told == [(str(name), row.meaning, row.needs, row.alone) for name, row in ANSWERS.items()]


def test_the_severity_of_a_diagnosis_follows_from_what_it_takes_from_clients(
    manifest: Manifest,
) -> None:
    found = {name: (one.severity, one.services) for name, one in by_diagnosis(manifest).items()}
    assert found["region lost"] == (
        "SEV1",
        ("platform", "files", "monitoring", "billing", "orders"),
    )
    assert found["database suspected"] == ("SEV2", ("billing", "orders"))
    assert found["blind"] == ("SEV2", ("monitoring",))
    assert found["backups stale"] == ("SEV3", ())
    assert found["healthy"] == ("", ())


def test_a_procedure_says_what_a_person_types(manifest: Manifest) -> None:
    found = {name: one.commands for name, one in by_diagnosis(manifest).items()}
    start = "holdfast failover start we1"
    approve = "holdfast failover approve we1 --plan HASH"
    assert found["region lost"] == (f"{start} --since HH:MM --reason TEXT", approve)
    assert found["database corrupted"] == (
        f"{start} --corrupted DATABASE@MOMENT --reason TEXT",
        approve,
    )
    assert found["platform silent"] == (f"{start} --move --reason TEXT",)
    assert found["healthy"] == ()


def test_the_steps_are_those_of_the_plan_that_the_engine_would_begin(manifest: Manifest) -> None:
    plan = MOVE.build(manifest, Case(Diagnosis.REGION_LOST), 30.0)
    move, _, *in_place = by_name(manifest)
    assert [step.name for step in move.steps] == [step.name for step in plan.steps]
    critical = [step.name for step in move.steps if step.critical]
    assert critical == list(plan.critical_path().steps)
    assert move.expected_s == plan.predicted_rto_s
    assert len(in_place) == 2


def test_restores_that_stand_in_take_longer_and_a_recovery_in_place_restores_nothing(
    manifest: Manifest,
) -> None:
    move, planned, *in_place = by_name(manifest)
    assert planned.restored_s is None, "it takes nothing but what lacks nothing"
    assert move.restored_s is not None
    assert move.restored_s > move.expected_s
    assert [one.restored_s for one in in_place] == [None, None]


def test_a_release_that_nobody_knows_yet_is_told_in_words(manifest: Manifest) -> None:
    told = [step.what for one in recoveries(manifest) for step in one.steps]
    assert "deploy the last known good release in the home site again" in told


def test_the_limits_are_those_of_engine_and_backups() -> None:
    found = limits()
    assert (found.readings, found.confirm_s, found.database_confirm_s) == (3, 30.0, 180.0)
    assert (found.grace_days, found.pinned_days) == (7, 90)
