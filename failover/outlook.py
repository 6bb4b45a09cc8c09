"""What a recovery would do if it began now, and what stands against it. Changes nothing.

`holdfast failover plan` shows an outlook. `look_ahead` takes the picture, `outlook` judges it: the
same steps, gate and objectives as on the day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from continuity.errors import HoldfastError
from continuity.manifest import Database
from failover import decisions, gate
from failover.case import SourceKind
from failover.decide import flapping
from failover.fallback import source_name
from failover.gate import Loss
from failover.observation import Look, Observation, Reading, Wanted
from failover.observe import observe
from failover.options import Options
from failover.plan import Path, Plan
from failover.region_loss import region_loss
from failover.run import Run
from failover.sources import Choice, choose
from failover.surroundings import Surroundings

LOOKS = frozenset(
    {
        Look.PUBLIC,
        Look.INSTANCES,
        Look.LAGS,
        Look.RECOVERY_POINTS,
        Look.HOSTING,
        Look.LATCHES,
    }
)


@dataclass(frozen=True)
class Outlook:
    """A plan, what each database would lose at most, and what stands against it now.

    `choices` tells from which source each database would come back, and why not from the others.
    """

    plan: Plan
    losses: Mapping[str, Loss]
    objections: tuple[str, ...]
    rto_s: float
    rpo_s: float
    choices: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def passed_over(self) -> frozenset[str]:
        """Return the steps that would give way to another source of their database."""
        return passed_over(self.plan, self.choices)

    @property
    def predicted_rto_s(self) -> float:
        """Return the expected recovery time with the sources that would really be used."""
        return self.plan.detect_s + self.path.seconds

    @property
    def path(self) -> Path:
        """Return the critical path over the sources that would really be used."""
        return self.plan.critical_path(dict.fromkeys(self.passed_over, 0.0), self.passed_over)

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
        return self.predicted_rto_s <= self.rto_s and rpo is not None and rpo <= self.rpo_s


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
    choices = {each.name: choose(seen, each) for each in manifest.databases}
    losses = {each.name: _loss(seen, each, choices[each.name]) for each in manifest.databases}
    skipped = passed_over(plan, choices)
    rto_s = manifest.objectives.rto.total_seconds()
    objections = [
        *_about_runs(last, seen.now, options),
        *_about_sight(seen),
        *_about_steps(plan, seen, skipped),
        *_about_time(plan, rto_s, skipped),
    ]
    return Outlook(
        plan,
        losses,
        tuple(dict.fromkeys(objections)),
        rto_s,
        manifest.objectives.rpo.total_seconds(),
        choices,
    )


def passed_over(plan: Plan, choices: Mapping[str, Choice]) -> frozenset[str]:
    """Return the steps of sources that come before the one that a database would really take."""
    taken = {
        source_name(name, choice.taken.kind)
        for name, choice in choices.items()
        if choice.taken is not None
    }
    before = {step.name: step.instead_of for step in plan.steps}
    found: set[str] = set()
    for name in taken:
        earlier = before.get(name)
        while earlier is not None:
            found.add(earlier)
            earlier = before[earlier]
    return frozenset(found)


def _loss(seen: Observation, database: Database, choice: Choice) -> Loss:
    """Return what the source that would be taken loses at most."""
    taken = choice.taken
    if taken is None or taken.kind is SourceKind.REPLICA:
        return gate.bound(seen, database.members[seen.manifest.standby].identifier)
    return Loss(taken.loss_s, None, taken.moment)


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


def _about_steps(plan: Plan, seen: Observation, skipped: frozenset[str]) -> Iterator[str]:
    """Tell what stands against each step that would be done; a stand-in's turn may never come."""
    for step in plan.steps:
        stands_in = step.instead_of is not None and step.instead_of not in skipped
        if step.name in skipped or stands_in or (step.looks and not step.looks <= LOOKS):
            continue
        against = step.refusal(seen)
        hopeless = step.hopeless(seen) if seen.instances.value is not None else None
        for sentence in (hopeless, against):
            if sentence is not None:
                yield f"{step.name}: {sentence}"


def _about_time(plan: Plan, rto_s: float, skipped: frozenset[str]) -> Iterator[str]:
    path = plan.critical_path(dict.fromkeys(skipped, 0.0), skipped)
    expected_s = plan.detect_s + path.seconds
    if expected_s <= rto_s:
        return
    longest = max(
        (step for step in plan.steps if step.name in path.steps),
        key=lambda step: step.estimate.seconds,
    )
    yield (
        f"The objective of {rto_s:.0f} s cannot be met: {expected_s:.0f} s are expected, "
        f"{longest.estimate.seconds:.0f} s of them for {longest.name}."
    )
