"""Reads what `pulumi preview --json` printed: the engine's own plan, as plain values. Pure.

`reconcile.engine` runs the command; a change's preview that a file holds is read alike. The form is
the CLI's own (pulumi, `pkg/backend/display/json.go`, `previewDigest` and `PreviewStep`).
"""

import json
from collections.abc import Iterable, Mapping

from continuity.errors import InvalidInput, PermanentError, Problem
from continuity.planned import Doing, Planned

_DOING = {
    "same": Doing.SAME,
    "create": Doing.CREATE,
    "update": Doing.UPDATE,
    "delete": Doing.DELETE,
    "import": Doing.IMPORT,
    "discard": Doing.RETAIN,
    **dict.fromkeys(
        ("replace", "create-replacement", "delete-replaced", "import-replacement"), Doing.REPLACE
    ),
}
"""Steps that only read (`read`, `refresh`, ...) change nothing and are passed over."""


def read(text: str) -> tuple[Planned, ...]:
    """Return the plan that a preview printed, a resource once, in order.

    Raises:
        InvalidInput: it is no preview's JSON.
        PermanentError: the preview itself failed; says what the engine said.
    """
    steps, diagnostics = _parts(text)
    errors = [str(one.get("message", "")) for one in diagnostics if one.get("severity") == "error"]
    if errors:
        told = " ".join(" ".join(error.split()) for error in errors)
        raise PermanentError(f"pulumi preview failed: {told}")
    found: dict[str, Planned] = {}
    for step in steps:
        planned = _planned(step)
        if planned is not None:
            earlier = found.get(planned.urn)
            found[planned.urn] = planned if earlier is None else _joined(earlier, planned)
    return tuple(found.values())


def _parts(text: str) -> tuple[list[Mapping[str, object]], list[Mapping[str, object]]]:
    try:
        whole = json.loads(text)
    except ValueError as error:
        raise _refused(f"is no JSON: {error}") from error
    if not isinstance(whole, dict):
        raise _refused("expected an object")
    return _tables(whole, "steps"), _tables(whole, "diagnostics")


def _tables(whole: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    rows = whole.get(key) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _refused(f"{key} is no list of objects")
    return rows


def _refused(message: str) -> InvalidInput:
    return InvalidInput("What pulumi preview --json printed", [Problem("(top level)", message)])


def _planned(step: Mapping[str, object]) -> Planned | None:
    """Read one step; nothing where it only reads. What is kept on deletion is not deleted."""
    doing = _DOING.get(str(step.get("op")))
    if doing is None:
        return None
    old, new = _state(step, "oldState"), _state(step, "newState")
    if doing is Doing.DELETE and old.get("retainOnDelete"):
        doing = Doing.RETAIN
    reasons = step.get("replaceReasons") or ()
    return Planned(
        doing,
        str(step.get("urn")),
        _inputs(old),
        {} if doing in (Doing.DELETE, Doing.RETAIN) else _inputs(new),
        tuple(str(one) for one in reasons) if isinstance(reasons, Iterable) else (),
    )


def _state(step: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = step.get(key)
    return found if isinstance(found, dict) else {}


def _inputs(state: Mapping[str, object]) -> Mapping[str, object]:
    found = state.get("inputs")
    return found if isinstance(found, dict) else {}


def _joined(first: Planned, second: Planned) -> Planned:
    """Put the steps of one replacement together: each knows a part of it."""
    return Planned(
        first.doing if first.doing is Doing.REPLACE else second.doing,
        first.urn,
        first.before or second.before,
        first.after or second.after,
        first.replacing or second.replacing,
    )
