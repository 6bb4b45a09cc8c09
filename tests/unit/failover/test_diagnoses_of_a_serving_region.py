"""A region that answers: what clients get and what AWS says, signal by signal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from continuity.outside import Written
from failover.diagnose import Diagnosis, diagnose
from failover.observation import Deployment, Event, Instance, Reading, Service
from failover.options import Options
from failover.run import Run
from failover.signals import suspicion

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from continuity.journal import Entry
    from failover.observation import Observation

    Picture = Callable[..., Observation]
    MakeEntry = Callable[..., Entry]

FIT = Instance("available", None, 7, "03:00-04:00", True, "we1-home", True)
OK = Written(ok=True, newest_before=None)
NO = Written(ok=False, newest_before=None, reason="connection refused")
ORDERS, BILLING = "we1-orders-home-1", "we1-billing-home-1"


def read(at: datetime, value: object) -> Reading:
    return Reading(at, value, None)


def served(picture: Picture, *, platform: bool = True, **readings: object) -> Observation:
    """Return a picture of a region that answers; each reading is a plain value here."""
    blank = picture()
    known = {"serving": platform, "serving_region": True, "standby_region": True, **readings}
    return replace(blank, **{name: read(blank.now, value) for name, value in known.items()})


def after(entry: MakeEntry, seen: Observation, seconds: list[float], **data: object) -> Observation:
    """Return the picture with earlier readings in its journal, so many seconds before now."""
    facts = {"both": False, "databases": "", "cause": "", **data}
    noted = [
        entry(number + 1, EntryKind.SUSPECTED, -ago, **facts) for number, ago in enumerate(seconds)
    ]
    return replace(seen, run=Run("we1-0001", tuple(noted)))


@pytest.mark.parametrize(
    ("instance", "written", "diagnosis"),
    [
        (FIT, OK, Diagnosis.HEALTHY),
        (replace(FIT, status="backing-up"), OK, Diagnosis.HEALTHY),
        (replace(FIT, status="rebooting"), OK, Diagnosis.HEALTHY),
        (FIT, NO, Diagnosis.DATABASE_SUSPECTED),
        (replace(FIT, status="modifying"), NO, Diagnosis.DATABASE_SUSPECTED),
        (replace(FIT, status="failed"), OK, Diagnosis.DATABASE_SUSPECTED),
        (None, OK, Diagnosis.DATABASE_SUSPECTED),
        (replace(FIT, status="failed"), NO, Diagnosis.DATABASE_LOST),
        (replace(FIT, status="stopped"), NO, Diagnosis.DATABASE_LOST),
        (replace(FIT, status="rebooting"), NO, Diagnosis.DATABASE_LOST),
        (None, NO, Diagnosis.DATABASE_LOST),
    ],
)
def test_a_primary_is_lost_only_when_clients_and_rds_agree(
    picture: Picture,
    entry: MakeEntry,
    instance: Instance | None,
    written: Written,
    diagnosis: Diagnosis,
) -> None:
    primaries = {ORDERS: instance, BILLING: FIT}
    seen = served(picture, serving_instances=primaries, writes={"orders": written, "billing": OK})
    seen = after(entry, seen, [200, 190, 180], databases="orders")
    found = diagnose(seen, Options())
    assert found.diagnosis is diagnosis
    assert found.databases == (() if diagnosis is Diagnosis.HEALTHY else ("orders",))


@pytest.mark.parametrize(
    ("ago", "lost"),
    [([], False), ([179, 100, 50], False), ([200], False), ([181, 90], True)],
)
def test_a_primary_may_be_away_for_as_long_as_a_change_over_takes(
    picture: Picture, entry: MakeEntry, ago: list[float], lost: bool
) -> None:
    failed = {ORDERS: replace(FIT, status="failed")}
    seen = served(picture, serving_instances=failed, writes={"orders": NO})
    found = diagnose(after(entry, seen, ago, databases="orders"), Options()).diagnosis
    assert found is (Diagnosis.DATABASE_LOST if lost else Diagnosis.DATABASE_SUSPECTED)


def test_what_the_journal_says_of_one_database_condemns_no_other(
    picture: Picture, entry: MakeEntry
) -> None:
    failed = {BILLING: replace(FIT, status="failed")}
    seen = served(picture, serving_instances=failed, writes={"billing": NO})
    seen = after(entry, seen, [300, 200, 100], databases="orders")
    assert diagnose(seen, Options()).diagnosis is Diagnosis.DATABASE_SUSPECTED


@pytest.mark.parametrize("missing", ["serving_instances", "writes"])
def test_a_missing_reading_is_no_signal(picture: Picture, entry: MakeEntry, missing: str) -> None:
    readings = {
        "serving_instances": {ORDERS: replace(FIT, status="failed")},
        "writes": {"orders": NO},
    }
    seen = served(picture, **readings)
    unread = Reading(seen.now, None, "no answer")
    seen = after(entry, replace(seen, **{missing: unread}), [200, 190], databases="orders")
    assert diagnose(seen, Options()).diagnosis is Diagnosis.DATABASE_SUSPECTED
    assert suspicion(seen).databases == ()


def test_a_silent_platform_is_the_clients_signal_for_every_database(
    picture: Picture, entry: MakeEntry
) -> None:
    failed = {ORDERS: replace(FIT, status="failed"), BILLING: FIT}
    seen = served(picture, platform=False, serving_instances=failed)
    seen = after(entry, seen, [200, 190], databases="orders")
    found = diagnose(seen, Options())
    assert (found.diagnosis, found.databases) == (Diagnosis.DATABASE_LOST, ("orders",))


GOOD = Deployment("family:7", True, "COMPLETED", 4, 0)
BAD = Deployment("family:8", True, "FAILED", 0, 6)
STOPPED = Service(0, 4, 2, (replace(GOOD, running=0),))


@pytest.mark.parametrize(
    ("service", "cause"),
    [
        (STOPPED, "hosting down"),
        (Service(0, 0, 0), "hosting down"),
        (Service(4, 4, 2, (GOOD,)), ""),
        (Service(0, 4, 2, (BAD, replace(GOOD, primary=False))), "bad release"),
        (Service(0, 4, 2, (replace(BAD, rollout="IN_PROGRESS"), GOOD)), "bad release"),
        (Service(0, 4, 2, (replace(BAD, rollout="IN_PROGRESS", failed=0), GOOD)), "hosting down"),
        (None, ""),
    ],
)
def test_ecs_says_why_a_platform_is_silent(
    picture: Picture, service: Service | None, cause: str
) -> None:
    assert suspicion(served(picture, platform=False, serving_hosting=service)).cause == cause
    assert suspicion(served(picture, serving_hosting=service)).cause == ""


@pytest.mark.parametrize(
    ("minutes", "message", "blamed"),
    [
        (30, "(service x) (port 80) is unhealthy in tg: Health checks failed with [500].", True),
        (90, "(service x) (port 80) is unhealthy in tg: Health checks failed with [500].", False),
        (30, "(service x) has reached a steady state.", False),
    ],
)
def test_a_release_that_completed_is_blamed_for_an_hour(
    picture: Picture, minutes: int, message: str, blamed: bool
) -> None:
    now = picture().now
    made = now.replace(hour=9 - 1 - minutes // 60, minute=(60 - minutes) % 60)
    done = replace(GOOD, task_definition="family:8", created_at=made)
    service = Service(4, 4, 2, (done,), (Event(now, message),))
    seen = served(picture, platform=False, serving_hosting=service)
    assert suspicion(seen).cause == ("bad release" if blamed else "")


@pytest.mark.parametrize(
    ("service", "diagnosis", "release"),
    [
        (STOPPED, Diagnosis.HOSTING_DOWN, ""),
        (Service(0, 4, 2, (BAD,)), Diagnosis.BAD_RELEASE, "td"),
    ],
)
def test_a_cause_is_certain_after_a_minute(
    picture: Picture,
    entry: MakeEntry,
    service: Service,
    diagnosis: Diagnosis,
    release: str,
) -> None:
    seen = served(picture, platform=False, serving_hosting=service)
    early = diagnose(after(entry, seen, [50, 40, 30], cause=str(diagnosis)), Options())
    assert early.diagnosis is Diagnosis.PLATFORM_SILENT
    sure = diagnose(after(entry, seen, [61, 40, 30], cause=str(diagnosis)), Options())
    assert (sure.diagnosis, sure.release) == (diagnosis, release)


def test_the_release_to_go_back_to_is_the_one_that_ran_then_the_programs_then_an_older_one(
    picture: Picture, entry: MakeEntry
) -> None:
    program = replace(BAD, task_definition="td")
    older = replace(GOOD, primary=False)
    for deployments, releases, expected in [
        ((BAD, older), (), "family:7"),
        ((BAD,), (), "td"),
        ((program,), ("family:9", "family:8"), ""),
        ((replace(BAD, task_definition="td:8"),), ("td:9", "td:8", "td:6"), "td"),
    ]:
        service = Service(0, 4, 2, deployments)
        seen = served(picture, platform=False, serving_hosting=service, releases=releases)
        seen = after(entry, seen, [70, 60], cause="bad release")
        assert diagnose(seen, Options()).release == expected


def test_what_a_person_declares_is_no_probes_to_talk_away(
    picture: Picture, entry: MakeEntry
) -> None:
    said = {"what": "corrupted", "database": "orders", "moment": "2026-03-03T08:00:00+00:00"}
    run = Run("we1-0001", (entry(1, EntryKind.DECLARED, -5, **said),))
    found = diagnose(replace(served(picture), run=run), Options())
    assert (found.diagnosis, found.databases) == (Diagnosis.DATABASE_CORRUPTED, ("orders",))
