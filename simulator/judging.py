"""The policy pack's rules over what the runner registered, without Pulumi's engine.

`cli.preview_command` calls `judged`. The program is run into a world of its own for it: in a
preview much of what rules read, such as what a role is granted, is not known yet.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from policy import declared
from policy.frozen import OpenRun
from policy.judge import judge, stated_exceptions
from policy.rule import Finding
from policy.stack import UNKNOWN as NOT_KNOWN
from policy.stack import Operation, Stack
from policy.stack import Resource as Shown
from simulator.changes import Change
from simulator.program import run_program
from simulator.project import stack_config
from simulator.state import Resource, StackState
from simulator.values import UNKNOWN, Secret
from simulator.world import World

_SEED = 1


def judged(
    project_dir: Path,
    zone: str,
    changes: Iterable[Change] = (),
    before: StackState | None = None,
    open_runs: tuple[OpenRun, ...] = (),
) -> tuple[Finding, ...]:
    """Return what the rules find in a zone's program.

    `changes` and `before` are those of a preview: with them the rules know what would be lost.

    Raises:
        InvalidInput: the zone is unknown, its settings or the stated exceptions are wrong.
        ProgramFailed: the program fails.
    """
    with World(_SEED) as world, world.instantly():
        resources = run_program(project_dir, zone).resources
    earlier = {} if before is None else {one.urn: shown(one) for one in before.resources}
    stack = replace(
        stack_of(project_dir, zone, resources),
        operations=tuple(_operation(change, earlier) for change in changes),
    )
    return judge(stack, stated_exceptions(), open_runs)


def stack_of(project_dir: Path, zone: str, resources: Iterable[Resource]) -> Stack:
    """Return what a run registered, with the zone's settings, as rules read it.

    Raises:
        InvalidInput: the zone is unknown, or its settings are wrong.
    """
    settings = declared.read(zone, stack_config(project_dir, zone).get(declared.KEY))
    return Stack(settings, registered(resources))


def registered(resources: Iterable[Resource]) -> tuple[Shown, ...]:
    """Return the custom resources of a run as rules read them."""
    return tuple(shown(resource) for resource in resources if resource.custom)


def shown(resource: Resource) -> Shown:
    """Return one resource as rules read it. Pulumi's engine shows rules its inputs likewise."""
    return Shown(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=_plain(resource.inputs),
        protected=resource.options.protect,
        references=resource.property_dependencies,
    )


def _plain(value: object) -> Any:  # noqa: ANN401 - a property may be anything
    if isinstance(value, Secret):
        return _plain(value.value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return NOT_KNOWN if value is UNKNOWN else value


def _operation(change: Change, earlier: Mapping[str, Shown]) -> Operation:
    return Operation(
        kind=str(change.operation),
        type=change.type,
        name=change.name,
        urn=change.urn,
        replacing=change.replacing,
        earlier=earlier.get(change.urn),
    )
