"""The engine's table and its recoveries as values of the business continuity plan. Pure.

`cli.plan_document_command` asks with a zone's manifest. Nothing is repeated here: diagnoses,
answers, plans and limits are the very ones that the engine acts by.
"""

from collections.abc import Mapping

from backup.hold_rules import GRACE, PINNED
from backup.verify_rules import EVERY
from continuity.manifest import Manifest
from failover.answers import ANSWERS
from failover.answers import Answer as Row
from failover.case import Case
from failover.diagnose import DATABASE_CONFIRM_S, HOSTING_CONFIRM_S, Diagnosis
from failover.engine import LEASE_S
from failover.options import Options
from failover.plan import Plan
from failover.step import Step
from incident.declare import hit
from incident.plan.values import Answer, Limits, PlannedStep, Recovery
from incident.severity import EFFECTS, suggested

_RELEASE = "the last known good release"
_LOOK: Mapping[Diagnosis, str] = {
    Diagnosis.REPLICATION_BROKEN: "holdfast check {zone}",
    Diagnosis.BACKUPS_STALE: "holdfast backup list {zone}",
    Diagnosis.AWAY_NOT_READY: "holdfast check {zone}",
    Diagnosis.DATABASE_CORRUPTED: "holdfast failover start {zone} --corrupted DATABASE@MOMENT "
    "--reason TEXT",
}
"""What a person types beside what is typed for every diagnosis that has a recovery."""


def answers(manifest: Manifest) -> tuple[Answer, ...]:
    """Return a row for each diagnosis, in the order of the engine's table."""
    return tuple(_answer(manifest, diagnosis, row) for diagnosis, row in ANSWERS.items())


def recoveries(manifest: Manifest) -> tuple[Recovery, ...]:
    """Return each recovery once, planned as for the first diagnosis that it answers."""
    found: dict[str, Recovery] = {}
    for diagnosis, row in ANSWERS.items():
        if row.recovery is not None and row.recovery.name not in found:
            found[row.recovery.name] = _recovery(manifest, diagnosis, row)
    return tuple(found.values())


def limits() -> Limits:
    """Return the numbers by which engine and backups judge."""
    usual = Options()
    return Limits(
        readings=usual.readings,
        confirm_s=usual.confirm_s,
        database_confirm_s=DATABASE_CONFIRM_S,
        hosting_confirm_s=HOSTING_CONFIRM_S,
        approval_s=usual.approval_s,
        lease_s=LEASE_S,
        grace_days=GRACE.days,
        pinned_days=PINNED.days,
        tried_days=EVERY.days,
    )


def _answer(manifest: Manifest, diagnosis: Diagnosis, row: Row) -> Answer:
    effect = EFFECTS[diagnosis]
    names = [database.name for database in manifest.databases]
    services = effect.hits(names, names)
    severity = suggested(hit(services, manifest.functions), certain=effect.certain)
    return Answer(
        diagnosis=str(diagnosis),
        meaning=row.meaning,
        recovery="" if row.recovery is None else row.recovery.name,
        alone=row.alone,
        needs=row.needs,
        severity="" if diagnosis is Diagnosis.HEALTHY else str(severity),
        services=services,
        commands=tuple(_commands(manifest.zone, diagnosis, row)),
    )


def _commands(zone: str, diagnosis: Diagnosis, row: Row) -> list[str]:
    found = [_LOOK[diagnosis].format(zone=zone)] if diagnosis in _LOOK else []
    if row.alone:
        found.append(f"holdfast failover start {zone} --since HH:MM --reason TEXT")
    if diagnosis is Diagnosis.PLANNED_MOVE:
        found.append(f"holdfast failover start {zone} --planned --reason TEXT")
    if row.orderable:
        found.append(f"holdfast failover start {zone} --move --reason TEXT")
    if row.recovery is not None and not row.recovery.in_place:
        found.append(f"holdfast failover approve {zone} --plan HASH")
    return found


def _recovery(manifest: Manifest, diagnosis: Diagnosis, row: Row) -> Recovery:
    if row.recovery is None:
        raise ValueError(f"{diagnosis} has no recovery")
    plan = row.recovery.build(manifest, Case(diagnosis, release=_RELEASE), Options().confirm_s)
    path = plan.critical_path().steps
    steps = tuple(_step(step, critical=step.name in path) for step in plan.steps)
    return Recovery(row.recovery.name, plan.predicted_rto_s, _restored_s(plan), steps)


def _restored_s(plan: Plan) -> float | None:
    """Return the expected time with the second source of every database that has one."""
    standing_in = {step.name for step in plan.steps if step.instead_of is not None}
    first = {step.instead_of for step in plan.steps if step.instead_of} - standing_in
    return plan.detect_s + plan.critical_path(failed=first).seconds if first else None


def _step(step: Step, *, critical: bool) -> PlannedStep:
    return PlannedStep(
        name=step.name,
        site=str(step.site),
        what=step.what,
        estimate_s=step.estimate.seconds,
        source=step.estimate.source,
        irreversible=step.irreversible,
        critical=critical,
        instead_of=step.instead_of,
    )
