"""Pulumi's resource monitor, in this process: what the language SDK talks to instead of the engine.

`simulator.program` installs it; it turns requests into registrations for
`simulator.updating.StackUpdate` and invokes into answers of `simulator.resources.invokes`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import alias_pb2, resource_pb2
from pulumi.runtime.settings import get_project, get_stack

from continuity.errors import PermanentError
from simulator.attempt import NotSimulated
from simulator.state import Options, Resource
from simulator.updating import StackUpdate
from simulator.values import Properties, from_struct, to_struct

ROOT = "pulumi:pulumi:Stack"
_PREFIX = "urn:pulumi:"
Invokes = Mapping[str, Callable[[Properties], Properties]]


class _NoMocks(mocks.Mocks):
    """The stock monitor wants mocks; every method that would ask them is replaced here."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        """Refuse: `Monitor.Invoke` answers."""
        raise NotSimulated(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Refuse: `Monitor.RegisterResource` answers."""
        raise NotSimulated(args.typ)


class Monitor(mocks.MockMonitor):
    """One run's monitor. `failures` keeps the errors of resources in the order they came up."""

    def __init__(self, update: StackUpdate, invokes: Invokes) -> None:
        super().__init__(_NoMocks())
        self.update = update
        self.exports: Properties = {}
        self.failures: list[Exception] = []
        self._invokes = invokes

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return a URN as the engine makes it: with the types of all parents but the stack.

        The SDK's own monitor keeps the nearest parent's only; state operations need the real one.
        """
        return urn_below(
            parent or f"{_PREFIX}{get_stack()}::{get_project()}::{ROOT}::", type_, name
        )

    def RegisterResource(  # noqa: N802 - the RPC's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Register one resource; an error is kept and goes back to the program."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == ROOT:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        try:
            _refuse_unsupported(urn, request)
            resource = self.update.register(_registration(urn, request))
        except Exception as error:
            self.failures.append(_with_urn(urn, error))
            raise
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=resource.id, object=to_struct(resource.outputs)
        )

    def RegisterResourceOutputs(  # noqa: N802 - the RPC's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Keep the outputs of the stack itself: the exports."""
        if request.urn.split("::")[2] == ROOT:
            self.exports = from_struct(request.outputs)
        return empty_pb2.Empty()

    def Invoke(  # noqa: N802 - the RPC's name
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        """Answer a function of the provider."""
        function = self._invokes.get(request.tok)
        if function is None:
            error = PermanentError(f"The simulated world cannot answer {request.tok}.")
            self.failures.append(error)
            raise error
        answer = {"return": to_struct(function(from_struct(request.args)))}
        return resource_pb2.ResourceInvokeResponse(**answer)

    def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> None:  # noqa: N802
        """Refuse: look-ups of existing resources are not simulated."""
        error = PermanentError(
            f"{request.type} {request.name}: reading resources is not simulated."
        )
        self.failures.append(error)
        raise error


def _with_urn(urn: str, error: Exception) -> Exception:
    if urn in str(error):
        return error
    named = PermanentError(f"{urn}: {type(error).__name__}: {error}")
    named.__cause__ = error
    return named


def _refuse_unsupported(urn: str, request: resource_pb2.RegisterResourceRequest) -> None:
    used = {
        "aliases of a component": not request.custom and request.aliases,
        "deleted_with": request.deletedWith,
        "import_": request.importId,
        "provider": request.provider,
        "remote components": request.remote,
        "replace_with": request.replace_with,
        "transforms": request.transforms,
    }
    if unsupported := [name for name, value in used.items() if value]:
        raise PermanentError(f"{urn}: {', '.join(unsupported)} would be ignored when simulated.")


def _registration(urn: str, request: resource_pb2.RegisterResourceRequest) -> Resource:
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        inputs=from_struct(request.object),
        options=_options(request),
        dependencies=tuple(sorted(request.dependencies)),
        property_dependencies={
            key: tuple(sorted(request.propertyDependencies[key].urns))
            for key in sorted(request.propertyDependencies)
        },
        aliases=tuple(alias.urn or _alias(urn, alias.spec) for alias in request.aliases),
    )


def urn_below(parent: str, kind: str, name: str) -> str:
    """Return the URN of a resource, given its parent's: a component's or the stack's."""
    stack, project, above, _ = parent.removeprefix(_PREFIX).split("::", 3)
    qualified = kind if above == ROOT else f"{above}${kind}"
    return f"{_PREFIX}{stack}::{project}::{qualified}::{name}"


def _alias(urn: str, spec: alias_pb2.Alias.Spec) -> str:
    """Return the URN that an alias stands for: what it does not say is as in the new URN."""
    stack, project, qualified, name = urn.removeprefix(_PREFIX).split("::", 3)
    above, _, own = qualified.rpartition("$")
    if spec.parentUrn:
        above = spec.parentUrn.split("::")[2]
    kind = "$".join(part for part in ("" if spec.noParent else above, spec.type or own) if part)
    return _PREFIX + "::".join(
        (spec.stack or stack, spec.project or project, kind, spec.name or name)
    )


def _options(request: resource_pb2.RegisterResourceRequest) -> Options:
    defined = request.deleteBeforeReplaceDefined
    return Options(
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        delete_before_replace=request.deleteBeforeReplace if defined else None,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        secret_outputs=tuple(request.additionalSecretOutputs),
        create_timeout=request.customTimeouts.create,
    )
