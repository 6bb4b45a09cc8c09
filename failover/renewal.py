"""How long renewing the tasks takes: seconds, or minutes where a database moved. Pure.

`failover.standing` asks for a run that goes on, `failover.outlook` for one that would begin. Which
one it is shows only once a database has to do without its name, so no plan can say it.
"""

from collections.abc import Collection, Mapping

from failover import estimates, whereabouts
from failover.observation import Observation
from failover.plan import Plan
from failover.retold import RENEWED
from failover.run import Run
from failover.step import Step
from failover.steps.restore import Restore


def expected_s(step: Step, run: Run) -> float:
    """Return the seconds that a step takes in this run."""
    databases = {str(entry.data.get("database")) for entry in run.intents.values()}
    moves = any(whereabouts.beside(run, database) for database in databases)
    return _seconds(moves=moves) if step.name == RENEWED else step.estimate.seconds


def forecast(plan: Plan, seen: Observation, restores: Collection[str]) -> Mapping[str, float]:
    """Return what differs from the plan's estimates if these restores are what is taken."""
    taken = [step for step in plan.steps if step.name in restores]
    moves = any(isinstance(step, Restore) and step.goes_beside(seen) for step in taken)
    return {RENEWED: _seconds(moves=True)} if moves else {}


def _seconds(*, moves: bool) -> float:
    return (estimates.RENEW_MOVED if moves else estimates.RENEW).seconds
