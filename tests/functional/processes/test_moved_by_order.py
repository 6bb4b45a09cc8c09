"""A platform that is gone in a region that answers: a person has the zone moved, at a terminal."""

import json
from datetime import datetime, timedelta
from typing import IO, Any

Simulator = Any  # the fixture's class lives in conftest

WHY = "AWS has no room and cannot say when it will"


def test_a_person_has_the_zone_moved_and_another_one_tells_the_driver_since_when(
    simulator: Simulator, log: IO[str]
) -> None:
    for kind in ("capacity-missing", "tasks-lost"):
        simulator.control("faults", {"zone": "sa1", "fault": {"kind": kind, "site": "home"}})
    driver = simulator.start("failover", "start", "sa1", "--move", "--reason", WHY, log=log)
    simulator.wait_for("a plan", lambda: simulator.status().get("plan_hash"))

    now = datetime.fromisoformat(simulator.control("clock")["now"])
    since = f"{now - timedelta(minutes=10):%Y-%m-%dT%H:%M:%S}+00:00"
    told = ("--since", since, "--reason", "customers called")
    code, out, err = simulator.run("failover", "start", "sa1", *told)
    assert (code, out) == (4, "")
    assert "drives sa1-0001 of sa1 and renews its lease" in err
    assert "It is told: operator states that it began at" in err
    assert simulator.status()["elapsed_s"] > 600

    approve = ("failover", "approve", "sa1", "--plan", simulator.status()["plan_hash"])
    for name in ("ana", "rui"):
        assert simulator.run(*approve, **simulator.person(name))[0] == 0
    assert driver.wait(120) == 0
    code, out, _ = simulator.run("failover", "history", "sa1", "--format", "json")
    (run,) = json.loads(out)["runs"]
    assert (run["outcome"], run["approved_by"]) == ("recovered", ["ana", "rui"])
    assert run["rto_s"] > 600
    simulator.wait_for("clients at away", lambda: simulator.truth()["recovered"])
    assert simulator.truth()["violations"] == []
    assert simulator.effects("s3.PutObject")[-1] == "open/away"

    code, out, err = simulator.run("reconcile", "sa1", "--format", "json")
    assert code == 0, err
    found = json.loads(out)
    assert (found["run"], found["active"], found["written"]) == ("sa1-0001", "away", False)
    assert (found["proven_by"], found["unexpected"]) == ("rehearsal", [])
    assert "+        incarnation: 2" in found["difference"].splitlines()
    assert [words[1:3] for words in found["commands"]] == [
        *[["state", "unprotect"]] * 3,
        ["refresh", "--stack"],
    ]
