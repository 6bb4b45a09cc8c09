"""The page for the worst hour is typed, command by command, beside a simulator that loses home."""

import json
import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

Simulator = Any  # the fixture's class lives in conftest

PAGE = (Path(__file__).parents[3] / "docs/guide/worst-hour.md").read_text("utf-8")


def typed(*having: str) -> list[str]:
    """Return the one command of the page that has these words, for the zone that is served."""
    commands = re.findall(r"^\$ holdfast (.*)$", PAGE, re.MULTILINE)
    found = [one for one in commands if all(word in shlex.split(one) for word in having)]
    return ["sa1" if word == "we1" else word for word in shlex.split(found[0])]


def test_the_page_is_typed_from_top_to_bottom(simulator: Simulator, log: IO[str]) -> None:
    assert "sa1 was never failed over." in simulator.run(*typed("status"))[1]
    effects = len(simulator.control("zones/sa1/effects"))
    code, out, err = simulator.run(*typed("plan"))
    assert (code, err) == (0, "")
    assert "static stability  proven: nothing that is waited for touches sa-east-1" in out
    assert len(simulator.control("zones/sa1/effects")) == effects

    simulator.lose_home()
    now = datetime.fromisoformat(simulator.control("clock")["now"])
    since = (now - timedelta(minutes=5)).astimezone(ZoneInfo("America/Sao_Paulo"))
    start = [f"{since:%H:%M}" if word == "03:05" else word for word in typed("start")]
    driver = simulator.start(*start, log=log)
    follower = simulator.start(*typed("status", "--follow"), "--format", "json", log=log)
    simulator.wait_for("a plan", lambda: simulator.status().get("plan_hash"))
    plan = simulator.status()["plan_hash"]
    approve = [plan if word == "HASH" else word for word in typed("approve", "--plan")]
    code, out, err = simulator.run(*approve, **simulator.person("ana"))
    assert code == 0, f"{out}{err}"
    code, out, err = simulator.run(*approve, **simulator.person("ana"))
    assert code == 0, f"{out}{err}"
    assert simulator.status()["approvals"] == 1
    assert simulator.run(*typed("pause"))[0] == 0
    assert simulator.run(*approve, **simulator.person("rui"))[0] == 0
    found = simulator.status()
    assert found["approvals"] == 2
    assert found["wanted"][0].endswith("holdfast failover resume sa1")
    assert simulator.effects("rds.PromoteReadReplica") == []
    assert simulator.run(*typed("resume", "--no-drive"))[0] == 0

    assert driver.wait(120) == 0
    follower.wait(120)
    code, out, _ = simulator.run(*typed("history"), "--format", "json")
    (run,) = json.loads(out)["runs"]
    assert (run["outcome"], run["diagnosis"], run["met"]) == ("recovered", "region lost", True)
    assert run["approved_by"] == ["ana", "rui"]
    assert run["rto_s"] > 300
    assert simulator.truth()["violations"] == []
    for words in (("abort",), ("open",), ("approve", "--accept-data-loss"), ("resume",)):
        code, _, err = simulator.run(*typed(*words))
        assert code == 5, err
        assert "No failover of sa1 goes on." in err
