"""What a recovery would do if it began now, and what stands against it. Changes nothing.

`holdfast failover plan` shows an outlook. `look_ahead` takes the picture, `outlook` judges it: the
same steps, gate and objectives as on the day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from continuity.errors import HoldfastError, InvalidInput, Problem
from continuity.journal import Entry, EntryKind
from continuity.manifest import Manifest
from failover import chosen, decisions, outage, planned_gate, renewal, static_stability, words
from failover.answers import ANSWERS, MOVE
from failover.case import Case, SourceKind
from failover.decide import detect_s, flapping
from failover.diagnose import Diagnosis
from failover.fallback import source_name
from failover.lateness import lateness
from failover.memory import number
from failover.observation import Look, Observation, Reading, Wanted
from failover.observe import observe
from failover.options import Options
from failover.plan import Path, Plan
from failover.run import SINCE, Run
from failover.sources import Choice, choose
from failover.step import Step
from failover.surroundings import Surroundings
from failover.timing import timed


@dataclass(frozen=True, order=True)
class Touch:
    """One thing that a step may do: the IAM action, on what, in which region."""

    action: str
    scope: str
    region: str


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
    """A plan, what each database would lose at most, and what stands against it now."""

    plan: Plan
    choices: Mapping[str, Choice]
    objections: tuple[str, ...]
    rto_s: float
    rpo_s: float
    passed_s: float = 0.0
    calls: Mapping[str, tuple[Touch, ...]] = field(default_factory=dict)
    unstable: tuple[str, ...] = ()
    impaired: str | None = None
    longer: Mapping[str, float] = field(default_factory=dict)

    @property
    def predicted_rto_s(self) -> float:
        """Return the recovery time if the run began now: what has passed counts."""
        return self.passed_s + self.path.seconds

    @property
    def passed_over(self) -> frozenset[str]:
        """Return the steps that would give way to another source of their database."""
        return passed_over(self.plan, self.choices)

    @property
    def path(self) -> Path:
        """Return the critical path over the sources that would really be used."""
        seconds = {**self.longer, **dict.fromkeys(self.passed_over, 0.0)}
        return self.plan.critical_path(seconds, self.passed_over)

    @property
    def losses(self) -> Mapping[str, float | None]:
        """Return what each database would lose at most; None where nobody knows."""
        taken = {name: choice.taken for name, choice in self.choices.items()}
        return {name: None if one is None else one.loss_s for name, one in taken.items()}

    @property
    def predicted_rpo_s(self) -> float | None:
        """Return the largest loss of any database; None while one of them is unknown."""
        bounds = list(self.losses.values())
        known = [seconds for seconds in bounds if seconds is not None]
        return max(known, default=0.0) if len(known) == len(bounds) else None

    @property
    def meets_objectives(self) -> bool:
        """Say whether both objectives are kept if nothing else goes wrong."""
        rpo = self.predicted_rpo_s
        return self.predicted_rto_s <= self.rto_s and rpo is not None and rpo <= self.rpo_s

    def also(self, objections: Iterable[str]) -> "Outlook":
        """Return the outlook with what else stands against it, told first."""
        return replace(self, objections=tuple(dict.fromkeys((*objections, *self.objections))))


def look_ahead(
    around: Surroundings, options: Options, diagnosis: Diagnosis = Diagnosis.REGION_LOST
) -> Outlook:
    """Return the outlook of the zone's recovery from a diagnosis, as of now.

    Raises:
        InvalidInput: nothing recovers from this diagnosis.
    """
    recovery = ANSWERS[diagnosis].recovery
    if recovery is None:
        known = ", ".join(f"'{each}'" for each, row in ANSWERS.items() if row.recovery)
        message = f"nothing recovers from {str(diagnosis)!r}; plans are for {known}"
        raise InvalidInput("The command", [Problem("--diagnosis", message)])
    now = around.clock.now()
    last: Reading[Run] = _last(around, now)
    standby = around.manifest.standby
    identifiers = tuple(each.members[standby].identifier for each in around.manifest.databases)
    region = Reading(now, last.error is None, last.error)
    looks = LOOKS | planned_gate.LOOKS if diagnosis is Diagnosis.PLANNED_MOVE else LOOKS
    seen = observe(around, _imagined(options, now), Wanted(looks, identifiers), region)
    begun = [] if recovery.in_place else chosen.choices(seen)
    run = replace(seen.run, entries=seen.run.entries + number(seen.run, begun, now))
    case = Case(diagnosis, chosen.corrupted(run), chosen.ranking(run))
    plan = recovery.build(around.manifest, case, detect_s(diagnosis, options))
    plan = timed(plan, around.manifest, around.times)
    return outlook(plan, seen, last, options)


def said_before_start(manifest: Manifest, options: Options, now: datetime) -> str | None:
    """Return what must be known before a run begins: that it will be late, and for which step.

    By the recovery from a lost region, the longest there is. Pure.
    """
    plan = MOVE.build(manifest, Case(Diagnosis.REGION_LOST), options.confirm_s)
    stated = now if options.since is None else options.since.moment
    passed_s = max(plan.detect_s, (now - stated).total_seconds())
    late = lateness(plan, passed_s, manifest.objectives.rto.total_seconds())
    return None if late is None else late.sentence


def outlook(plan: Plan, seen: Observation, last: Reading[Run], options: Options) -> Outlook:
    """Judge a plan by one picture; `last` is the zone's open or last run. Pure."""
    corrupted = {one.database: one.moment for one in options.declared}
    manifest = seen.manifest
    choices = _choices(plan, seen, corrupted)
    passed_s = _passed_s(plan, seen.now, last, options)
    rto_s = manifest.objectives.rto.total_seconds()
    skipped = passed_over(plan, choices)
    longer = renewal.forecast(plan, seen, _taken(choices))
    late = lateness(plan, passed_s, rto_s, skipped, longer)
    unstable = static_stability.weaknesses(plan, manifest)
    objections = [
        *_about_runs(last, seen, options),
        *(_about_move(seen) if plan.planned else _about_recovery(plan, seen, skipped)),
        *unstable,
        *([] if late is None else [late.sentence]),
    ]
    return Outlook(
        plan,
        choices,
        tuple(dict.fromkeys(objections)),
        rto_s,
        manifest.objectives.rpo.total_seconds(),
        passed_s,
        {step.name: _touches(step, manifest) for step in plan.steps},
        unstable,
        static_stability.impaired_region(plan, manifest),
        longer,
    )


def passed_over(plan: Plan, choices: Mapping[str, Choice]) -> frozenset[str]:
    """Return the steps of sources that come before the one that a database would really take."""
    before = {step.name: step.instead_of for step in plan.steps}
    found: set[str] = set()
    for name in _taken(choices):
        earlier = before.get(name)
        while earlier is not None:
            found.add(earlier)
            earlier = before[earlier]
    return frozenset(found)


def _taken(choices: Mapping[str, Choice]) -> frozenset[str]:
    """Return the step of the source that each database would take."""
    sources = ((name, choice.taken) for name, choice in choices.items())
    return frozenset(source_name(name, one.kind) for name, one in sources if one is not None)


def _choices(
    plan: Plan, seen: Observation, corrupted: Mapping[str, datetime]
) -> Mapping[str, Choice]:
    """Return what each database would come back from that the plan brings back.

    A planned move leaves no choice: each replica is proven to lack nothing, or nothing is moved.
    """
    if plan.planned:
        return {}
    steps = {step.name for step in plan.steps}
    return {
        each.name: choose(seen, each, corrupted.get(each.name))
        for each in seen.manifest.databases
        if any(source_name(each.name, kind) in steps for kind in SourceKind)
    }


def _imagined(options: Options, now: datetime) -> Run:
    """Return the run that would begin: with what a person declares, from the moment it states."""
    said = number(Run(""), words.declarations(options, Run("")), now)
    if options.since is None:
        return Run("", said)
    facts = {"what": SINCE, "moment": options.since.moment.isoformat()}
    stated = Entry(len(said) + 1, now, EntryKind.DECLARED, options.since.reason, None, facts)
    return Run("", (*said, stated))


def _passed_s(plan: Plan, now: datetime, last: Reading[Run], options: Options) -> float:
    """Return the time before the first step: until it is certain, or what has passed already."""
    run = last.value
    known = None if run is None else run.suspected_at
    if run is not None and run.end is not None:
        known = outage.since(run, now)
    stated = None if options.since is None else options.since.moment
    began = min((moment for moment in (known, stated) if moment is not None), default=now)
    return max(plan.detect_s, (now - began).total_seconds())


def _touches(step: Step, manifest: Manifest) -> tuple[Touch, ...]:
    found = {
        Touch(one.action, str(one.scope), static_stability.region_of(one, step, manifest))
        for one in step.permissions
    }
    return tuple(sorted(found))


def _last(around: Surroundings, now: datetime) -> Reading[Run]:
    try:
        return Reading(now, decisions.current(around) or Run(""), None)
    except HoldfastError as error:
        return Reading(now, None, str(error))


def _about_runs(last: Reading[Run], seen: Observation, options: Options) -> Iterator[str]:
    if last.value is None:
        yield f"Lease and journal cannot be read, so no run can begin: {last.error}"
        return
    run = last.value
    if run.entries and run.end is None:
        yield f"{run.name} goes on already; see `holdfast failover status`."
    calm = flapping(run, seen.now, options, seen.manifest)
    if calm is not None:
        yield calm


def _about_move(seen: Observation) -> Iterator[str]:
    """Tell what stands against a planned move; its steps prove the rest, or take it back."""
    ordered = Entry(1, seen.now, EntryKind.DECLARED, "", None, {planned_gate.EMERGENCY: False})
    yield from planned_gate.objections(seen, ordered)


def _about_recovery(plan: Plan, seen: Observation, skipped: frozenset[str]) -> Iterator[str]:
    yield from _about_sight(seen)
    yield from _about_steps(plan, seen, skipped)


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
