"""State operations as the engine has them: refresh, import, rename, unprotect. A new state each.

`reconcile.simulated` does with them what `pulumi` does to a real state; tests show with them what
goes wrong without. AWS is only read, and only where a target is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from continuity.errors import PermanentError
from simulator.resources.handler import Call
from simulator.resources.readers import READERS, Reading
from simulator.state import Options, Resource, StackState
from simulator.values import Properties, reveal

_STACK = "pulumi:pulumi:Stack"
"""What is everything's parent in the end; a state of ours does not list it."""


def refresh(state: StackState, targets: Collection[str] | None = None) -> StackState:
    """Read the targets (None: everything that can be read) from AWS; what is gone is dropped.

    Raises:
        PermanentError: a target is not in the state.
    """
    _demand(state, targets or ())
    found = [
        one if targets is not None and one.urn not in targets else _refreshed(one)
        for one in state.resources
    ]
    return replace(state, resources=tuple(one for one in found if one is not None))


def _refreshed(resource: Resource) -> Resource | None:
    """Return a resource as AWS has it. Of its inputs those are renewed that the state knows."""
    reader = READERS.get(resource.type)
    if reader is None:
        return resource
    inputs = reveal(resource.inputs)
    region = str(inputs.get("region", ""))
    reading = reader(Call(resource.name, region, inputs, resource.id, inputs))
    if reading is None:
        return None
    known = {key: value for key, value in reading.inputs.items() if key in resource.inputs}
    return replace(
        resource,
        id=reading.id,
        inputs=_given({**resource.inputs, **known}),
        outputs=_given({**resource.outputs, **known, **reading.outputs}),
    )


@dataclass(frozen=True)
class Wanted:
    """What an import names: type and name in the program, its component, and itself in AWS."""

    urn: str
    type: str
    name: str
    parent: str
    identity: str
    region: str
    protect: bool


def import_resource(state: StackState, wanted: Wanted) -> StackState:
    """Take an existing object into the state, with the inputs that it has.

    Raises:
        PermanentError: its name is taken, its component is not there, or AWS has no such object.
    """
    if wanted.urn in state.by_urn:
        raise PermanentError(f"resource '{wanted.urn}' already exists")
    if _STACK not in wanted.parent:
        _demand(state, (wanted.parent,))
    call = Call(wanted.name, wanted.region, {"region": wanted.region}, wanted.identity)
    reading = READERS[wanted.type](call)
    if reading is None:
        raise PermanentError(f"Preview failed: resource '{wanted.identity}' does not exist")
    resource = _imported(wanted, reading)
    known = enumerate(state.resources)
    beside = (index for index, one in known if wanted.parent in (one.urn, one.parent))
    place = 1 + max(beside, default=-1)
    resources = (*state.resources[:place], resource, *state.resources[place:])
    return replace(state, resources=resources)


def _imported(wanted: Wanted, reading: Reading) -> Resource:
    # As the bridge does: what is at its zero value reads like what was never given.
    inputs = {key: value for key, value in reading.inputs.items() if value}
    return Resource(
        urn=wanted.urn,
        type=wanted.type,
        name=wanted.name,
        parent=wanted.parent,
        custom=True,
        inputs=inputs,
        outputs={**inputs, **reading.outputs},
        id=reading.id,
        options=Options(protect=wanted.protect),
    )


def unprotect(state: StackState, urn: str) -> StackState:
    """Clear the mark that keeps a resource in the program."""
    _demand(state, (urn,))
    changed = replace(state.by_urn[urn], options=replace(state.by_urn[urn].options, protect=False))
    return replace(
        state, resources=tuple(changed if one.urn == urn else one for one in state.resources)
    )


def rename(state: StackState, urn: str, name: str) -> StackState:
    """Give a resource another name, everywhere in the state."""
    _demand(state, (urn,))
    wanted = f"{urn.rpartition('::')[0]}::{name}"
    if wanted in state.by_urn:
        raise PermanentError(f"a resource with URN {wanted} already exists")
    resources = tuple(_renamed(one, {urn: wanted}, name) for one in state.resources)
    return replace(state, resources=resources)


def _renamed(one: Resource, urns: Mapping[str, str], name: str) -> Resource:
    depends = {
        key: tuple(urns.get(urn, urn) for urn in found)
        for key, found in one.property_dependencies.items()
    }
    return replace(
        one,
        urn=urns.get(one.urn, one.urn),
        name=name if one.urn in urns else one.name,
        parent=urns.get(one.parent, one.parent),
        dependencies=tuple(urns.get(urn, urn) for urn in one.dependencies),
        property_dependencies=depends,
    )


def _demand(state: StackState, urns: Collection[str]) -> None:
    known = state.by_urn
    for urn in urns:
        if urn not in known:
            raise PermanentError(f"no such resource {urn!r} exists in the current state")


def _given(values: Properties) -> Properties:
    return {key: value for key, value in values.items() if value is not None}
