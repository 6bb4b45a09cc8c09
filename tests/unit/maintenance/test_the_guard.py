"""When clients may notice a change: in the window, under a notice that came in time."""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from continuity.errors import InvalidInput, Refusal
from continuity.incidents import IncidentEntry, Kind, Source
from continuity.notice_period import NoticePeriod
from continuity.planned import Doing, Planned
from continuity.window import MaintenanceWindow
from continuity.zone import SiteName
from maintenance.announce import announce, withdraw
from maintenance.board import Board, Said
from maintenance.guard import Rules, judge, objections
from maintenance.impact import Effect, Impact
from maintenance.notice import Notice, Work, notices

LISBON = ZoneInfo("Europe/Lisbon")
WINDOW = MaintenanceWindow(time(0), time(6), "Europe/Lisbon")
RULES = Rules(WINDOW, NoticePeriod(countries=("PT",)))
ANYTHING = Planned(Doing.UPDATE, "urn:pulumi:we1::holdfast::aws:rds/instance:Instance::orders")
NOTICED = (Impact(ANYTHING, Effect.SERVICE, "restarts"),)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LISBON)


DAY = timedelta(days=1)
WORK = Work("New engine", at("2026-11-26T00:00"), at("2026-11-26T06:00"))
IN_TIME = Notice("we1-away-notice-0001", WORK, at("2026-11-22T12:00"), "ana")
URGENT = replace(IN_TIME, work=replace(WORK, emergency=True), announced_at=at("2026-11-24T23:59"))


def test_what_only_protects_is_allowed_at_any_time() -> None:
    found = judge(
        (Impact(ANYTHING, Effect.REDUNDANCY, "thins"),), (), at("2026-11-22T12:00"), RULES
    )
    assert found.allowed
    assert judge((), (), at("2026-11-22T12:00"), RULES).allowed


@pytest.mark.parametrize("notice", [IN_TIME, URGENT])
def test_what_was_announced_in_time_is_allowed_while_its_window_is_open(notice: Notice) -> None:
    found = judge(NOTICED, (notice,), at("2026-11-26T05:59"), RULES)
    assert (found.allowed, found.notice, found.reasons) == (True, notice, ())


@pytest.mark.parametrize(
    ("notice", "moment", "reason"),
    [
        (None, "2026-11-26T01:00", "no notice covers 2026-11-26 01:00 WET"),
        (IN_TIME, "2026-11-26T06:00", "2026-11-26 06:00 WET is outside the zone's window"),
        (IN_TIME, "2026-11-27T01:00", "no notice covers"),
        (replace(IN_TIME, withdrawn_at=at("2026-11-23T00:00")), "2026-11-26T01:00", "no notice"),
        (
            replace(IN_TIME, announced_at=at("2026-11-23T00:01")),
            "2026-11-26T01:00",
            "was announced at 2026-11-23 00:01 WET, less than 3 business days before",
        ),
        (
            replace(URGENT, announced_at=at("2026-11-25T00:01")),
            "2026-11-26T01:00",
            r"less than 1 d \(an emergency\) before",
        ),
    ],
)
def test_everything_else_is_refused_with_its_reason_and_the_next_chance(
    notice: Notice | None, moment: str, reason: str
) -> None:
    found = judge(NOTICED, (notice,) if notice else (), at(moment), RULES)
    assert not found.allowed
    assert re.search(reason, "; ".join(found.reasons))
    assert "holdfast maintenance announce" in found.lift


def test_the_next_chance_is_one_that_may_really_be_announced() -> None:
    now = at("2026-11-22T12:00")
    planned, urgent = (RULES.opening(now, emergency=found) for found in (False, True))
    assert (planned, urgent) == (at("2026-11-26T00:00"), at("2026-11-24T00:00"))
    for opening, emergency in ((planned, False), (urgent, True)):
        assert opening is not None
        work = Work("Patch", opening, opening + timedelta(hours=1), emergency)
        assert objections(work, now, RULES) == ()
        sooner = replace(work, starts=opening - DAY, ends=work.ends - DAY)
        (reason,) = objections(sooner, now, RULES)
        assert "it comes too late" in reason


@pytest.mark.parametrize(
    ("starts", "ends", "reason"),
    [
        ("2026-11-30T23:00", "2026-12-01T02:00", "outside the zone's window"),
        ("2026-11-30T05:00", "2026-11-30T07:00", "the window closes at 2026-11-30 06:00 WET"),
        ("2026-11-30T05:00", "2026-11-30T04:00", "would end before it begins"),
        ("2026-11-24T00:00", "2026-11-24T02:00", "3 business days before was 2026-11-19 00:00 WET"),
    ],
)
def test_work_outside_the_window_or_too_soon_is_not_announced(
    starts: str, ends: str, reason: str
) -> None:
    work = Work("Patch", at(starts), at(ends))
    with pytest.raises(Refusal, match=reason):
        announce(board(), work, at("2026-11-22T12:00"), RULES)


def test_what_is_announced_twice_is_one_notice_and_what_was_withdrawn_is_announced_anew() -> None:
    now = at("2026-11-22T12:00")
    first = announce(board(), WORK, now, RULES)
    assert isinstance(first, Said)
    log = (entry(1, first, now),)
    (standing,) = notices(log)
    assert announce(board(*log), WORK, now, RULES) == standing
    gone = withdraw(board(*log), standing.id, "The vendor took it back")
    assert isinstance(gone, Said)
    log = (*log, entry(2, gone, now))
    assert not notices(log)[0].covers(WORK.starts)
    assert withdraw(board(*log), standing.id, "Again") == notices(log)[0]
    assert isinstance(announce(board(*log), WORK, now, RULES), Said)


def test_a_notice_that_nobody_knows_cannot_be_withdrawn() -> None:
    with pytest.raises(InvalidInput, match="there is no 'we1-0'; notices are none yet"):
        withdraw(board(), "we1-0", "why not")


def board(*log: IncidentEntry) -> Board:
    return Board({SiteName.AWAY: log}, {})


def entry(number: int, said: Said, now: datetime) -> IncidentEntry:
    name = said.notice or "we1-away-notice-0001"
    return IncidentEntry(number, name, now, Source.PERSON, "ana", said.kind, said.text, said.data)


def test_notices_are_told_from_other_entries() -> None:
    other = IncidentEntry(1, "x", WORK.starts, Source.PERSON, "ana", Kind.WITHDRAWN, "?", {})
    assert notices([other]) == ()
