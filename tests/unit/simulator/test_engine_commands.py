"""Pulumi's words over a simulated state: what is known means what it says, the rest is refused."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from continuity.errors import PermanentError
from continuity.planned import Doing
from continuity.pulumi_preview import read
from simulator.changes import Change, Operation
from simulator.engine import Engine
from simulator.preview_digest import digest
from simulator.program import Outcome
from simulator.state import Options, Resource, StackState
from simulator.values import UNKNOWN, Secret

KIND = "aws:rds/instance:Instance"
URN = f"urn:pulumi:we1::holdfast::a$b${KIND}::orders"


class StillWorld:
    """A world in which no time passes anyway."""

    @contextmanager
    def instantly(self) -> Iterator[None]:
        yield


def database(urn: str = URN, *, protect: bool = True, **inputs: object) -> Resource:
    name = urn.rpartition("::")[2]
    return Resource(
        urn=urn, type=KIND, name=name, parent="", custom=True, inputs=inputs, id=f"db-{name}",
        options=Options(protect=protect),
    )  # fmt: skip


@pytest.fixture
def engine() -> Engine:
    world: Any = StillWorld()
    return Engine(world, Path("project"), "we1", StackState((database(),)))


def exported(engine: Engine) -> list[dict[str, Any]]:
    told = json.loads(engine.run(["stack", "export", "--stack", "we1"]))
    found: list[dict[str, Any]] = told["deployment"]["resources"]
    return found


def test_a_state_is_told_and_read_back(engine: Engine) -> None:
    engine.run(["state", "unprotect", URN, "--stack", "we1", "--yes"])
    engine.run(["state", "rename", URN, "aside", "--stack", "we1", "--yes"])
    renamed = URN.replace("::orders", "::aside")
    assert exported(engine) == [{"urn": renamed, "id": "db-orders", "protect": False, "type": KIND}]


def test_what_waits_for_its_deletion_is_marked(engine: Engine) -> None:
    engine.state = replace(engine.state, doomed=(database(f"{URN}-old"),))
    assert [one.get("delete", False) for one in exported(engine)] == [False, True]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["destroy", "--stack", "we1", "--yes"], "invalid choice: 'destroy'"),
        (["stack", "export"], "required: --stack"),
        (["stack", "export", "--stack", "we2"], "no stack named 'we2' found"),
        (["refresh", "--stack", "we1", "--yes", "--skip-preview", "--parallel", "1"], "--parallel"),
        (["refresh", "--stack", "we1", "--skip-preview"], "required: --yes"),
        (["state", "unprotect", "urn:nobody", "--stack", "we1", "--yes"], "no such resource"),
        (
            ["import", KIND, "orders", "orders@eu-west-1", "--parent", "urn:x", "--yes"],
            "'urn:x' is not parent=URN",
        ),
    ],
)
def test_what_the_cli_would_not_do_is_refused(engine: Engine, words: list[str], why: str) -> None:
    with pytest.raises(PermanentError, match=why):
        engine.run(words)
    assert exported(engine)[0]["urn"] == URN


def test_a_preview_is_read_as_the_real_engines_is() -> None:
    kept, gone, made = (f"{URN}-{name}" for name in ("kept", "gone", "made"))
    before = StackState((database(kept), database(gone), database(size=1)))
    wanted = (database(size=2, password=Secret("x")), database(made, arn=UNKNOWN))
    doing = {
        URN: Operation.UPDATE,
        kept: Operation.RETAIN,
        gone: Operation.DELETE,
        made: Operation.CREATE,
    }
    changes = tuple(Change(what, urn, KIND, "", "") for urn, what in doing.items())
    printed = digest(Outcome(wanted, {}, changes, before), before)
    plan = {one.urn: one for one in read(printed)}
    assert {urn: one.doing for urn, one in plan.items()} == {
        URN: Doing.UPDATE,
        kept: Doing.RETAIN,
        gone: Doing.DELETE,
        made: Doing.CREATE,
    }
    assert plan[URN].before == {"size": 1}
    assert plan[URN].after == {"size": 2, "password": "[secret]"}


def test_a_preview_that_would_stop_says_why() -> None:
    printed = digest(Outcome((), {}, (), StackState(), ("orders is protected",)), StackState())
    with pytest.raises(PermanentError, match="orders is protected"):
        read(printed)
