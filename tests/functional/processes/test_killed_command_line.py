"""Drivers that are killed with SIGKILL, and drivers that meet: in processes of their own."""

import json
import signal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Simulator = Any  # the fixture's class lives in conftest


def test_a_driver_killed_at_five_points_and_started_again_finishes_the_same_run(
    simulator: Simulator, log: IO[str], tmp_path: Path
) -> None:
    simulator.lose_home()

    def planned() -> bool:
        return bool(simulator.status().get("plan_hash"))

    def approve() -> None:
        simulator.wait_for("a plan", planned)
        plan = simulator.status()["plan_hash"]
        for name in ("first", "second"):
            approval = ("failover", "approve", "sa1", "--plan", plan)
            code, _, err = simulator.run(*approval, **simulator.person(name))
            assert code == 0, err

    def lease_moves(seen: list[int]) -> bool:
        """Say whether the driver that was started last has taken the lease over."""
        seen.append(len(simulator.effects("dynamodb.PutItem", "lease")))
        return seen[-1] > seen[0]

    moments: list[int] = []
    points: list[tuple[str, Callable[[], object]]] = [
        ("a suspicion", lambda: simulator.status()["run"]),
        ("the latch that closes home", lambda: simulator.effects("s3.PutObject", "closed/")),
        ("a promotion", lambda: simulator.effects("rds.PromoteReadReplica")),
        ("a driver that took over", lambda: lease_moves(moments)),
        ("the latch that opens away", lambda: simulator.effects("s3.PutObject", "open/")),
    ]
    for what, reached in points:
        driver = simulator.start("failover", "start", "sa1", "--watch", log=log)
        if what == "a promotion":
            approve()
        simulator.wait_for(what, reached)
        driver.send_signal(signal.SIGKILL)
        assert driver.wait() == -signal.SIGKILL, what

    page = tmp_path / "resumed.md"
    again = ("failover", "resume", "sa1", "--report", str(page), "--format", "json", "--yes")
    code, out, err = simulator.run(*again)
    assert code == 0, err
    assert "## Run sa1-0001" in page.read_text("utf-8")
    told = json.loads(out)
    assert (told["state"], told["achieved"]["run"]) == ("recovered", "sa1-0001")
    assert told["achieved"]["met"]
    assert sorted(simulator.effects("rds.PromoteReadReplica")) == [
        "sa1-accounts-away-1",
        "sa1-catalogue-away-1",
        "sa1-orders-away-1",
    ]
    put = ["closed/home", "warrant/home", "warrant/home", "open/away"]
    assert simulator.effects("s3.PutObject") == put
    simulator.wait_for("clients at away", lambda: simulator.truth()["recovered"])
    assert simulator.truth()["violations"] == []
    code, out, _ = simulator.run("failover", "fence", "sa1", "--format", "json")
    told = json.loads(out)
    assert (code, told["fenced"], told["warranted"]) == (3, None, False)
    assert [one["data"]["verdict"] for one in told["verdicts"]] == ["unreachable", "revoked"]
    override = ("--override", "--reason", "its power is off")
    code, out, _ = simulator.run("failover", "fence", "sa1", *override)
    assert (code, out) == (0, "operator answers for the fence of home: its power is off\n")
    page = tmp_path / "run.html"
    wanted = ("failover", "history", "sa1", "sa1-0001", "--report", str(page))
    code, out, err = simulator.run(*wanted, "--format", "json")
    assert (code, err) == (0, f"holdfast: the report is in {page}\n")
    assert [run["outcome"] for run in json.loads(out)["runs"]] == ["recovered"]
    assert ">Run sa1-0001</h2>" in page.read_text("utf-8")
    assert "Simulated: AWS and the clients." in page.read_text("utf-8")
    code, _, err = simulator.run("failover", "history", "sa1", "sa1-0002")
    assert (code, "there is no 'sa1-0002'; runs are sa1-0001" in err) == (2, True)


def test_a_second_driver_is_told_of_the_first_and_an_abort_ends_both(
    simulator: Simulator, log: IO[str]
) -> None:
    simulator.lose_home()
    first = simulator.start("failover", "start", "sa1", "--watch", log=log)
    simulator.wait_for("a plan", lambda: simulator.status().get("plan_hash"))

    code, out, err = simulator.run("failover", "start", "sa1")
    assert (code, out) == (4, "")
    assert "drives sa1-0001 of sa1 and renews its lease" in err

    code, _, err = simulator.run("failover", "approve", "sa1", "--plan", "another")
    assert code == 5
    assert "is not the plan of sa1-0001" in err

    code, out, _ = simulator.run("failover", "abort", "sa1", "--reason", "a false alarm")
    assert code == 0
    assert "operator aborted: a false alarm" in out
    assert first.wait(60) == 1

    code, _, err = simulator.run("failover", "start", "sa1")
    assert code == 5
    assert "--acknowledge sa1-0001" in err
    assert simulator.effects("rds.PromoteReadReplica") == []
    assert simulator.truth()["violations"] == []
