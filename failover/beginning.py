"""What is written when a recovery begins: the diagnosis, the choices, and the plan from both.

`failover.engine` journals the drafts once it is certain; the plan comes last, so that a run has
either all of them or no plan. Where the zone is moved, two sweeps of the standby's region tell
whether every database can take its replica; recovery points are listed only where one cannot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from continuity.journal import EntryKind, Fact
from continuity.wording import seconds_text
from failover import chosen
from failover.decide import Act, facts, plan_of
from failover.diagnose import Finding
from failover.draft import Draft
from failover.lateness import lateness
from failover.memory import number
from failover.observation import Look, Observation, Wanted
from failover.observe import observe
from failover.options import Options
from failover.plan import Plan
from failover.run import Run
from failover.surroundings import Surroundings
from failover.timing import timed

SHOWN = 3
POINTS = Wanted(frozenset({Look.RECOVERY_POINTS}))


@dataclass(frozen=True)
class Beginning:
    """What a beginning rests on; `beat` keeps the run's lease alive between the looks."""

    around: Surroundings
    options: Options
    seen: Observation
    beat: Callable[[], None]

    def drafts(self, finding: Finding, decision: Act) -> list[Draft]:
        """Return what begins the run, the plan last.

        Raises:
            LeaseLost: another driver took the lease meanwhile.
        """
        seen, recovery = self.seen, decision.recovery
        diagnosed = facts(finding, recovery)
        drafts = [Draft(EntryKind.DIAGNOSED, finding.sentence, None, diagnosed)]
        if not recovery.in_place:
            drafts += chosen.choices(_look(self.around, seen, self.beat))
        run = replace(seen.run, entries=seen.run.entries + number(seen.run, drafts, seen.now))
        plan = plan_of(run, self.around.manifest, self.options)
        plan = timed(plan, self.around.manifest, self.around.times)
        return [*drafts, _planned(plan, run, self.around)]


def announced(drafts: Sequence[Draft]) -> list[str]:
    """Return what a driver says of a beginning: the first few choices, and the plan."""
    choices = [draft.sentence for draft in drafts if draft.kind is EntryKind.CHOSEN]
    plans = [draft.sentence for draft in drafts if draft.kind is EntryKind.PLANNED]
    return [*choices[:SHOWN], *plans]


def _look(around: Surroundings, seen: Observation, beat: Callable[[], None]) -> Observation:
    """Look at replicas, and at recovery points where one of them will not do."""
    standby = seen.standby_region
    found = observe(around, seen.run, chosen.first_looks(seen), standby, beat)
    if not chosen.doubtful(found):
        return found
    points = observe(around, seen.run, POINTS, standby, beat).recovery_points
    return replace(found, recovery_points=points)


def _planned(plan: Plan, run: Run, around: Surroundings) -> Draft:
    """Return the plan's entry: what people approve, and whether it comes too late."""
    now = around.clock.now()
    passed_s = (now - (run.suspected_at or now)).total_seconds()
    objective_s = around.manifest.objectives.rto.total_seconds()
    need, allowed = seconds_text(plan.predicted_rto_s), seconds_text(objective_s)
    sentence = f"Plan {plan.hash}: {plan.name}, {len(plan.steps)} steps, "
    sentence += f"about {need} of {allowed} allowed."
    planned: dict[str, Fact] = {
        "hash": plan.hash,
        "predicted_rto_s": plan.predicted_rto_s,
        "rto_s": objective_s,
    }
    late = lateness(plan, passed_s, objective_s)
    if late is not None:
        sentence = f"{sentence} {late.sentence}"
        planned |= {"late": True, "breaks": late.step, "expected_s": late.expected_s}
    return Draft(EntryKind.PLANNED, sentence, None, planned)
