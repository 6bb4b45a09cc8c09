"""What a recovery would do if it began now, and what stands against it. Changes nothing.

`holdfast failover plan` shows an outlook. `look_ahead` takes the picture, `outlook` judges it: the
same steps, gate and objectives as on the day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from continuity.errors import HoldfastError
from failover import decisions, gate
from failover.decide import flapping
from failover.gate import Loss
from failover.observation import Look, Observation, Reading, Wanted
from failover.observe import observe
from failover.options import Options
from failover.plan import Plan
from failover.region_loss import region_loss
from failover.run import Run
from failover.surroundings import Surroundings

LOOKS = frozenset({Look.PUBLIC, Look.INSTANCES, Look.LAGS, Look.HOSTING, Look.LATCHES})


@dataclass(frozen=True)
class Outlook:
    """A plan, what each database would lose at most, and what stands against it now."""

    plan: Plan
    losses: Mapping[str, Loss]
    objections: tuple[str, ...]
    rto_s: float
    rpo_s: float

    @property
    def predicted_rpo_s(self) -> float | None:
        """Return the largest loss of any database; None while one of them is unknown."""
        bounds = [loss.seconds for loss in self.losses.values()]
        known = [seconds for seconds in bounds if seconds is not None]
        return max(known, default=0.0) if len(known) == len(bounds) else None

    @property
    def meets_objectives(self) -> bool:
        """Say whether both objectives are kept if nothing else goes wrong."""
        rpo = self.predicted_rpo_s
        return self.plan.predicted_rto_s <= self.rto_s and rpo is not None and rpo <= self.rpo_s


def look_ahead(around: Surroundings, options: Options) -> Outlook:
    """Return the outlook of the zone's recovery from a region loss, as of now."""
    now = around.clock.now()
    last: Reading[Run] = _last(around, now)
    standby = around.manifest.standby
    identifiers = tuple(each.members[standby].identifier for each in around.manifest.databases)
    region = Reading(now, last.error is None, last.error)
    seen = observe(around, Run(""), Wanted(LOOKS, identifiers), region)
    return outlook(region_loss(around.manifest, None, options.confirm_s), seen, last, options)


def outlook(plan: Plan, seen: Observation, last: Reading[Run], options: Options) -> Outlook:
    """Judge a plan by one picture; `last` is the zone's open or last run. Pure."""
    manifest = seen.manifest
    losses = {
        database.name: gate.bound(seen, database.members[manifest.standby].identifier)
        for database in manifest.databases
    }
    objections = [
        *_about_runs(last, seen.now, options),
        *_about_sight(seen),
        *_about_steps(plan, seen),
        *_about_time(plan, manifest.objectives.rto.total_seconds()),
    ]
    return Outlook(
        plan,
        losses,
        tuple(dict.fromkeys(objections)),
        manifest.objectives.rto.total_seconds(),
        manifest.objectives.rpo.total_seconds(),
    )


def _last(around: Surroundings, now: datetime) -> Reading[Run]:
    try:
        return Reading(now, decisions.current(around) or Run(""), None)
    except HoldfastError as error:
        return Reading(now, None, str(error))


def _about_runs(last: Reading[Run], now: datetime, options: Options) -> Iterator[str]:
    if last.value is None:
        yield f"Lease and journal cannot be read, so no run can begin: {last.error}"
        return
    run = last.value
    if run.entries and run.end is None:
        yield f"{run.name} goes on already; see `holdfast failover status`."
    calm = flapping(run, now, options)
    if calm is not None:
        yield calm


def _about_sight(seen: Observation) -> Iterator[str]:
    for look in sorted(LOOKS):
        error = seen.reading(look).error
        if error is not None:
            yield f"{look} cannot be read: {error}"
    latch = seen.manifest.standby_site.latch
    for key in sorted({latch.closed_key, latch.open_key} & (seen.latches.value or frozenset())):
        yield f"The latch {key} lies in {latch.bucket} already: traffic was moved before."
    service = seen.hosting.value
    if service is not None and service.running == 0:
        yield "No task of the platform runs in the standby site."


def _about_steps(plan: Plan, seen: Observation) -> Iterator[str]:
    for step in plan.steps:
        if step.looks and not step.looks <= LOOKS:
            continue
        against = step.refusal(seen)
        hopeless = step.hopeless(seen) if seen.instances.value is not None else None
        for sentence in (hopeless, against):
            if sentence is not None:
                yield f"{step.name}: {sentence}"


def _about_time(plan: Plan, rto_s: float) -> Iterator[str]:
    if plan.predicted_rto_s <= rto_s:
        return
    path = plan.critical_path().steps
    longest = max(
        (step for step in plan.steps if step.name in path), key=lambda step: step.estimate.seconds
    )
    yield (
        f"The objective of {rto_s:.0f} s cannot be met: {plan.predicted_rto_s:.0f} s are expected, "
        f"{longest.estimate.seconds:.0f} s of them for {longest.name}."
    )
