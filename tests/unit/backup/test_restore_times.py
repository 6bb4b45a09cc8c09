"""How long restores take: measured where they were, and assumed with the zone's own pace."""

from datetime import UTC, datetime, timedelta

import pytest

from backup.evidence import Evidence, Verdict
from backup.points import Kind, Series
from backup.restore_times import RestoreTimes, snapshot_s, to_time_s
from backup.verify_plan import seconds
from backup.verify_subject import Role

NOW = datetime(2026, 3, 3, 5, tzinfo=UTC)


def measured(database: str, restore_s: float | None, size_gb: int = 100, days: int = 0) -> Evidence:
    ended = NOW - timedelta(days=days)
    return Evidence(
        Series("we1", database, Kind.DATABASE), f"we1-{database}-1", ended, "eu-west-1",
        Role.NEWEST, "2026-03-03", "schedule", ended, ended, Verdict.PROVEN, "", size_gb,
        restore_s, 30.0,
    )  # fmt: skip


def test_without_evidence_the_assumptions_stand() -> None:
    times = RestoreTimes()
    assert times.snapshot("orders", 400).seconds == 900 + 400
    assert times.to_time("orders", 400).seconds == 1200 + 800
    assert times.snapshot("orders", 400).source.startswith("assumption: 15 min")


def test_the_newest_measurement_of_a_database_counts_and_what_it_grew_since() -> None:
    times = RestoreTimes.of([measured("orders", 2000.0, days=7), measured("orders", 1500.0)])
    found = times.snapshot("orders", 150)
    assert found.seconds == 1500 + 50
    assert found.source == "measured on 2026-03-03: we1-orders-1 was there after 25 min"
    assert times.snapshot("orders", 50).seconds == 1500


def test_the_others_go_at_the_median_pace_of_the_zone() -> None:
    pace = {"accounts": 0.5, "orders": 2.0, "messages": 1.5}
    times = RestoreTimes.of(
        measured(name, factor * snapshot_s(100)) for name, factor in pace.items()
    )
    found = times.snapshot("reporting", 2000)
    assert found.seconds == pytest.approx(1.5 * snapshot_s(2000))
    assert found.source == "3 other databases took 1.50 times what is assumed"


def test_logs_to_replay_are_assumed_on_top() -> None:
    times = RestoreTimes.of([measured("orders", 1500.0)])
    found = times.to_time("orders", 100)
    assert found.seconds == 1500 + to_time_s(100) - snapshot_s(100)
    assert found.source.endswith("6 min 40 s more to replay logs is assumed")


def test_what_was_never_there_measures_nothing() -> None:
    assert RestoreTimes.of([measured("orders", None)]).measured == {}


def test_nothing_to_try_takes_no_time() -> None:
    assert seconds((), 2) == 0.0
