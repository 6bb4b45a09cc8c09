"""`holdfast backup ...` on a simulated zone: what people and programs are told, and exit codes."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cli import backup_options
from cli.main import main
from cli.zone_session import ZoneSession
from failover.aws import surroundings
from failover.find_manifest import Found
from simulator import backstage, limits
from simulator.faults import Fault, FaultKind

Zone = Any
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(zone: Zone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    outside: Any = SimpleNamespace()
    session = ZoneSession(
        surroundings(zone.manifest, zone.cloud, outside),
        Found(zone.manifest, "at hand"),
        "arn:aws:sts::123456789012:assumed-role/holdfast-we1-backup/ana",
        zone.cloud,
    )
    monkeypatch.setattr(backup_options, "opened", lambda *_: session)

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(["backup", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def answered(run: Run, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - parsed JSON
    found, out, err = run(*arguments, "--format", "json")
    assert found == code, err
    return json.loads(out)


def test_a_night_from_the_command_line(zone: Zone, run: Run) -> None:
    planned = answered(run, "capture", "we1")
    assert [one["identifier"] for one in planned["captures"]] == [
        "we1-accounts-2026-03-03",
        "we1-orders-2026-03-03",
    ]
    assert planned["done"] == []
    assert "nothing was done: --apply does it" in run("capture", "we1")[1]

    assert all(one["well"] for one in answered(run, "capture", "we1", "--apply")["done"])
    zone.world.clock.sleep(1800)
    assert run("copy", "we1")[1].startswith("we1: 2 to copy, 0 waiting\n")
    limits.change(zone.world, "eu-central-1", limits.COPIES_IN_FLIGHT, 1)
    code, out, _ = run("copy", "we1", "--apply")
    assert (code, out.count("\n  ok     we1-"), out.count("\n  waits  we1-")) == (0, 1, 1)
    zone.world.clock.sleep(7200)
    assert [one["waits"] for one in answered(run, "copy", "we1", "--apply")["done"]] == [False]
    zone.world.clock.sleep(7200)

    listed = answered(run, "list", "we1")
    reasons = {(row["region"], row["reason"]) for row in listed["points"]}
    assert {("eu-west-1", "daily 1/5"), ("eu-central-1", "daily 1/5")} <= reasons
    assert all(row["objective_met"] for row in listed["databases"])
    ends = {row["kept_until"] for row in listed["points"] if row["reason"] == "daily 1/5"}
    assert all(end > "2026-03-08" for end in ends)
    assert "about 2026-" in run("list", "we1")[1]
    assert listed["gaps"] == {}
    assert "we1-orders-2026-03-03" in run("capture", "we1")[1]
    few = answered(run, "list", "we1", "--series", "orders")
    assert {row["series"] for row in few["points"]} == {"orders"}
    assert [row["name"] for row in few["databases"]] == ["orders"]
    assert "accounts" not in run("list", "we1", "--series", "orders")[1]


def test_a_database_without_a_fresh_point_misses_its_objective(zone: Zone, run: Run) -> None:
    zone.world.clock.sleep(30 * 3600)
    code, out, _ = run("list", "we1")
    assert code == 3
    zone.point("orders", zone.now - timedelta(days=3))
    assert "orders has no point of 2026-03-0" in run("list", "we1")[1]
    assert "no\n" in out
    assert {row["objective_met"] for row in answered(run, "list", "we1", code=3)["databases"]} == {
        False
    }


def test_prune_plans_first_and_deletes_when_told(zone: Zone, run: Run) -> None:
    zone.history("orders", 12)
    before = set(zone.snapshots())
    code, out, _ = run("prune", "we1")
    assert code == 0
    assert "would be deleted (--apply does it)" in out
    assert set(zone.snapshots()) == before
    pruned = answered(run, "prune", "we1", "--apply", "--uncapped")
    gone = {one["identifier"] for one in pruned["deletions"]}
    assert before - set(zone.snapshots()) == gone
    assert all(one["sentence"].startswith("deleted: no free place") for one in pruned["done"])
    assert "0 given up" in run("prune", "we1", "--apply", "--uncapped")[1]


def test_a_prune_by_hand_holds_what_has_to_be_held_first(zone: Zone, run: Run) -> None:
    zone.history("orders", 16)
    zone.world.clock.sleep(30 * 3600)
    before = set(zone.snapshots())
    planned = answered(run, "prune", "we1")
    assert (planned["state"], planned["deletions"]) == ("held", [])
    assert planned["why"].startswith("hold stale-2026-03-0")
    assert answered(run, "hold", "we1")["state"] == "normal"
    assert "held: no usable point of the last 24 h" in run("prune", "we1", "--apply")[1]
    assert set(zone.snapshots()) >= before
    assert answered(run, "hold", "we1")["holds"][0]["automatic"] is True


def test_holds_are_placed_shown_and_released_for_a_reason(zone: Zone, run: Run) -> None:
    zone.history("orders", 16)
    assert run("hold", "we1")[1].startswith("we1: normal\n")
    held = answered(run, "hold", "we1", "INC-7", "--reason", "disk full", "--yes")
    assert (held["state"], held["why"]) == ("held", "hold INC-7")
    assert held["room_days"]["eu-west-1"] > 0
    assert {"subject", "region", "well", "sentence", "waits"} == set(held["done"][0])
    marks = [one["Value"] for one in zone.tags("we1-orders-2026-03-02") if "hold" in one["Key"][9:]]
    assert marks == ["INC-7"]
    assert "was on already" in run("hold", "we1", "INC-7", "--reason", "again")[2]
    assert "0 would be deleted" in run("prune", "we1")[1]
    shown = run("hold", "we1")[1]
    assert "by hand  disk full" in shown
    assert "raised until it is over: rds:we1-orders-home-1, was 7" in shown
    listed = answered(run, "list", "we1", code=3)
    assert "hold INC-7" in {row["kept_while"] for row in listed["points"]}

    waits = answered(run, "release", "we1", "INC-7")
    assert waits["released"] is False
    assert waits["deletions"]
    shown = run("release", "we1", "INC-7")[1]
    assert "waits for (--apply releases it with a --reason" in shown
    assert "points would go then" in shown
    assert {row["name"]: row["met"] for row in waits["conditions"]}["healthy"] is None
    refused = answered(run, "release", "we1", "INC-7", "--apply", code=5)
    assert "release it by hand with --reason" in refused["error"]["lift"]
    code, out, err = run("release", "we1", "INC-7", "--apply", "--reason", "disk replaced")
    assert code == 0
    assert "is released" in out
    assert "nobody else was told of the plan" in err
    assert answered(run, "hold", "we1")["state"] == "releasing"
    assert answered(run, "hold", "we1")["releases"][0]["reason"] == "disk replaced"


def test_a_release_that_cannot_be_says_how_it_could_before_anybody_is_told(
    zone: Zone, run: Run
) -> None:
    run("hold", "we1", "INC-7", "--reason", "disk full", "--yes")
    backstage.client("dynamodb", "eu-west-1").put_item(
        TableName=zone.manifest.sites["home"].lease_table,
        Item={"name": {"S": "hold"}, "hold:INC-8": {"S": "gone"}},
    )
    assert "no release before they can" in run("release", "we1", "INC-7")[2]
    code, _, err = run("release", "we1", "INC-7", "--apply", "--reason", "disk replaced")
    assert code == 5
    assert "the holds in eu-west-1 cannot be read, and what cannot be read is held" in err
    assert "Release it once eu-west-1 answers. Where it answers and this stays, let the role" in err
    assert "nobody else was told of the plan" not in err


def test_a_series_that_is_not_there_is_refused_before_anything_is_read(
    zone: Zone, run: Run
) -> None:
    before = zone.cloud.budget.counts()
    assert run("list", "we1", "--series", "bills")[0] == 2
    assert zone.cloud.budget.counts() == before


def test_a_listed_series_is_not_warned_of_for_another_one(zone: Zone, run: Run) -> None:
    zone.history("orders", 2)
    zone.point("accounts", zone.now + timedelta(hours=3))
    assert "accounts in eu-west-1: " in str(answered(run, "list", "we1", code=3)["warnings"])
    assert answered(run, "list", "we1", "--series", "orders")["warnings"] == []


def test_a_hold_can_be_placed_while_the_region_that_stands_by_is_lost(zone: Zone, run: Run) -> None:
    lost = Fault(FaultKind.REGION_LOST, 0, region="eu-central-1")
    zone.world.faults.schedule([lost], origin=zone.world.clock.monotonic())
    code, out, err = run("hold", "we1", "INC-7", "--reason", "disk full")
    assert (code, "is not held everywhere" in err) == (1, True)
    assert out.startswith("we1: held (hold INC-7)\n")


def test_where_the_serving_region_is_lost_the_answer_says_where_to_restore(
    zone: Zone, run: Run
) -> None:
    lost = Fault(FaultKind.REGION_LOST, 0, region="eu-west-1")
    zone.world.faults.schedule([lost], origin=zone.world.clock.monotonic())
    code, _, err = run("restore", "we1", "orders")
    assert code == 1
    assert "--site away restores in eu-central-1, from what lies there." in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hold", "we1", "INC-7"), "--reason: is needed to place a hold"),
        (("restore", "we1", "bills", "--at", "25:00"), "DATABASE: there is no 'bills'; we1 has"),
        (("restore", "we1", "bills", "--at", "25:00"), "--at: '25:00' is no moment"),
        (("list", "we1", "--series", "bills"), "--series: there is no bills; there are accounts"),
        (("hold", "we1", "INC#7"), "HOLD: 'INC#7' is no name; "),
        (("release", "we1", "INC-8"), "there is no hold INC-8; holds that are on: none"),
    ],
)
def test_what_is_lacking_is_told(run: Run, arguments: tuple[str, ...], message: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert message in err


def test_json_that_holds_demands_yes(run: Run) -> None:
    found = answered(run, "hold", "we1", "INC-7", "--reason", "x", code=2)
    assert found["error"]["problems"][0]["path"] == "--yes"


def test_what_fails_is_told_and_the_exit_code_says_so(
    zone: Zone, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_RDS_SNAPSHOT_LIMIT", "0")
    code, out, _ = run("capture", "we1", "--apply")
    assert code == 1
    assert "FAILED  we1-orders-2026-03-03" in out
    assert len(zone.snapshots()) == 2
