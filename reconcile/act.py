"""Reconciles a zone: plan, rehearse, and with permission write, tell the state, and prove.

`cli.reconcile_command` calls `answer`. Nothing is written before the rehearsal found nothing to
fear, and everything may be repeated: what is done already is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from continuity.agreement import Unexpected
from reconcile import stack_file
from reconcile.engine import Command, EngineStack
from reconcile.operations import Operation
from reconcile.plan import Plan, Zone, make
from reconcile.rehearsal import rehearse


@dataclass(frozen=True)
class Doing:
    """How far to go: with `apply` to the end. `command` is the Pulumi CLI, if there is one.

    `told` hears each state operation before it begins, `rehearsed` proves a plan beforehand.
    """

    project: Path
    command: Command | None
    apply: bool
    told: Callable[[str, Operation], None]
    rehearsed: Callable[[Plan, Zone, Path], tuple[Unexpected, ...]] = rehearse


@dataclass(frozen=True)
class Answered:
    """What came of it. `proven` says by whom: nobody, the rehearsal, or the real engine.

    `unexpected` are the operations that must not be, each with its URN and reason.
    """

    plan: Plan
    unexpected: tuple[Unexpected, ...]
    proven: str
    written: bool
    performed: tuple[Operation, ...] = ()


NOBODY, REHEARSED, ENGINE = "nobody", "rehearsal", "engine"


def answer(zone: Zone, doing: Doing) -> Answered:
    """Work a zone's reconciliation out, and do it where that is asked.

    Raises:
        Refusal: a run is open, or its end leaves no site that serves.
        PermanentError: the Pulumi CLI fails; a repeat goes on where it stopped.
    """
    plan = make(zone)
    if plan.nothing_changed_hands:
        return Answered(plan, (), NOBODY, written=False)
    unexpected = doing.rehearsed(plan, zone, doing.project)
    if unexpected or not doing.apply:
        return Answered(plan, unexpected, NOBODY if unexpected else REHEARSED, written=False)
    written = _write(plan, doing.project)
    if doing.command is None:
        return Answered(plan, (), REHEARSED, written)
    stack = EngineStack(doing.command, doing.project, plan.zone)
    performed = stack.perform(plan.operations, lambda one: doing.told(plan.zone, one))
    unexpected = stack.prove(plan.live)
    return Answered(plan, unexpected, NOBODY if unexpected else ENGINE, written, performed)


def _write(plan: Plan, project: Path) -> bool:
    """Replace the stack's file in one go; a half-written one would be nobody's declaration."""
    if not plan.difference:
        return False
    path = project / stack_file.path(plan.zone)
    beside = path.with_suffix(".yaml.new")
    beside.write_text(plan.after, "utf-8")
    beside.replace(path)
    return True
