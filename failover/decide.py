"""What follows from a diagnosis: one table, and the reasons that hold a recovery back.

`failover.engine` calls `decide` while nothing runs yet. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.errors import PermanentError
from continuity.journal import EntryKind
from continuity.manifest import Manifest
from failover import static_stability
from failover.case import Case
from failover.diagnose import Diagnosis, Finding
from failover.options import Options
from failover.plan import Plan
from failover.region_loss import region_loss
from failover.run import Run

CALM = timedelta(hours=1)
"""No second automatic failover of a zone sooner: orchestrator's RecoveryPeriodBlockSeconds."""


@dataclass(frozen=True)
class Recovery:
    """How one diagnosis is recovered from, and whether the engine may begin on its own."""

    name: str
    build: Callable[[Manifest, Case, float], Plan]
    alone: bool


RECOVERIES: Mapping[Diagnosis, Recovery | None] = {
    Diagnosis.HEALTHY: None,
    Diagnosis.PLATFORM_SILENT: None,
    Diagnosis.REGION_SUSPECTED: None,
    Diagnosis.BLIND: None,
    Diagnosis.REGION_LOST: Recovery("region loss", region_loss, alone=True),
}


@dataclass(frozen=True)
class Hold:
    """Nothing is begun, for this reason."""

    reason: str


@dataclass(frozen=True)
class Act:
    """This plan is begun."""

    plan: Plan


def decide(finding: Finding, manifest: Manifest, options: Options) -> Hold | Act:
    """Choose the recovery of a diagnosis; where there is none, hold with what was found."""
    recovery = RECOVERIES[finding.diagnosis]
    if recovery is None:
        return Hold(finding.sentence)
    if not recovery.alone:
        return Hold(f"{finding.sentence} A person must start the recovery.")
    plan = recovery.build(manifest, Case(finding.diagnosis), options.confirm_s)
    against = static_stability.objection(plan, manifest)
    return Act(plan) if against is None else Hold(against)


def plan_of(run: Run, manifest: Manifest, options: Options) -> Plan:
    """Build the plan of a run that was begun: a function of its diagnosis and the manifest.

    Raises:
        PermanentError: this version knows no recovery for what the run was begun for.
    """
    named = str(run.of(EntryKind.DIAGNOSED)[-1].data["diagnosis"])
    known = named in set(Diagnosis)
    recovery = RECOVERIES.get(Diagnosis(named)) if known else None
    if recovery is None:
        raise PermanentError(f"{run.name} was begun for {named}, which has no recovery here.")
    return recovery.build(manifest, Case(Diagnosis(named)), options.confirm_s)


def flapping(previous: Run, now: datetime, options: Options) -> str | None:
    """Return why no new run may begin so soon after the previous one, and how to lift it."""
    end = previous.end
    if end is None or previous.outcome == "cleared" or options.acknowledged == previous.name:
        return None
    calm_at = end.at + CALM
    if now >= calm_at and previous.outcome != "recovered":
        return None
    if previous.outcome == "recovered":
        return (
            f"{previous.name} recovered the zone at {end.at:%H:%M} UTC. It is not failed over "
            "again before its roles are reconciled."
        )
    return (
        f"{previous.name} ended {previous.outcome} at {end.at:%H:%M} UTC: {end.sentence} "
        f"The zone is not failed over again before {calm_at:%H:%M} UTC "
        f"unless {previous.name} is acknowledged."
    )
