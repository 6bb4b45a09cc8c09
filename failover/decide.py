"""What follows from a diagnosis, by the table of `failover.answers`, and what holds it back.

`failover.engine` calls `decide` while nothing runs yet, `plan_of` whenever a run goes on. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.errors import PermanentError
from continuity.journal import Entry, EntryKind, Fact
from continuity.manifest import Manifest
from failover import chosen, planned, static_stability
from failover.answers import ANSWERS, MOVE, TAKE_BACK, Recovery
from failover.case import Case
from failover.diagnose import DATABASE_CONFIRM_S, HOSTING_CONFIRM_S, Diagnosis, Finding
from failover.options import Options
from failover.plan import Plan
from failover.run import CORRUPTED, ORDER, Run
from failover.whereabouts import reconciled

CALM = timedelta(hours=1)
"""No second automatic failover of a zone sooner: orchestrator's RecoveryPeriodBlockSeconds."""


@dataclass(frozen=True)
class Hold:
    """Nothing is begun, for this reason."""

    reason: str


@dataclass(frozen=True)
class Act:
    """This recovery is begun, with its plan."""

    recovery: Recovery
    plan: Plan


def decide(
    finding: Finding, manifest: Manifest, options: Options, run: Run | None = None
) -> Hold | Act:
    """Choose the recovery of a diagnosis; where there is none, hold with what was found.

    What a person declared or ordered stands in the run's journal and needs no second word.
    """
    answer = ANSWERS[finding.diagnosis]
    recovery = answer.recovery
    said = run is not None and bool(orders(run))
    if said and answer.orderable:
        recovery = MOVE
    elif recovery is None:
        return Hold(f"{finding.sentence}{_orderable(finding, manifest)}")
    elif finding.diagnosis is Diagnosis.BAD_RELEASE and not finding.release:
        return Hold(f"{finding.sentence} No earlier release is known: a person must deploy one.")
    elif not answer.alone and finding.diagnosis is not Diagnosis.DATABASE_CORRUPTED:
        return Hold(f"{finding.sentence} A person must start the recovery.")
    case = case_of(finding.diagnosis, facts(finding, recovery), run or Run(""))
    plan = recovery.build(manifest, case, detect_s(finding.diagnosis, options))
    against = static_stability.objection(plan, manifest)
    return Act(recovery, plan) if against is None else Hold(against)


def _orderable(finding: Finding, manifest: Manifest) -> str:
    """Say what a person may do about what no waiting makes certain."""
    if finding.since is not None or not ANSWERS[finding.diagnosis].orderable:
        return ""
    command = f"holdfast failover start {manifest.zone} --move --reason TEXT"
    return f" If you cannot mend it, have the zone moved: `{command}`."


def orders(run: Run) -> tuple[Entry, ...]:
    """Return the entries by which people ordered to move the zone."""
    return tuple(e for e in run.of(EntryKind.DECLARED) if e.data.get("what") == ORDER)


def facts(finding: Finding, recovery: Recovery) -> Mapping[str, Fact]:
    """Return what the journal keeps of a diagnosis: from it the plan is built again."""
    return {
        "diagnosis": str(finding.diagnosis),
        "databases": ",".join(finding.databases),
        "release": finding.release,
        "recovery": recovery.name,
        "in_place": recovery.in_place,
    }


def detect_s(diagnosis: Diagnosis, options: Options) -> float:
    """Return how long it takes to be certain of a diagnosis, at least; an order is certain."""
    if diagnosis is Diagnosis.PLANNED_MOVE:
        return 0.0
    least = {
        Diagnosis.DATABASE_LOST: DATABASE_CONFIRM_S,
        Diagnosis.HOSTING_DOWN: HOSTING_CONFIRM_S,
        Diagnosis.BAD_RELEASE: HOSTING_CONFIRM_S,
    }
    return max(options.confirm_s, least.get(diagnosis, 0.0))


def case_of(diagnosis: Diagnosis, diagnosed: Mapping[str, Fact], run: Run) -> Case:
    """Build the case from what was diagnosed, what people declared and the sources chosen."""
    named = str(diagnosed.get("databases") or "")
    lost = tuple(named.split(",")) if named and diagnosis is Diagnosis.DATABASE_LOST else ()
    damaged, ranking = chosen.corrupted(run), chosen.ranking(run)
    return Case(diagnosis, damaged, ranking, lost, str(diagnosed.get("release") or ""))


def plan_of(run: Run, manifest: Manifest, options: Options) -> Plan:
    """Build the plan of a run that was begun: a function of its journal and the manifest.

    Raises:
        PermanentError: this version knows no recovery for what the run was begun for.
    """
    diagnosed = run.of(EntryKind.DIAGNOSED)[-1].data
    named = str(diagnosed["diagnosis"])
    if named not in set(Diagnosis):
        raise PermanentError(f"{run.name} was begun for {named}, which has no recovery here.")
    diagnosis = Diagnosis(named)
    recovery = _recovery(run, diagnosis)
    if recovery is None:
        raise PermanentError(f"{run.name} was begun for {named}, which has no recovery here.")
    case = case_of(diagnosis, diagnosed, run)
    return recovery.build(manifest, case, detect_s(diagnosis, options))


def _recovery(run: Run, diagnosis: Diagnosis) -> Recovery | None:
    """Return what a run does by now: a planned move may have become another thing."""
    if planned.mode(run) is planned.Mode.BACK:
        return TAKE_BACK
    return MOVE if _sent_away(run) else ANSWERS[diagnosis].recovery


def in_place(run: Run) -> bool:
    """Say whether a run mended the zone where it is, or was to, and nobody had it moved since."""
    begun = any(bool(entry.data.get("in_place")) for entry in run.of(EntryKind.DIAGNOSED))
    return begun and not _sent_away(run)


def _sent_away(run: Run) -> bool:
    """Say whether a person's word moves the zone whatever was diagnosed: an order, or damage."""
    said = (entry.data.get("what") for entry in run.of(EntryKind.DECLARED))
    return bool({ORDER, CORRUPTED} & set(said))


def tried_lately(previous: Run, now: datetime, options: Options) -> str | None:
    """Return why a recovery in place is not repeated so soon, and what a person can do."""
    end = previous.end
    if end is None or not in_place(previous) or options.acknowledged == previous.name:
        return None
    if now >= end.at + CALM:
        return None
    return (
        f"{previous.name} tried that already and ended {previous.outcome} at {end.at:%H:%M} UTC: "
        "it is not repeated within the hour. Mend it by hand, or have the zone moved: "
        f"`holdfast failover start {previous.name.rpartition('-')[0]} --move --reason TEXT`."
    )


def flapping(previous: Run, now: datetime, options: Options, manifest: Manifest) -> str | None:
    """Return why no new run may begin so soon after the previous one, and how to lift it."""
    end = previous.end
    if end is None or previous.outcome == "cleared" or options.acknowledged == previous.name:
        return None
    if in_place(previous) or (planned.mode(previous) and previous.outcome != "recovered"):
        return None
    calm_at = end.at + CALM
    if previous.outcome == "recovered" and not reconciled(previous, manifest):
        return (
            f"{previous.name} recovered the zone at {end.at:%H:%M} UTC. It is not failed over "
            "again before its roles are reconciled."
        )
    if now >= calm_at:
        return None
    return (
        f"{previous.name} ended {previous.outcome} at {end.at:%H:%M} UTC: {end.sentence} "
        f"The zone is not failed over again before {calm_at:%H:%M} UTC "
        f"unless {previous.name} is acknowledged."
    )
