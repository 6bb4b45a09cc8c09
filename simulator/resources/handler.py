"""How one type of resource becomes a simulated AWS object: the contract of every handler.

Each file of this package declares handlers for one concern; `simulator.resources.table` gathers
them and `simulator.updating` calls them. A handler applies an input, or says that it only records
it; any other input is refused, so that the program cannot set what the simulated world ignores.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator import backstage
from simulator.values import Properties
from simulator.world import ACCOUNT


@dataclass(frozen=True)
class Call:
    """What a handler is asked to do. All values are plain: secrets are unwrapped.

    `id`, `before` (old inputs) and `outputs` are of the existing object, empty on creation;
    `changed` are the inputs that differ, top level.
    """

    name: str
    region: str
    inputs: Mapping[str, Any]
    id: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """Return the world's own client of a service in the resource's region."""
        return backstage.client(service, self.region)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something in the resource's region: `vpc/vpc-1` of `ec2`."""
        return f"arn:aws:{service}:{self.region}:{ACCOUNT}:{resource}"

    def arguments(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Return the inputs that are given, under AWS's names."""
        return {argument: self.inputs[key] for key, argument in names.items() if key in self.inputs}

    def changes(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Return the inputs that differ and are still given, under AWS's names."""
        return {
            argument: value
            for argument, value in self.arguments(names).items()
            if any(names[key] == argument for key in self.changed & set(names))
        }

    def tags(self) -> list[dict[str, str]]:
        """Return the tags as most services take them."""
        return [{"Key": key, "Value": value} for key, value in self.inputs.get("tags", {}).items()]


Created = tuple[str, Properties]


@dataclass(frozen=True)
class Handler:
    """One resource type. Inputs are top-level names as pulumi-aws spells them, in camelCase.

    `create` returns the id and the outputs beside the inputs; `update` returns outputs that
    change. Without `update`, every change of an applied input replaces. `replace_on` are property
    paths. `named_by` is the input that must be unique: an object that keeps its name has to go
    before its replacement comes. `regional` types must be given `region`. `unable` says why the
    provider refuses an update, empty if it does not; it is asked in a preview too, and is pure.
    """

    create: Callable[[Call], Created]
    delete: Callable[[Call], None]
    applied: frozenset[str]
    update: Callable[[Call], Properties] | None = None
    recorded: frozenset[str] = frozenset()
    replace_on: frozenset[str] = frozenset()
    named_by: str | None = None
    regional: bool = True
    unable: Callable[[Call], str] | None = None

    def refused(self, inputs: Properties) -> list[str]:
        """Return what is wrong with the inputs before anything is done with them."""
        known = self.applied | self.recorded | ({"region"} if self.regional else set())
        problems = [f"the simulated world ignores {key!r}" for key in sorted({*inputs} - known)]
        if self.regional and "region" not in inputs:
            problems.append("is regional but is given no `region`")
        return problems

    @property
    def forcing(self) -> frozenset[str]:
        """Return the property paths that force a replacement."""
        settled = self.applied if self.update is None else self.replace_on
        return settled | {"region"} if self.regional else settled


def words(text: str) -> frozenset[str]:
    """Return names written side by side."""
    return frozenset(text.split())
