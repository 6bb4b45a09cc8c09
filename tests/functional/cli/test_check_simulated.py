import json

import pytest

from cli.main import main


def test_a_simulated_zone_is_ready_on_the_day_after_its_deployment(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "sa1", "--simulated", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["zone"], found["ready"], found["drilled_at"]) == ("sa1", True, None)
    names = [one["name"] for one in found["findings"]]
    assert names == ["drill-missing", *["proof-missing"] * 3]
    assert found["counts"] == {"blocks": 0, "degrades": 4, "note": 0}


def test_a_service_zone_is_checked_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "ops", "--simulated"]) == 0
    assert capsys.readouterr().out.startswith("ops: READY to move to ")
