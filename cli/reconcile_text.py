"""What `holdfast reconcile` says: for people, and for programs.

`cli.reconcile_command` prints it; the values come from `reconcile.act`.
"""

import shlex
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failover.settlement import Paid
    from reconcile.act import Answered
    from reconcile.operations import Operation
    from reconcile.plan import Plan


def command_line(zone: str, operation: "Operation") -> str:
    """Return an operation as a person types it; URNs are quoted, for they contain dollars."""
    return shlex.join(["pulumi", *operation.arguments(zone)])


def as_text(answered: "Answered", paid: "Paid") -> str:
    """Return the whole answer for a terminal."""
    zone = answered.plan.zone
    return "\n".join([*_lines(answered), *_owed(paid, zone)]) + "\n"


def _owed(paid: "Paid", zone: str) -> Iterator[str]:
    """Say what was done for the next disaster, and what is due before a deployment."""
    if paid.done or paid.due:
        yield ""
    yield from paid.done
    if paid.due:
        yield "Due before the zone is deployed, or clients may be led to the site that was left:"
        yield from (f"  {one}" for one in paid.due)
        yield f"Do it, as soon as both regions answer: holdfast reconcile {zone} --apply"


def _lines(answered: "Answered") -> Iterator[str]:
    plan = answered.plan
    yield from plan.decision.reasons
    yield from _swapped(plan)
    if plan.nothing_changed_hands:
        return
    yield ""
    yield from _file(answered)
    yield from _state(answered)
    yield ""
    yield from _proof(answered)


def _swapped(plan: "Plan") -> Iterator[str]:
    """Say what a restore did to names, which no run knows of."""
    if not plan.swapped:
        return
    yield ""
    yield "A restore swapped names, and the program is not told. Before it is deployed, tell the"
    yield "engine's state, and count `incarnation` of the site that stands by up: its replica still"
    yield "follows what was set aside (docs/guide/backup-restore.md)."
    yield from _commands(plan.zone, plan.swapped)


def _commands(zone: str, operations: "Iterable[Operation]") -> Iterator[str]:
    for operation in operations:
        yield ""
        yield f"  # {operation.why}"
        yield f"  {command_line(zone, operation)}"


def _file(answered: "Answered") -> Iterator[str]:
    difference = answered.plan.difference
    if not difference:
        yield "The stack's file says so already."
        return
    yield "Written to the stack's file:" if answered.written else "To write to the stack's file:"
    yield ""
    yield from difference.splitlines()


def _state(answered: "Answered") -> Iterator[str]:
    plan = answered.plan
    if not plan.operations:
        return
    yield ""
    if answered.performed:
        yield f"Told to the engine's state: {len(answered.performed)} operations."
        return
    yield "To tell the engine's state, in this order, from the project's directory:"
    yield from _commands(plan.zone, plan.operations)


def _proof(answered: "Answered") -> Iterator[str]:
    plan = answered.plan
    if answered.unexpected:
        yield "NOT PROVEN. A deployment of this would do what it must not:"
        for one in answered.unexpected:
            yield f"  {one.urn}"
            yield f"    {one.reason}"
        return
    if answered.proven == "engine":
        yield (
            "Proven by the engine's own preview: no database is replaced, deleted or demoted, the "
            "serving site is not scaled in, and no latch changes."
        )
        return
    yield (
        "Proven in a rehearsal: with this file and this state no database is replaced, deleted or "
        "demoted, the serving site is not scaled in, and no latch changes."
    )
    if answered.written:
        yield (
            "The engine's state was not told: no Pulumi CLI is installed here. Run the commands "
            f"where it is, or holdfast reconcile {plan.zone} --apply, which also proves it there."
        )
    else:
        yield f"Do it: holdfast reconcile {plan.zone} --apply"


def as_json(answered: "Answered", paid: "Paid") -> dict[str, object]:
    """Return the answer as JSON types."""
    plan = answered.plan
    return {
        "zone": plan.zone,
        "run": plan.decision.run or None,
        "active": str(plan.decision.data.active),
        "reasons": list(plan.decision.reasons),
        "difference": plan.difference,
        "written": answered.written,
        "commands": [["pulumi", *one.arguments(plan.zone)] for one in plan.operations],
        "swapped": [["pulumi", *one.arguments(plan.zone)] for one in plan.swapped],
        "performed": len(answered.performed),
        "proven_by": answered.proven,
        "settled": list(paid.done),
        "due": list(paid.due),
        "unexpected": [{"urn": one.urn, "reason": one.reason} for one in answered.unexpected],
    }
