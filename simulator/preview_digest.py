"""A preview in the form of `pulumi preview --json`, so that one reader serves both engines. Pure.

`simulator.engine` prints it, `continuity.pulumi_preview` reads it. The form is the CLI's own
(pulumi, `pkg/backend/display/json.go`, `previewDigest` and `PreviewStep`).
"""

import json

from pulumi.runtime import rpc

from simulator.changes import Change, Operation
from simulator.program import Outcome
from simulator.state import Resource, StackState
from simulator.values import UNKNOWN, Secret


def digest(outcome: Outcome, before: StackState) -> str:
    """Return the JSON of a preview over a state: its steps, and why it would stop."""
    old, new = before.by_urn, {one.urn: one for one in outcome.resources}
    steps = [
        _step(change, old.get(change.urn), new.get(change.urn))
        for change in outcome.changes
        if change.custom
    ]
    stops = [{"severity": "error", "message": text} for text in outcome.refusals]
    return json.dumps({"steps": steps, "diagnostics": stops}, default=_written)


def _step(change: Change, old: Resource | None, new: Resource | None) -> dict[str, object]:
    # The engine has no step for what is kept: it is a deletion of what `retainOnDelete` spares.
    kept = change.operation is Operation.RETAIN
    return {
        "op": "delete" if kept else str(change.operation),
        "urn": change.urn,
        **({} if old is None else {"oldState": {**_state(old), "retainOnDelete": kept}}),
        **({} if new is None else {"newState": _state(new)}),
        "replaceReasons": list(change.replacing),
    }


def _state(resource: Resource) -> dict[str, object]:
    return {"urn": resource.urn, "type": resource.type, "inputs": resource.inputs}


def _written(value: object) -> str:
    """Write what JSON has no word for as the CLI does; of files it tells their digest alone."""
    if value is UNKNOWN:
        return str(rpc.UNKNOWN)
    return "[secret]" if isinstance(value, Secret) else f"{value}"
