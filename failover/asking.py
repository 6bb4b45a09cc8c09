"""How often AWS is asked for what it refuses for good: again, because people mend it, but rarely.

`failover.recover` holds back by it what was refused a moment ago, and tells the journal once. A
pause grows with the time since the journal tells of the refusal. When it was asked last is kept in
memory alone: who lost that asks at once, which costs one call.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cloud.failures import Conflict
from continuity.errors import PermanentError
from continuity.journal import EntryKind
from continuity.wording import seconds_text
from failover.assess import Assessment, overdue
from failover.draft import Draft
from failover.observation import Look, Observation
from failover.ports import Attempt
from failover.run import REFUSED_STEP, Run
from failover.step import Step

FIRST_S, SHARE, LONGEST_S = 20.0, 0.75, 300.0
"""The first pause, then this share of the time since the first refusal, and never longer: about ten
calls in half an hour. Assumption: who grants a right waits five minutes for it at most."""


def pause_s(refused_for_s: float) -> float:
    """Return how long not to ask after a refusal, the first one being so long ago."""
    return min(LONGEST_S, max(FIRST_S, SHARE * refused_for_s))


def refused_long(step: Step, seen: Observation) -> bool:
    """Say whether a step that AWS refuses for good has had its time and gives way."""
    return _had_its_time(step, seen.run, seen.now) and step.gives_way(seen)


def refused_looks(
    attempts: Mapping[str, Attempt[Any]], todo: Sequence[Step], seen: Observation
) -> frozenset[Look]:
    """Return what else must be looked at to say whether what was refused now gives way."""
    looks = [
        step.refused_looks
        for step in todo
        if isinstance(attempts[step.name].error, PermanentError)
        and _had_its_time(step, seen.run, seen.now)
    ]
    return frozenset().union(*looks)


def _had_its_time(step: Step, run: Run, now: datetime) -> bool:
    attempts = run.attempts.get(step.name, ())
    if not attempts or step.refused_s is None:
        return False
    return (now - attempts[-1].at).total_seconds() > step.refused_s


class Asking:
    """What a driver remembers of refusals: when each step was refused last, and why."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[datetime, str]] = {}

    def hold_back(self, found: Assessment, seen: Observation) -> None:
        """Take out of a tick's work what was refused a moment ago; what is out of time stays.

        What has had its time is asked once more at once: it gives way by that answer alone.
        """
        for step in tuple(found.todo):
            last = self._last.get((seen.run.name, step.name))
            if last is None or overdue(step, seen) or step.decides_anew(seen):
                continue
            at, why = last
            if _had_its_time(step, seen.run, seen.now) and not _had_its_time(step, seen.run, at):
                continue
            first = seen.run.refused_steps.get(step.name, at)
            left_s = pause_s((at - first).total_seconds()) - (seen.now - at).total_seconds()
            if left_s > 0:
                found.todo.remove(step)
                found.pauses.append(left_s)
                found.refused[step.name] = f"{why} (asked again in {seconds_text(left_s)})"

    def listen(
        self, todo: Sequence[Step], attempts: Mapping[str, Attempt[Any]], run: Run, now: datetime
    ) -> list[Draft]:
        """Remember what was refused now; return what the journal does not know yet."""
        drafts = []
        for step in todo:
            error = attempts[step.name].error
            if not _for_good(error):
                self._last.pop((run.name, step.name), None)
                continue
            why = str(error).rstrip(".")
            self._last[run.name, step.name] = (now, why)
            if step.name not in run.refused_steps:
                drafts.append(_told(step, why))
        return drafts


def _for_good(error: object) -> bool:
    """Say whether only people end it; a state that changes by itself is asked about as ever."""
    return isinstance(error, PermanentError) and not isinstance(error, Conflict)


def _told(step: Step, why: str) -> Draft:
    sentence = (
        f"AWS refuses to {step.what}: {why}. It is asked again with growing pauses of up to "
        f"{LONGEST_S / 60:.0f} minutes until the step is out of time."
    )
    return Draft(EntryKind.VERDICT, sentence, None, {REFUSED_STEP: step.name})
