"""Trials of recovery points say how long restores take; nothing that people approved changes."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from backup.evidence import Evidence, Verdict
from backup.points import Kind, Series
from backup.restore_times import RestoreTimes
from backup.verify_subject import Role
from continuity.manifest import Manifest
from failover.plan import Plan
from failover.region_loss import region_loss
from failover.timing import timed

AT = datetime(2026, 3, 1, 1, tzinfo=UTC)


@pytest.fixture
def manifest(manifest_of: Callable[..., Manifest]) -> Manifest:
    return manifest_of()


def times(manifest: Manifest, restore_s: float) -> RestoreTimes:
    database = manifest.databases[0]
    return RestoreTimes.of(
        [
            Evidence(
                Series(manifest.zone, database.name, Kind.DATABASE), "we1-point", AT, "eu-west-1",
                Role.NEWEST, "2026-03-01", "schedule", AT, AT, Verdict.PROVEN, "",
                database.storage_gb, restore_s, 30.0,
            )
        ]
    )  # fmt: skip


def step(plan: Plan, name: str) -> tuple[float, str, float]:
    found = next(one for one in plan.steps if one.name == name)
    return found.estimate.seconds, found.estimate.source, found.deadline_s


def test_a_measured_restore_takes_the_place_of_an_assumed_one(manifest: Manifest) -> None:
    assumed = region_loss(manifest)
    name = f"restore-{manifest.databases[0].name}-snapshot"
    plan = timed(assumed, manifest, times(manifest, 9000.0))
    seconds, source, deadline_s = step(plan, name)
    assert seconds == 9000 + 60
    assert source == "measured on 2026-03-01: we1-point was there after 2 h 30 min"
    assert deadline_s == 4 * seconds > step(assumed, name)[2]


def test_the_hash_that_people_approve_stays_and_no_deadline_shrinks(manifest: Manifest) -> None:
    assumed = region_loss(manifest)
    plan = timed(assumed, manifest, times(manifest, 1.0))
    assert plan.hash == assumed.hash
    for before, after in zip(assumed.steps, plan.steps, strict=True):
        assert after.deadline_s == before.deadline_s


def test_without_evidence_the_plan_is_the_same(manifest: Manifest) -> None:
    plan = region_loss(manifest)
    assert timed(plan, manifest, RestoreTimes()) is plan
