import hashlib
import json
import re
from pathlib import Path

import pytest

from cli.main import main

PROJECT = Path(__file__).parents[3]
LATE = """
name = "late"
title = "The region is lost, and nobody could be as fast as this"
[expect]
rto = "1s"
[[fault]]
at = "0s"
kind = "region-lost"
site = "home"
"""


def test_one_zone_is_one_object_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drill", "--zone", "we1", "--format", "json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert (found["scenario"], found["zone"]) == ("region-loss", "we1")
    assert found["outcome"] == "recovered"
    assert said.err.count("we1") > 5


def test_several_zones_are_a_list_in_the_order_asked(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["drill", "--zone", "we2", "--zone", "ops", "--format", "json"]
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["zone"] for one in found] == ["we2", "ops"]


def test_people_read_a_verdict_and_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "drill.html"
    assert main(["drill", "--zone", "sa1", "--seed", "4", "--report", str(page)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("sa1  RECOVERED  The home region is gone")
    assert "recovery time" in said.out
    assert str(page) not in said.out
    assert f"holdfast: the report is in {page}\n" in said.err
    told = page.read_text("utf-8")
    measured = re.findall(r"recovery time .* measured (.*): met", said.out)
    assert f"Clients were not served for {measured[0]}." in told
    scenario = (PROJECT / "drill/scenarios/region-loss.toml").read_bytes()
    evidence = ('data-head="Value">4</td>', hashlib.sha256(scenario).hexdigest())
    assert all(one in told for one in evidence)
    assert "Critical path: hold-recovery-points, close-home, drain-home, promote-" in told
    assert re.search(r"UTC \(\d\d:\d\d:\d\d local\)", told)


def test_a_report_that_cannot_be_written_is_told_before_the_drill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "missing" / "drill.html"
    assert main(["drill", "--zone", "sa1", "--report", str(page)]) == 2
    said = capsys.readouterr()
    assert (said.out, "sa1" in said.err) == ("", False)
    assert "--report: there is no folder" in said.err


def test_an_expected_refusal_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drill", "replica-lag", "--zone", "ops"]) == 0
    assert "REFUSED" in capsys.readouterr().out


def test_an_expectation_that_does_not_come_true_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "late.toml").write_text(LATE)
    assert main(["drill", str(tmp_path / "late.toml"), "--zone", "ops"]) == 1
    assert "expected back within 1 s" in capsys.readouterr().out


def test_a_zone_that_comes_back_too_late_misses_its_objective(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = LATE.replace("[expect]", "[objectives]")
    (tmp_path / "late.toml").write_text(text)
    assert main(["drill", str(tmp_path / "late.toml"), "--zone", "ops"]) == 3
    assert "objective 1 s, measured" in capsys.readouterr().out


def test_a_database_that_the_zone_lacks_is_an_error_of_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = '[[fault]]\nat = "0s"\nkind = "replica-broken"\ndatabase = "nothing"\n'
    (tmp_path / "odd.toml").write_text(f'name = "odd"\ntitle = "Odd"\n{row}')
    assert main(["drill", str(tmp_path / "odd.toml"), "--zone", "sa1"]) == 2
    assert "fault[0].database: sa1 has no 'nothing'; it has" in capsys.readouterr().err


def test_an_error_in_one_of_several_zones_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = '[[fault]]\nat = "0s"\nkind = "denied"\nregion = "ap-south-1"\n'
    (tmp_path / "odd.toml").write_text(f'name = "odd"\ntitle = "Odd"\n{row}')
    arguments = ["drill", str(tmp_path / "odd.toml"), "--zone", "sa1", "--zone", "we2"]
    assert main(arguments) == 2
    assert "sa1 does not use 'ap-south-1'" in capsys.readouterr().err
