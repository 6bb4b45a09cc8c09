"""`holdfast backup verify` on a deployed zone: the plan first, then evidence, and exit codes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli import backup_options, backup_verify, exercise_ledger, failover_look
from cli.main import main
from cli.zone_session import ZoneSession
from continuity import ledger
from failover.aws import surroundings
from failover.find_manifest import Found
from failover.trials import restore_times

Zone = Any  # the fixture of conftest.py, which no test can import
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(zone: Zone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    outside: Any = SimpleNamespace(served_by=lambda _: None)

    def session(*_: object) -> ZoneSession:
        around = surroundings(zone.manifest, zone.cloud, outside)
        return ZoneSession(
            replace(around, times=restore_times(zone.cloud, zone.manifest)),
            Found(zone.manifest, "at hand"),
            "arn:aws:sts::123456789012:assumed-role/holdfast-sa1-restore/ana",
            zone.cloud,
        )

    monkeypatch.setattr(backup_verify, "opened", session)
    monkeypatch.setattr(failover_look, "opened", session)
    monkeypatch.setattr(backup_options, "opened", session)

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def verify(run: Run, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - parsed JSON
    found, out, err = run("backup", "verify", "sa1", *arguments, "--format", "json")
    assert found == code, out + err
    return json.loads(out)


def test_the_plan_is_shown_then_carried_out_and_measures_the_next_one(
    zone: Zone, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exercise_ledger, "project_root", lambda: tmp_path)
    place = tmp_path / ledger.PLACE
    place.parent.mkdir(parents=True)
    code, out, _ = run("backup", "verify", "sa1", "--series", "orders")
    assert code == 0
    assert out.startswith("sa1: away (us-east-2), drawn by 2026-03-0")
    assert "  db.r6g.large, 300 GB  " in out
    assert "2 at a time, and about $0." in out
    assert zone.trials() == ()

    report = tmp_path / "trials.html"
    asked = ("backup", "verify", "sa1", "--series", "orders", "--report", str(report))
    assert run(*asked)[0] == 2
    found, out, err = run(*asked, "--apply", "--ledger")
    assert found == 0
    kept = ledger.read(place.read_text(encoding="utf-8"))
    assert [(one.kind, one.passed) for one in kept] == [(ledger.Kind.RESTORE, True)] * 2
    assert kept[0].what.startswith("restore: orders, sa1-orders-2026")
    page = report.read_text(encoding="utf-8")
    for told in ("2 of 2 proven", "without-a-total", "at most 0", "(us-east-2)"):
        assert told in page
    assert "is proven (there after " in out
    assert "  without-a-total  expected at most 0                     found 0\n" in out
    assert "is cleared away" in err
    assert "nothing is due" in run("backup", "verify", "sa1", "--series", "orders")[1]
    listed = run("backup", "list", "sa1")[1].rpartition("  last trial\n")[2].splitlines()
    rows = {line.split()[0]: line for line in listed}
    assert "ago  sa1-orders-2026" in rows["orders"]
    assert rows["catalogue"].split() == ["catalogue", "never", "-", "-"]
    proofs = json.loads(run("backup", "list", "sa1", "--format", "json")[1])["proofs"]
    assert {one["database"]: one["stale"] for one in proofs}["orders"] is False

    point = zone.newest("orders")
    again = verify(run, "--point", point)["planned"]
    assert [(one["role"], one["expected_from"].split(":")[0]) for one in again] == [
        ("named", "measured on 2026-03-01")
    ]
    plan = json.loads(run("failover", "plan", "sa1", "--format", "json")[1])
    steps = {one["name"]: one for one in plan["steps"]}
    assert "was there after" in steps["restore-orders-snapshot"]["estimate_source"]
    assert "times what is assumed" in steps["restore-catalogue-snapshot"]["estimate_source"]
    assert "was there after" in run("failover", "plan", "sa1")[1]


def test_wrong_content_fails_the_command(zone: Zone, run: Run) -> None:
    point = zone.corrupted("accounts")
    found = verify(run, "--point", point, "--apply", code=1)
    [evidence] = found["evidence"]
    assert (evidence["verdict"], evidence["point"], evidence["by"]) == ("refuted", point, "ana")
    assert [one["met"] for one in evidence["results"]] == [True, True, False]
    assert [one["well"] for one in found["done"]] == [False]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--series", "bills"), "there is no bills; there are accounts, orders, catalogue"),
        (("--point", "sa1-orders-1"), "has no usable point sa1-orders-1 that can be tried"),
    ],
)
def test_what_is_not_there_cannot_be_tried(
    run: Run, arguments: tuple[str, ...], message: str
) -> None:
    code, _, err = run("backup", "verify", "sa1", *arguments)
    assert code == 2
    assert message in err
