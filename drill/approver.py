"""The simulated operator of a drill: reads the plan, thinks, and approves exactly that plan.

`drill.run` asks it after every tick of the engine. It decides as a person does, through
`failover.decisions`. It accepts no data loss: `drill.acts` says what a scenario's people say.
"""

from collections.abc import Callable

from continuity.errors import HoldfastError
from failover import decisions
from failover.approvals import approvals
from failover.options import Options
from failover.progress import Progress, State
from failover.run import Run
from failover.surroundings import Surroundings

NAME = "drill-operator"
DELAY_S = 60.0
"""How long a prepared person takes from the plan to the approval; assumption."""


class Approver:
    """One person who approves each new plan `delay_s` seconds after it can first be read.

    While `silent` says so the person is not there. `answered` is called once they are at it.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        silent: Callable[[], bool] = lambda: False,
        delay_s: float = DELAY_S,
        answered: Callable[[], None] = lambda: None,
    ) -> None:
        self._surroundings = surroundings
        self._silent = silent
        self._delay_s = delay_s
        self._answered = answered
        self._busy = False
        self._seen: dict[str, float] = {}
        self._approved: set[str] = set()

    def attend(self, progress: Progress) -> None:
        """Look at the run if there may be something to decide, and decide when it is time."""
        waiting = progress.state is State.WAITING
        planning = progress.state is State.RUNNING and not self._approved
        # Two controllers may ask at the same time; the person is one.
        if not (waiting or planning) or self._busy or self._silent():
            return
        self._busy = True
        try:
            self._decide()
        except HoldfastError:
            # What a person does when the call fails: try again with the next look.
            return
        finally:
            self._busy = False

    def _decide(self) -> None:
        now = self._surroundings.clock.monotonic()
        due = [plan for plan, seen in self._seen.items() if now - seen >= self._delay_s]
        if self._seen and not due:
            return
        run = decisions.current(self._surroundings)
        plan = None if run is None else run.plan_hash
        if run is None or plan is None or (plan in self._approved and not self._expired(run)):
            return
        if now - self._seen.setdefault(plan, now) >= self._delay_s:
            decisions.approve(self._surroundings, NAME, plan)
            self._approved.add(plan)
            self._answered()

    def _expired(self, run: Run) -> bool:
        """Say whether what was approved before has to be approved again."""
        now, manifest = self._surroundings.clock.now(), self._surroundings.manifest
        given = approvals(run, manifest, now, Options())
        return any(one.expired and one.person == NAME for one in given)
