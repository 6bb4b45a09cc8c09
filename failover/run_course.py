"""A run beside its plan, for the review of an incident: which steps took how long. Pure.

`cli.incident_review` asks, with the runs of an incident.
"""

from continuity.manifest import Manifest
from failover import account
from failover.history import achieved_by
from failover.run import Run
from failover.run_report import rebuilt
from incident.course import Course, StepCourse
from incident.documents.report import Ending


def course(run: Run, manifest: Manifest) -> Course:
    """Return how a run went; without a plan that can be rebuilt it has no steps."""
    plan, _ = rebuilt(run, manifest)
    found = achieved_by(run, manifest)
    estimates = {step.name: step.estimate.seconds for step in plan.steps} if plan else {}
    steps = tuple(
        StepCourse(one.name, estimates[one.name], (one.ended - one.began).total_seconds())
        for one in account.steps(run, plan)
        if one.ended is not None and one.ending is Ending.DONE and one.name in estimates
    )
    return Course(
        run=run.name,
        outcome=run.outcome or "goes on",
        objective_s=manifest.objectives.rto.total_seconds(),
        recovery_s=found.rto_s,
        steps=steps,
        refused=account.refused(run),
        setbacks=account.setbacks(run),
    )
