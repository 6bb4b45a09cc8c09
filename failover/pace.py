"""How soon a run looks again: as soon as what it waits for may have come about. Pure.

`failover.recover` asks it at the end of each tick. A look costs some calls and finds what happened
at most one pace late, which is recovery time.
"""

from datetime import datetime

from failover.assess import Assessment
from failover.plan import Plan
from failover.run import Run
from failover.steps import promote

POLL_S = 15.0
EAGER_POLL_S = 5.0
LARGE_EAGER_POLL_S = 10.0
LARGE, FEW = 20, 5
"""Once promotions come in, the last few are awaited eagerly: the last one decides when the zone is
back. In a zone of more than 20 databases less so, because 40 sweeps per 100 databases must do."""

EAGER_S = 900.0
"""Not for ever: a promotion that takes five times what is usual is about to be given up, and a
restore takes an hour; ten seconds more of that tell nobody anything (assumption)."""


def only_people(found: Assessment) -> bool:
    """Say whether nothing moves before somebody decides."""
    return bool(found.people) and not found.moving and not found.again


def wait_s(plan: Plan, run: Run, found: Assessment, now: datetime) -> float:
    """Return the seconds until the next look, by what is waited for."""
    poll_s = EAGER_POLL_S if only_people(found) else _databases_poll_s(plan, run, found, now)
    return max(0.1, min([poll_s, *found.pauses]))


def _databases_poll_s(plan: Plan, run: Run, found: Assessment, now: datetime) -> float:
    """Return how often to look while databases come back; shorter pauses of other steps stand."""
    prefix = promote.name("")
    left = [step for step in found.moving if step.startswith(prefix)]
    soon = [step for step in left if not _takes_long(run, now, step)]
    slow = len(left) > len(soon) or any(step.startswith("restore-") for step in found.moving)
    ended = any(step.startswith(prefix) for step in run.done)
    if not ended or len(left) > FEW or (slow and not soon):
        return POLL_S
    databases = sum(step.name.startswith(prefix) for step in plan.steps)
    return LARGE_EAGER_POLL_S if left and databases > LARGE else EAGER_POLL_S


def _takes_long(run: Run, now: datetime, promotion: str) -> bool:
    """Count from its intent; what AWS keeps busy before has none, and counts from the first."""
    begun = [entry for step, entry in run.intents.items() if step.startswith(promote.name(""))]
    since = run.intents.get(promotion) or min(begun, key=lambda entry: entry.at, default=None)
    return since is not None and run.waited_s(since.at, now) > EAGER_S
