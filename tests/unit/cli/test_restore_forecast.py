"""How long `holdfast backup restore` says that it takes: as measured, else as it is assumed."""

from datetime import UTC, datetime, timedelta

from backup.evidence import Evidence, Verdict
from backup.points import Kind, Series
from backup.restore_source import SourceKind
from backup.restore_times import RestoreTimes
from backup.verify_subject import Role
from cli.backup_restore import expected_of
from continuity.manifest import Database

ENDED = datetime(2026, 3, 2, 4, tzinfo=UTC)
ORDERS = Database("orders", 1, "postgres", "16.4", 5432, 100, 7, "03:00-03:30", {})
MEASURED = Evidence(
    series=Series("we1", "orders", Kind.DATABASE),
    point="we1-orders-2026-03-02",
    taken_at=ENDED - timedelta(hours=3),
    region="eu-central-1",
    role=Role.NEWEST,
    seed="seed",
    by="schedule",
    began=ENDED - timedelta(hours=1),
    ended=ENDED,
    verdict=Verdict.PROVEN,
    why="",
    size_gb=100,
    restore_s=1500.0,
    check_s=10.0,
)


def test_without_a_trial_it_is_what_failover_plans_assume_without_their_renaming() -> None:
    found = expected_of(ORDERS, RestoreTimes())
    assert found[SourceKind.SNAPSHOT].restore.seconds == 1000.0
    assert found[SourceKind.OWN_BACKUPS] == found[SourceKind.RECEIVED_BACKUPS]
    assert found[SourceKind.OWN_BACKUPS].restore.seconds == 1400.0
    assert found[SourceKind.SNAPSHOT].restore.source.startswith("assumption: 15 min")


def test_a_trial_that_was_timed_is_the_forecast() -> None:
    found = expected_of(ORDERS, RestoreTimes.of([MEASURED]))
    assert found[SourceKind.SNAPSHOT].restore.seconds == 1500.0
    assert "measured on 2026-03-02" in found[SourceKind.SNAPSHOT].restore.source
    assert found[SourceKind.OWN_BACKUPS].restore.seconds == 1900.0
