"""Notices of a zone in its table, by a caller who has the incident role's rights alone."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cli import change_command, maintenance_command
from cli.main import main
from cli.zone_session import ZoneSession
from cloud.permitted import permissions_of
from continuity.incidents import INCIDENT
from continuity.notice_period import NoticePeriod
from failover.find_manifest import Found
from maintenance.announce import announce
from maintenance.board import Said
from maintenance.guard import Rules
from maintenance.notice import Work
from maintenance.notices import Notices
from simulator.faults import Fault, FaultKind

Office = Any  # the fixture's class lives in conftest
Ears = Any
Run = Callable[..., tuple[int, Any, str]]
VERBS = (Notices.read, Notices.write, Notices.add)
URN = "urn:pulumi:sa1::holdfast::aws:rds/instance:Instance::sa1-orders-home-1"


@pytest.fixture
def run(
    office: Office,
    ears: Ears,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    def session(*_: object) -> ZoneSession:
        found, heard = Found(office.manifest, "at hand"), tuple(ears.values())
        return ZoneSession(office.around(), found, office.voice.actor, office.cloud, heard)

    for room in (change_command, maintenance_command):
        monkeypatch.setattr(room, "opened", session)
    monkeypatch.setattr(change_command, "now_of", office.world.clock.now)

    def ran(*arguments: str) -> tuple[int, Any, str]:
        code = main([*arguments, "--format", "json"])
        said = capsys.readouterr()
        return code, json.loads(said.out), said.err

    return ran


@pytest.fixture
def preview(tmp_path: Path) -> str:
    """Return the file of a preview that upgrades a database of the serving site."""
    states = [{"inputs": {"region": "sa-east-1", "engineVersion": one}} for one in ("16.1", "16.2")]
    step = {"op": "update", "urn": URN, "oldState": states[0], "newState": states[1]}
    path = tmp_path / "preview.json"
    path.write_text(json.dumps({"steps": [step]}))
    return str(path)


def opening(office: Office) -> datetime:
    """Return the first window of the zone that can still be announced."""
    rules = Rules(office.manifest.window, office.manifest.notice)
    found = rules.opening(office.world.clock.now(), emergency=False)
    assert found is not None
    return found


def test_a_change_is_refused_until_it_was_announced_and_allowed_in_its_hours(
    office: Office, run: Run, preview: str
) -> None:
    start = opening(office)
    inside = (start + timedelta(hours=1)).isoformat()
    check = ("change", "check", "sa1", "--preview", preview, "--at", inside)
    code, before, _ = run(*check)
    assert (code, before["allowed"], before["unread"]) == (5, False, [])
    assert [one["effect"] for one in before["impacts"]] == ["service"]
    local = start.astimezone(ZoneInfo("America/Sao_Paulo")).replace(tzinfo=None).isoformat()
    said = ("--what", "A newer database engine", "--from", local, "--yes")
    code, notice, _ = run("maintenance", "announce", "sa1", *said)
    assert (code, notice["emergency"]) == (0, False)
    assert datetime.fromisoformat(notice["ends"]) - start == timedelta(hours=6)
    again = run("maintenance", "announce", "sa1", *said)[1]
    assert again == notice | {"messages": []}
    code, after, _ = run(*check)
    assert (code, after["allowed"], after["notice"]) == (0, True, notice["id"])
    code, _, _ = run("maintenance", "withdraw", "sa1", notice["id"], "--reason", "Later", "--yes")
    assert code == 0
    assert run(*check)[0] == 5


def test_everybody_hears_of_work_once_and_a_channel_that_was_down_when_it_is_said_again(
    office: Office, run: Run, ears: Ears
) -> None:
    start = opening(office).isoformat()
    announced = ("maintenance", "announce", "sa1", "--what", "Quicker", "--from", start, "--yes")
    ears["status_page"].down = 1
    code, notice, _ = run(*announced)
    assert (code, notice["trouble"]) == (1, None)
    assert {one["channel"]: one["why"] for one in notice["messages"]} == {
        "slack": None,
        "status_page": "status_page is silent",
    }
    listed = {one["id"]: one["told"] for one in run("maintenance", "list", "sa1")[1]["notices"]}
    assert listed[notice["id"]] == ["slack"]
    code, again, _ = run(*announced)
    assert (code, again["id"]) == (0, notice["id"])
    assert [(one["channel"], one["attempt"]) for one in again["messages"]] == [("status_page", 2)]
    assert run(*announced)[1]["messages"] == []
    withdrawn = ("maintenance", "withdraw", "sa1", notice["id"], "--reason", "Later", "--yes")
    assert {one["channel"] for one in run(*withdrawn)[1]["messages"]} == {"slack", "status_page"}
    assert run(*withdrawn)[1]["messages"] == []
    keys = [f"{notice['id']}:announced", f"{notice['id']}:withdrawn"]
    assert [ears[name].heard for name in ("slack", "status_page", "pagerduty")] == [keys, keys, []]


def test_an_internal_name_is_not_announced(office: Office, run: Run, ears: Ears) -> None:
    start = opening(office).isoformat()
    what = ("--what", "We restart sa1-orders-home-1", "--from", start, "--yes")
    code, said, _ = run("maintenance", "announce", "sa1", *what)
    assert code == 5
    assert "Customers do not read internal names" in json.dumps(said)
    assert ears["slack"].heard == []


def test_what_comes_too_late_is_refused_and_nothing_is_noted(office: Office, run: Run) -> None:
    before = run("maintenance", "list", "sa1")[1]
    soon = (opening(office) - timedelta(days=1)).isoformat()
    code, said, _ = run(
        "maintenance", "announce", "sa1", "--what", "Patch", "--from", soon, "--yes"
    )
    assert code == 5
    assert "it comes too late: 3 business days before was" in json.dumps(said)
    assert run("maintenance", "list", "sa1")[1] == before


def test_notices_that_nobody_can_read_allow_nothing(office: Office, run: Run, preview: str) -> None:
    origin = office.world.clock.monotonic()
    regions = {site.region for site in office.manifest.sites.values()}
    lost = [Fault(FaultKind.REGION_LOST, 0, region=one, lasts_s=600) for one in regions]
    office.world.faults.schedule(lost, origin=origin)
    code, found, _ = run("change", "check", "sa1", "--preview", preview)
    assert code == 5
    assert "The notices of sa1 cannot be read" in found["unread"][0]
    office.world.clock.sleep(601)


def test_two_people_who_announce_at_once_are_both_on_the_board(office: Office) -> None:
    rules = Rules(office.manifest.window, NoticePeriod(business_days=0))
    now, start = office.world.clock.now(), opening(office)
    notices = Notices(office.cloud, office.manifest, "ana")
    works = [Work(what, start, start + timedelta(hours=1)) for what in ("one", "two")]
    began: list[Said] = []

    def slowly(board: Any) -> Any:  # noqa: ANN401 - the board and what is said of it
        if not began:
            said = announce(board, works[1], now, rules)
            assert isinstance(said, Said)
            began.append(said)
            Notices(office.cloud, office.manifest, "ben").write(lambda _: said)
        return announce(board, works[0], now, rules)

    found = notices.write(slowly)
    known = notices.read().notices
    assert found in known
    assert {one.work.what for one in known} >= {"one", "two"}
    assert len({one.id for one in known}) == len(known)


def test_the_incident_role_may_do_what_notices_ask_for() -> None:
    asked = {one for verb in VERBS for one in permissions_of(verb)}
    assert asked <= set(INCIDENT)
