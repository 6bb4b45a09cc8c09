"""Both sites alike: what runs after a failover must be what ran before it.

Compared is what a promoted replica would keep. Regions, keys, names and what only the primary has
(backups, a second availability zone) differ by design.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.rule import StackRule, Wrong
from policy.stack import INSTANCE, PARAMETER_GROUP, UNKNOWN, Resource, Stack

_TASK = "aws:ecs/taskDefinition:TaskDefinition"
_SAME_DATABASE = {
    "engine": "engine",
    "engineVersion": "engine version",
    "instanceClass": "class",
    "allocatedStorage": "storage in GB",
    "storageType": "storage type",
    "iops": "IOPS",
}
_SAME_TASK = {"cpu": "CPU", "memory": "memory", "requiresCompatibilities": "launch type"}


def _databases(stack: Stack) -> Iterator[Wrong]:
    for replica, primary in _pairs(stack):
        yield from _differences(primary, replica, _SAME_DATABASE)


def _parameters(stack: Stack) -> Iterator[Wrong]:
    for replica, primary in _pairs(stack):
        here, there = _group(stack, primary), _group(stack, replica)
        for name in sorted({*here, *there}):
            if UNKNOWN not in (here.get(name), there.get(name)) and here.get(name) != there.get(
                name
            ):
                yield Wrong(
                    f"has {name} = {there.get(name, '(the default)')}, {primary.name} has "
                    f"{here.get(name, '(the default)')}: it would serve with another setting; "
                    "give both parameter groups the same.",
                    replica,
                )


def _group(stack: Stack, instance: Resource) -> Mapping[str, Any]:
    """Return the parameters of an instance's group, and its family as one of them."""
    name = instance.text("parameterGroupName")
    found = {
        *(one.urn for one in stack.behind(instance, "parameterGroupName")),
        *(
            one.urn
            for one in stack.of(PARAMETER_GROUP)
            if name and (one.text("name"), one.region) == (name, instance.region)
        ),
    }
    parameters: dict[str, Any] = {}
    for group in (one for one in stack.of(PARAMETER_GROUP) if one.urn in found):
        parameters["the family"] = group.get("family")
        parameters |= {str(row.get("name")): row.get("value") for row in group.rows("parameters")}
    return parameters


def _pairs(stack: Stack) -> Iterator[tuple[Resource, Resource]]:
    """Yield each replica with the primary of its database: what it would become."""
    primaries = {one.database: one for one in stack.of(INSTANCE) if not one.is_replica}
    for replica in stack.of(INSTANCE):
        if replica.is_replica and replica.database in primaries:
            yield replica, primaries[replica.database]


def _tasks(stack: Stack) -> Iterator[Wrong]:
    serving = stack.declared.regions[stack.declared.active]
    tasks = stack.of(_TASK)
    for here in (one for one in tasks if one.region == serving):
        for there in (one for one in tasks if one.region != serving):
            yield from _differences(here, there, _SAME_TASK)


def _differences(here: Resource, there: Resource, names: Mapping[str, str]) -> Iterator[Wrong]:
    for name, word in names.items():
        if not (here.is_known(name) and there.is_known(name)):
            continue
        if here.get(name) != there.get(name):
            yield Wrong(
                f"has {word} {there.get(name)}, {here.name} has {here.get(name)}: after a failover "
                "it would not be what served before; make them alike.",
                there,
            )


RULES = (
    StackRule(
        "sites-equal-databases",
        "Both sites have the same engine version, class and storage for each database.",
        _databases,
    ),
    StackRule(
        "sites-equal-parameters",
        "Both sites have the same parameters for each database.",
        _parameters,
    ),
    StackRule("sites-equal-tasks", "Both sites run tasks of the same size.", _tasks),
)
