import json
from typing import Any

import pytest

from continuity import pulumi_preview
from continuity.errors import InvalidInput, PermanentError
from continuity.planned import Doing

ORDERS = (
    "urn:pulumi:we1::holdfast::holdfast:stacks:Zone$holdfast:stacks:Database$"
    "aws:rds/instance:Instance::we1-orders-away-1"
)


def step(op: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"op": op, "urn": ORDERS, **more}


def printed(*steps: dict[str, Any], diagnostics: object = None) -> str:
    return json.dumps({"config": {}, "steps": steps, "diagnostics": diagnostics, "duration": 1})


def test_a_step_is_read_with_the_inputs_of_both_sides() -> None:
    [planned] = pulumi_preview.read(
        printed(
            step(
                "update",
                oldState={"inputs": {"multiAz": False, "region": "eu-central-1"}},
                newState={"inputs": {"multiAz": True, "region": "eu-central-1"}},
            )
        )
    )
    assert planned.doing is Doing.UPDATE
    assert planned.type == "aws:rds/instance:Instance"
    assert planned.name == "we1-orders-away-1"
    assert planned.region == "eu-central-1"
    assert planned.differs("multiAz")


def test_the_steps_of_a_replacement_are_one() -> None:
    inputs = {"inputs": {"engine": "postgres"}}
    [planned] = pulumi_preview.read(
        printed(
            step("create-replacement", newState=inputs),
            step("replace", oldState=inputs, newState=inputs, replaceReasons=["engine"]),
            step("delete-replaced", oldState=inputs),
        )
    )
    assert planned.doing is Doing.REPLACE
    assert planned.replacing == ("engine",)
    assert planned.before == {"engine": "postgres"}


def test_what_is_retained_is_not_deleted() -> None:
    kept = step("delete", oldState={"retainOnDelete": True, "inputs": {"region": "eu-west-1"}})
    gone = {**step("delete", oldState={"inputs": {}}), "urn": f"{ORDERS}-2"}
    found = pulumi_preview.read(printed(kept, gone))
    assert [planned.doing for planned in found] == [Doing.RETAIN, Doing.DELETE]


def test_steps_that_only_read_are_passed_over() -> None:
    assert pulumi_preview.read(printed(step("read"), step("refresh"))) == ()
    assert pulumi_preview.read(json.dumps({"changeSummary": {}})) == ()


def test_a_preview_that_failed_says_what_the_engine_said() -> None:
    told = [{"severity": "error", "message": "resource is\nprotected"}, {"severity": "info"}]
    with pytest.raises(PermanentError, match="failed: resource is protected"):
        pulumi_preview.read(printed(diagnostics=told))


@pytest.mark.parametrize("text", ["", "[]", '{"steps": 1}', '{"steps": [1]}'])
def test_what_is_no_preview_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="pulumi preview --json"):
        pulumi_preview.read(text)
