"""What a stack consists of after a run: every resource by URN, with its options.

`simulator.updating` builds it, the next run compares with it, and as the ledger of a run it is
what tests of the program and `holdfast preview` read. Pulumi's own state files are not touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.values import Properties


@dataclass(frozen=True)
class Options:
    """The resource options that decide what happens to a resource.

    `ignore_changes` and `replace_on_changes` are property paths. `delete_before_replace` is None
    where the program leaves it to the provider. `create_timeout` is text, empty where the provider
    decides; nothing in the simulated world takes longer than it is allowed to.
    """

    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    secret_outputs: tuple[str, ...] = ()
    create_timeout: str = ""


@dataclass(frozen=True)
class Resource:
    """One registered resource: a custom one with `id` and `outputs`, or a component.

    `parent`, `dependencies` and `aliases` (under which an earlier run may know it) are URNs. In a
    preview the id of what does not exist yet is empty.
    """

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: Properties
    outputs: Properties = field(default_factory=dict)
    id: str = ""
    options: Options = field(default_factory=Options)
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class StackState:
    """All resources in order of registration, which puts each after what it depends on.

    `doomed` are replaced resources that an interrupted run could not delete any more; `serial`
    counts runs.
    """

    resources: tuple[Resource, ...] = ()
    doomed: tuple[Resource, ...] = ()
    serial: int = 0

    @property
    def by_urn(self) -> dict[str, Resource]:
        """Return the resources by their URN."""
        return {resource.urn: resource for resource in self.resources}
