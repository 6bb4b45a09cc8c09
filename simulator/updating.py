"""One run over a stack: each registration becomes a create, update, replace or nothing at all.

`simulator.monitor` hands over registrations as the program makes them, then `finish` deletes what
the program no longer names. In a preview the same decisions are taken and no handler is called.
"""

from collections.abc import Mapping
from dataclasses import replace

from continuity.errors import PermanentError
from simulator.changes import (
    Change,
    Operation,
    differing,
    forcing,
    keep_ignored,
    property_changes,
)
from simulator.identifiers import named_after
from simulator.resources.handler import Call, Handler
from simulator.state import Resource, StackState
from simulator.values import Properties, Secret, reveal

_GLOBAL = "us-east-1"  # where the simulator's clients of services without a region point
_LIFT = "unprotect it first."


class StackUpdate:
    """The run in progress. `resources` and `changes` are in order of registration."""

    def __init__(
        self, before: StackState, handlers: Mapping[str, Handler], *, preview: bool
    ) -> None:
        self.resources: dict[str, Resource] = {}
        self.changes: list[Change] = []
        self.refusals: list[str] = []
        self._handlers = handlers
        self._preview = preview
        self._serial = before.serial
        self._left = before.by_urn
        self._order = {urn: place for place, urn in enumerate(self._left)}
        self._doomed = list(before.doomed)
        self._gone: set[str] = set()

    def register(self, wanted: Resource) -> Resource:
        """Bring one resource to what the program wants and return it as it is now.

        Raises:
            PermanentError: the URN is taken, the type has no handler, an input is refused, or a
                protected resource would be replaced. What AWS refuses is raised as it comes.
        """
        if wanted.urn in self.resources:
            raise PermanentError(f"Duplicate resource URN {wanted.urn}: give it another name.")
        if not wanted.custom:
            return self._keep(wanted, self._component(wanted))
        handler = self._handler(wanted)
        old = self._previous(wanted)
        if old is None:
            change = self._change(Operation.CREATE, wanted)
            return self._keep(self._create(wanted, handler), change)
        return self._bring(old, wanted, handler)

    def finish(self) -> None:
        """Delete what was replaced and what the program no longer names, dependents first.

        Raises:
            PermanentError: a protected resource would be deleted; then nothing is.
        """
        for resource in self._left.values():
            if resource.options.protect:
                self._refuse(f"{resource.urn} is protected and would be deleted: {_LIFT}")
        going = [*self._doomed, *self._left.values()]
        for resource in sorted(going, key=self._place, reverse=True):
            if any(resource is doomed for doomed in self._doomed):
                self._remove(resource)
                self._doomed = [doomed for doomed in self._doomed if doomed is not resource]
            else:
                self._leave(resource)
                del self._left[resource.urn]

    @property
    def state(self) -> StackState:
        """Return what exists now, also in the middle of a run that failed."""
        left = [resource for urn, resource in self._left.items() if urn not in self._gone]
        resources = (*self.resources.values(), *sorted(left, key=self._place))
        return StackState(resources, tuple(self._doomed), self._serial + 1)

    def _place(self, resource: Resource) -> int:
        """Return where it was registered: what depends on it came later, and goes earlier."""
        return self._order.get(resource.urn, len(self._order))

    def _handler(self, wanted: Resource) -> Handler:
        handler = self._handlers.get(wanted.type)
        if handler is None:
            raise PermanentError(
                f"{wanted.urn}: the simulated world has no handler for {wanted.type}; "
                "add one to simulator/resources."
            )
        if problems := handler.refused(wanted.inputs):
            raise PermanentError(f"{wanted.urn}: {'; '.join(problems)}.")
        return handler

    def _previous(self, wanted: Resource) -> Resource | None:
        """Return what the last run knows of it, found by an alias if it was named otherwise."""
        for alias in wanted.aliases:
            if alias in self._left and wanted.urn not in self._left:
                self._left[wanted.urn] = replace(self._left.pop(alias), urn=wanted.urn)
                self._order[wanted.urn] = self._order.pop(alias)
        return self._left.get(wanted.urn)

    def _component(self, wanted: Resource) -> Change:
        old = self._left.get(wanted.urn)
        return self._change(Operation.CREATE if old is None else Operation.SAME, wanted)

    def _bring(self, old: Resource, wanted: Resource, handler: Handler) -> Resource:
        kept = keep_ignored(old.inputs, wanted.inputs, wanted.options.ignore_changes)
        wanted = replace(wanted, inputs=kept)
        paths = differing(old.inputs, kept)
        reasons = forcing(paths, (*handler.forcing, *wanted.options.replace_on_changes))
        if not reasons and old.urn in self._gone:
            reasons = ("(something that it needs is replaced)",)
        if reasons:
            change = self._change(Operation.REPLACE, wanted, old.inputs, reasons)
            return self._keep(self._replace(old, wanted, handler), change)
        if paths:
            change = self._change(Operation.UPDATE, wanted, old.inputs)
            return self._keep(self._update(old, wanted, handler), change)
        same = replace(wanted, id=old.id, outputs=old.outputs)
        return self._keep(same, self._change(Operation.SAME, wanted))

    def _create(self, wanted: Resource, handler: Handler) -> Resource:
        if self._preview:
            return replace(wanted, outputs=wanted.inputs)
        with named_after(f"{wanted.urn}/{self._serial}"):
            identity, outputs = handler.create(_call(wanted))
        return replace(wanted, id=identity, outputs=_outputs(wanted, {}, outputs))

    def _update(self, old: Resource, wanted: Resource, handler: Handler) -> Resource:
        returned: Properties = {}
        call = _call(wanted, old)
        if handler.unable is not None and (sentence := handler.unable(call)):
            self._refuse(f"{wanted.urn}: {sentence}.")
        if not self._preview and handler.update is not None:
            returned = handler.update(call)
        identity = str(returned.get("id", old.id))
        return replace(wanted, id=identity, outputs=_outputs(wanted, _computed(old), returned))

    def _replace(self, old: Resource, wanted: Resource, handler: Handler) -> Resource:
        if old.urn in self._gone:
            return self._create(wanted, handler)
        if wanted.options.protect:  # as in Pulumi, one run may unprotect and replace
            self._guard(old)
        if self._goes_first(old, wanted, handler):
            self._remove_with_dependents(old)
            return self._create(wanted, handler)
        created = self._create(wanted, handler)
        self._doomed.append(old)
        return created

    def _guard(self, old: Resource) -> None:
        if old.options.protect:
            self._refuse(f"{old.urn} is protected and would be replaced: {_LIFT}")

    def _goes_first(self, old: Resource, wanted: Resource, handler: Handler) -> bool:
        if wanted.options.delete_before_replace is not None:
            return wanted.options.delete_before_replace
        name = handler.named_by
        if name is None or name not in old.inputs:
            return False
        return all(old.inputs.get(key) == wanted.inputs.get(key) for key in (name, "region"))

    def _remove_with_dependents(self, old: Resource) -> None:
        """Delete a resource before its replacement, and first what cannot outlive it."""
        for resource in reversed(list(self._left.values())):
            if resource.urn not in self._gone and self._falls_with(resource, old):
                self._guard(resource)
                self._remove_with_dependents(resource)
        self._remove(old)
        self._gone.add(old.urn)

    def _falls_with(self, resource: Resource, old: Resource) -> bool:
        needs = [key for key, urns in resource.property_dependencies.items() if old.urn in urns]
        handler = self._handlers.get(resource.type)
        if handler is None:
            return False
        return bool(forcing([(key,) for key in needs], handler.forcing))

    def _leave(self, resource: Resource) -> None:
        if resource.urn not in self._gone:
            self._remove(resource)
        retained = resource.custom and resource.options.retain_on_delete
        operation = Operation.RETAIN if retained else Operation.DELETE
        self.changes.append(self._change(operation, resource))

    def _remove(self, resource: Resource) -> None:
        if self._preview or not resource.custom or resource.options.retain_on_delete:
            return
        try:
            self._handlers[resource.type].delete(_call(resource, resource))
        except Exception as error:
            raise PermanentError(f"{resource.urn}: cannot be deleted: {error}") from error

    def _refuse(self, sentence: str) -> None:
        if not self._preview:
            raise PermanentError(sentence)
        if sentence not in self.refusals:
            self.refusals.append(sentence)

    def _keep(self, resource: Resource, change: Change) -> Resource:
        self._left.pop(resource.urn, None)
        self.resources[resource.urn] = resource
        self.changes.append(change)
        return resource

    def _change(
        self,
        operation: Operation,
        resource: Resource,
        before: Properties | None = None,
        replacing: tuple[str, ...] = (),
    ) -> Change:
        differences = () if before is None else property_changes(before, resource.inputs)
        identity = (resource.urn, resource.type, resource.name, resource.parent, resource.custom)
        return Change(operation, *identity, differences, replacing)


def _call(resource: Resource, old: Resource | None = None) -> Call:
    """Return what a handler is told: plain values, and the existing object where there is one."""
    inputs = reveal(resource.inputs)
    region = inputs.get("region", _GLOBAL)
    if old is None:
        return Call(resource.name, region, inputs)
    before, outputs = reveal(old.inputs), reveal(old.outputs)
    changed = frozenset(str(path[0]) for path in differing(before, inputs))
    return Call(resource.name, region, inputs, old.id, before, outputs, changed)


def _computed(old: Resource) -> Properties:
    return {key: value for key, value in old.outputs.items() if key not in old.inputs}


def _outputs(wanted: Resource, computed: Properties, returned: Properties) -> Properties:
    """Return all outputs: the inputs, what the provider computed, secrets wrapped as demanded."""
    outputs = {**computed, **wanted.inputs, **returned}
    outputs.pop("id", None)
    for key in wanted.options.secret_outputs:
        if key in outputs and not isinstance(outputs[key], Secret):
            outputs[key] = Secret(outputs[key])
    return outputs
