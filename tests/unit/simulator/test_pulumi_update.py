"""What a run does to each resource, with handlers that write down what they were asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from continuity.errors import PermanentError
from simulator.changes import Operation
from simulator.resources.handler import Call, Created, Handler, words
from simulator.state import Options, Resource, StackState
from simulator.updating import StackUpdate
from simulator.values import Properties, Secret

THING, LOCK = "t:m:Thing", "t:m:Lock"


@dataclass
class Cloud:
    """A provider of two types; `log` is what it did."""

    log: list[str] = field(default_factory=list)
    seen: list[Call] = field(default_factory=list)

    def create(self, call: Call) -> Created:
        self.seen.append(call)
        if call.inputs.get("size") == "broken":
            raise ValueError("too big")
        self.log.append(f"create {call.name}")
        return f"id-{len(self.log)}", {"arn": f"arn:{call.name}"}

    def update(self, call: Call) -> Properties:
        self.seen.append(call)
        self.log.append(f"update {call.name} {sorted(call.changed)}")
        return {}

    def delete(self, call: Call) -> None:
        self.log.append(f"delete {call.name} {call.id}")

    @property
    def handlers(self) -> Mapping[str, Handler]:
        thing = Handler(
            create=self.create,
            update=self.update,
            delete=self.delete,
            applied=words("name engine size password needs"),
            replace_on=words("engine needs"),
        )
        return {THING: thing, LOCK: replace(thing, named_by="name")}


def a(name: str, type_token: str = THING, /, needs: str = "", **given: Any) -> Resource:  # noqa: ANN401 - inputs
    urn = f"urn:{type_token}::{name}"
    options = given.pop("options", Options())
    above = (f"urn:{type_token}::{needs}",) if needs else ()
    inputs = {"region": "eu-west-1", **given, **({"needs": needs} if needs else {})}
    return Resource(
        urn=urn, type=type_token, name=name, parent="", custom=True, inputs=inputs,
        options=options, dependencies=above,
        property_dependencies={"needs": above} if needs else {},
    )  # fmt: skip


def run(
    cloud: Cloud, state: StackState, *wanted: Resource, preview: bool = False
) -> tuple[StackUpdate, list[str]]:
    """Run over a state and return what changed, without what stayed the same."""
    update = StackUpdate(state, cloud.handlers, preview=preview)
    cloud.log.clear()
    for resource in wanted:
        update.register(resource)
    update.finish()
    told = [f"{change.operation} {change.name}" for change in update.changes]
    return update, [line for line in told if not line.startswith("same")]


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def deployed(cloud: Cloud, *wanted: Resource) -> StackState:
    return run(cloud, StackState(), *wanted)[0].state


def test_what_is_new_is_created_and_keeps_its_id_while_nothing_changes(cloud: Cloud) -> None:
    first, told = run(cloud, StackState(), a("x"))
    assert (told, cloud.log) == (["create x"], ["create x"])
    second, told = run(cloud, first.state, a("x"))
    assert (told, cloud.log) == ([], [])
    assert second.state.by_urn == first.state.by_urn
    assert second.state.resources[0].id == "id-1"


def test_a_changed_property_updates_in_place_and_names_its_path(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", size=1))
    update, told = run(cloud, state, a("x", size=2))
    assert (told, cloud.log) == (["update x"], ["update x ['size']"])
    (change,) = update.changes
    assert [(one.path, one.before, one.after) for one in change.differences] == [("size", "1", "2")]
    assert update.state.resources[0].id == "id-1"


def test_a_property_that_is_fixed_replaces_and_the_old_goes_last(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", engine="a"), a("y"))
    update, told = run(cloud, state, a("x", engine="b"), a("y"))
    assert told == ["replace x"]
    assert cloud.log == ["create x", "delete x id-1"]
    assert update.changes[0].replacing == ("engine",)


def test_an_object_with_a_unique_name_goes_before_its_replacement_comes(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", LOCK, name="n", engine="a"))
    run(cloud, state, a("x", LOCK, name="n", engine="b"))
    assert cloud.log == ["delete x id-1", "create x"]


def test_what_cannot_outlive_a_deleted_object_goes_before_it(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", LOCK, name="n", engine="a"), a("y", LOCK, needs="x"))
    _, told = run(cloud, state, a("x", LOCK, name="n", engine="b"), a("y", LOCK, needs="x"))
    assert told == ["replace x", "replace y"]
    assert cloud.log == ["delete y id-2", "delete x id-1", "create x", "create y"]


def test_what_the_program_drops_is_deleted_in_reverse_order(cloud: Cloud) -> None:
    state = deployed(cloud, a("x"), a("y", needs="x"), a("z", needs="y"))
    update, told = run(cloud, state, a("x"))
    assert told == ["delete z", "delete y"]
    assert cloud.log == ["delete z id-3", "delete y id-2"]
    assert list(update.state.by_urn) == ["urn:t:m:Thing::x"]


def test_a_retained_resource_leaves_the_program_and_stays(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", options=Options(retain_on_delete=True)))
    update, told = run(cloud, state)
    assert (told, cloud.log, update.state.resources) == (["retain x"], [], ())


KEPT = Options(protect=True, retain_on_delete=True)


def test_a_protected_resource_cannot_be_dropped_even_if_retained(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", options=KEPT), a("y"))
    with pytest.raises(PermanentError, match="x is protected and would be deleted"):
        run(cloud, state)
    assert cloud.log == []


def test_a_protected_resource_cannot_be_replaced(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", engine="a", options=KEPT))
    with pytest.raises(PermanentError, match="x is protected and would be replaced"):
        run(cloud, state, a("x", engine="b", options=KEPT))
    assert cloud.log == []
    _, told = run(cloud, state, a("x", engine="b"))
    assert told == ["replace x"]


def test_a_preview_says_what_is_protected_instead_of_stopping(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", engine="a", options=KEPT), a("y", options=KEPT))
    update, told = run(cloud, state, a("x", engine="b", options=KEPT), preview=True)
    assert told == ["replace x", "retain y"]
    assert [line.split(" ", 1)[1] for line in update.refusals] == [
        "is protected and would be replaced: unprotect it first.",
        "is protected and would be deleted: unprotect it first.",
    ]


def test_a_preview_calls_no_handler_and_knows_only_what_exists(cloud: Cloud) -> None:
    state = deployed(cloud, a("same"), a("changed", size=1), a("other", engine="a"), a("gone"))
    wanted = (a("same"), a("changed", size=2), a("other", engine="b"), a("new"))
    update, told = run(cloud, state, *wanted, preview=True)
    assert told == ["update changed", "replace other", "create new", "delete gone"]
    assert cloud.log == []
    found = {one.name: (one.id, one.outputs.get("arn")) for one in update.resources.values()}
    assert found == {
        "same": ("id-1", "arn:same"),
        "changed": ("id-2", "arn:changed"),
        "other": ("", None),
        "new": ("", None),
    }


def test_ignored_changes_are_no_changes(cloud: Cloud) -> None:
    ignoring = Options(ignore_changes=("password",))
    state = deployed(cloud, a("x", password="one", options=ignoring))  # noqa: S106 - nobody's
    update, told = run(cloud, state, a("x", password="two", options=ignoring))  # noqa: S106 - nobody's
    assert told == []
    assert update.state.resources[0].inputs["password"] == "one"  # noqa: S105 - nobody's


def test_replace_on_changes_replaces_where_an_update_would_do(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", size=1))
    _, told = run(cloud, state, a("x", size=2, options=Options(replace_on_changes=("size",))))
    assert told == ["replace x"]


def test_an_alias_keeps_the_object_under_its_new_name(cloud: Cloud) -> None:
    state = deployed(cloud, a("old"))
    renamed = replace(a("new"), aliases=("urn:t:m:Thing::old",))
    update, told = run(cloud, state, renamed)
    assert (told, cloud.log) == ([], [])
    assert [(one.name, one.id) for one in update.state.resources] == [("new", "id-1")]


def test_a_handler_gets_secrets_in_the_plain_and_the_state_keeps_them_wrapped(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", password=Secret("hunter2")))
    assert cloud.seen[0].inputs["password"] == "hunter2"  # noqa: S105 - nobody's
    assert "hunter2" not in repr(state)


def test_an_output_that_is_declared_secret_is_wrapped(cloud: Cloud) -> None:
    state = deployed(cloud, a("x", options=Options(secret_outputs=("arn",))))
    assert state.resources[0].outputs["arn"] == Secret("arn:x")


def test_what_a_failed_run_made_is_in_its_state(cloud: Cloud) -> None:
    update = StackUpdate(deployed(cloud, a("old")), cloud.handlers, preview=False)
    update.register(a("new"))
    with pytest.raises(ValueError, match="too big"):
        update.register(a("big", size="broken"))
    assert [one.name for one in update.state.resources] == ["new", "old"]


def test_two_resources_of_one_urn_are_an_error(cloud: Cloud) -> None:
    with pytest.raises(PermanentError, match="Duplicate resource URN urn:t:m:Thing::x"):
        run(cloud, StackState(), a("x"), a("x"))


@pytest.mark.parametrize("preview", [True, False])
def test_types_inputs_and_missing_regions_are_refused_by_name(
    cloud: Cloud, *, preview: bool
) -> None:
    update = StackUpdate(StackState(), cloud.handlers, preview=preview)
    with pytest.raises(PermanentError, match="no handler for t:m:Other"):
        update.register(a("x", "t:m:Other"))
    with pytest.raises(PermanentError, match="the simulated world ignores 'colour'"):
        update.register(a("x", colour="red"))
    with pytest.raises(PermanentError, match="is given no `region`"):
        update.register(replace(a("x"), inputs={}))


def test_the_operations_are_words_of_a_report() -> None:
    assert [str(one) for one in Operation] == [
        "create", "update", "replace", "delete", "retain", "same",
    ]  # fmt: skip


def test_an_update_that_the_provider_is_bound_to_refuse_is_told_in_the_preview(
    cloud: Cloud,
) -> None:
    def unable(call: Call) -> str:
        return "cannot grow" if "size" in call.changed else ""

    handlers = {THING: replace(cloud.handlers[THING], unable=unable)}
    first = StackUpdate(StackState(), handlers, preview=False)
    first.register(a("x", size="1"))
    first.finish()
    told = StackUpdate(first.state, handlers, preview=True)
    told.register(a("x", size="2"))
    assert told.refusals == [f"urn:{THING}::x: cannot grow."]
    with pytest.raises(PermanentError, match="cannot grow"):
        StackUpdate(first.state, handlers, preview=False).register(a("x", size="2"))
    assert cloud.log == ["create x"]
    fine = StackUpdate(first.state, handlers, preview=True)
    fine.register(a("x", size="1", name="y"))
    assert fine.refusals == []
