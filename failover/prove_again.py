"""Writes to databases once more before the site is opened, where their proofs are old.

`failover.recover` calls `prove_again` with a tick's work in hand; `failover.fresh_proofs` says what
is old and what follows. All are asked side by side, as the first time (`failover.steps.verify`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from continuity.journal import EntryKind
from continuity.outside import Written
from failover import fresh_proofs
from failover.assess import Assessment
from failover.observation import Instance, Look, Observation, Reading, Wanted
from failover.observe import observe
from failover.opening import OPEN
from failover.plan import Plan
from failover.ports import Attempt, Hands
from failover.pulse import Pulse
from failover.step import Step
from failover.steps.verify import Verify
from failover.surroundings import Surroundings

WITHIN_S = 20.0
"""No write starts later in a tick; what was not asked then is asked in the next one."""

POLL_S = 10.0


def prove_again(
    around: Surroundings, plan: Plan, found: Assessment, seen: Observation, pulse: Pulse
) -> None:
    """Renew the old proofs that an opening of this tick rests on; keep it back if one fails."""
    gate = next((step for step in found.todo if step.name.startswith(OPEN)), None)
    due = () if gate is None else fresh_proofs.stale(plan, gate, seen)
    if gate is None or not due:
        return
    pulse.beat()
    attempts = _write(around, due)
    asked = fresh_proofs.Asked(
        tuple(name for name, one in attempts.items() if one.started and not _refusal(one)),
        tuple((name, _refusal(one)) for name, one in attempts.items() if _refusal(one)),
    )
    later = replace(seen, now=around.clock.now())
    found.drafts += fresh_proofs.judge(gate, asked, later, _instances(around, seen, asked, pulse))
    if asked.refused or not all(one.started for one in attempts.values()):
        _keep_shut(gate, found, asked)


def _write(around: Surroundings, due: Sequence[Verify]) -> Mapping[str, Attempt[Written]]:
    tasks = {str(step.database): partial(_once, step) for step in due}
    return around.crew.each(tasks, WITHIN_S)


def _once(step: Verify, hands: Hands) -> Written:
    return hands.write(step.address, str(step.database))


def _refusal(attempt: Attempt[Written]) -> str:
    """Return why a write that was tried came to nothing; empty where it did not."""
    if attempt.error is not None:
        return str(attempt.error).rstrip(".") if attempt.started else ""
    written = attempt.value
    return "" if written is None or written.ok else written.reason or "no reason given"


def _instances(
    around: Surroundings, seen: Observation, asked: fresh_proofs.Asked, pulse: Pulse
) -> Reading[Mapping[str, Instance]]:
    """Ask AWS about the databases that refuse, and about no others."""
    named = tuple(fresh_proofs.identifier_of(name, seen) for name in asked.names)
    looks = frozenset({Look.INSTANCES} if named else set())
    wanted = Wanted(looks, identifiers=named)
    return observe(around, seen.run, wanted, seen.standby_region, pulse.beat).instances


def _keep_shut(gate: Step, found: Assessment, asked: fresh_proofs.Asked) -> None:
    """Take the opening out of a tick's work, with its intent."""
    found.todo.remove(gate)
    found.drafts[:] = [
        draft
        for draft in found.drafts
        if not (draft.kind is EntryKind.INTENT and draft.step == gate.name)
    ]
    found.pauses.append(POLL_S if asked.refused else 0.1)
    if asked.refused:
        found.refused[gate.name] = fresh_proofs.some(asked.refused)
