"""Verify: bring every trial a step further, begin the next ones, and keep what they show.

`backup.verify_loop` ticks it for a person or for the schedule. Nothing is remembered between two
ticks but what lies in AWS: the trials in the controller table, the tag on what was restored, the
evidence. So a tick may be cut off anywhere, and whoever comes next goes on.

    write the trial -> restore -> ask the checks -> keep the evidence -> mark the point -> clear
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from backup import catalogue, declared, evidence, evidence_store, verify_marks, verify_trials
from backup.evidence import Evidence, Proofs, Verdict
from backup.evidence_known import Known
from backup.outcome import Done
from backup.points import Catalogue, Kind, Series, taken
from backup.verify_patience import hopeless, late, patience
from backup.verify_rules import alone, may_be_due, named, wishes
from backup.verify_subject import (
    Asked,
    Presence,
    Role,
    Stage,
    Subject,
    Trial,
    Wish,
    scratch_name,
)
from cloud import measures
from cloud.door import Cloud, Door
from cloud.effects import Effect
from cloud.measures import Number
from cloud.permitted import permissions_of, permitted
from continuity import backup_metrics
from continuity.errors import HoldfastError, TemporaryError
from continuity.manifest import Manifest, Site
from continuity.permissions import PUT_METRICS
from continuity.zone import SiteName

AT_ONCE = 2
"""Trials side by side: each is an instance that costs money and counts against a quota."""

ASKED_FOR_S = 1200.0
ASKS = 2
"""How long the checks are waited for, and how often they are asked: Lambda ends after 900 s."""

_PERMITTED = tuple(
    dict.fromkeys(
        one
        for verb in (
            catalogue.read,
            evidence_store.add,
            verify_trials.read,
            verify_trials.write,
            verify_marks.apply,
        )
        for one in permissions_of(verb)
    )
)


@dataclass(frozen=True)
class Work:
    """Where a verification takes place, what can be tried there, and for whom.

    `shared` tries points of shared file systems, `subjects` those of everything else.
    """

    cloud: Cloud
    manifest: Manifest
    site: SiteName
    subjects: Mapping[Kind, Subject]
    shared: Subject
    by: str
    evidence: Known = field(default_factory=Known)

    def subject(self, series: Series) -> Subject:
        """Return what knows how points of a series are tried."""
        return self.shared if series.shared else self.subjects[series.kind]

    @property
    def place(self) -> Site:
        """Return the site."""
        return self.manifest.sites[self.site]

    @property
    def door(self) -> Door:
        """Return the door to its region."""
        return self.cloud.at(self.place.region)

    @property
    def table(self) -> str:
        """Return where trials and evidence lie."""
        return self.place.lease_table

    @property
    def now(self) -> datetime:
        """Return the moment."""
        return self.cloud.clock.now()


@dataclass(frozen=True)
class Tick:
    """What one tick came to: the trials that are left, what ended, and sentences on the way."""

    running: tuple[Trial, ...]
    ended: tuple[Evidence, ...]
    told: tuple[str, ...]
    troubles: tuple[Done, ...] = ()


class _Notes:
    """What a tick gathers while it goes from trial to trial."""

    def __init__(self) -> None:
        self.ended: list[Evidence] = []
        self.told: list[str] = []
        self.troubles: list[Done] = []


@permitted(*_PERMITTED, PUT_METRICS)
def tick(work: Work, asked: Asked | None, *, first: bool = True) -> Tick:
    """Go on with every trial, then begin what is due; nothing new where nothing is asked.

    What is due is looked for in a `first` tick, and in one that brought a trial to its end.

    Raises:
        HoldfastError: the controller table or the catalogue cannot be read.
    """
    notes = _Notes()
    known = running = verify_trials.read(work.door, work.table)
    for trial in known:
        _go_on(work, trial, notes)
    if notes.told:
        running = verify_trials.read(work.door, work.table)
    room, over = AT_ONCE - len(running), notes.ended or len(running) < len(known)
    if asked is not None and room > 0 and (first or over):
        wishes = due(work, running, asked)[:room]
        for wish in wishes:
            _begin(work, wish, notes)
        if wishes:
            running = verify_trials.read(work.door, work.table)
    return Tick(running, tuple(notes.ended), tuple(notes.told), tuple(notes.troubles))


def due(work: Work, running: tuple[Trial, ...], asked: Asked) -> tuple[Wish, ...]:
    """Return what is to be tried now.

    Raises:
        HoldfastError: the region's points or the evidence cannot be read.
    """
    if not asked.point:
        return _weekly(work, running, asked)
    wish = named(seen(work, asked), asked)
    if wish is None or any(trial.point == asked.point for trial in running):
        return ()
    series = wish.point.series
    tried = evidence_store.read(work.door, work.table, [series]).get(series, ())
    again = any(one.role is Role.NAMED and one.ended >= asked.since for one in tried)
    return () if again else (wish,)


def _weekly(work: Work, running: tuple[Trial, ...], asked: Asked) -> tuple[Wish, ...]:
    """Return what lacks a trial; where the evidence says that nothing does, no point is read."""
    tried = declared.every(work.manifest)
    proofs = work.evidence.of(work.door, work.table, tried)
    if not may_be_due(tried, proofs, running, asked):
        return ()
    found = seen(work, asked)
    if any(one.series not in tried for one in found.points):
        proofs = known(work, found)
    next_ones = alone(wishes(found, proofs, running, asked), running)[:AT_ONCE]
    series = {one.point.series for one in next_ones}
    work.evidence.forget(series)  # somebody else may have tried them since
    proofs = {**proofs, **work.evidence.of(work.door, work.table, series)}
    return alone(wishes(found, proofs, running, asked), running)


def seen(work: Work, asked: Asked) -> Catalogue:
    """Return the catalogue, in which the region must not be missing."""
    found = catalogue.read(work.cloud, work.manifest, region=asked.region)
    if asked.region in found.unread:
        raise found.unread[asked.region]
    return found


def known(work: Work, found: Catalogue) -> Proofs:
    """Return the evidence of every series of a catalogue that lies in the work's site."""
    series = {one.series for one in found.points}
    return work.evidence.of(work.door, work.table, series)


def clear_strays(work: Work) -> tuple[str, ...]:
    """Take away what carries our tag and is no trial's: a verification died before it wrote.

    It is looked for while nothing is tried, so that trials under way cost no sweep of their region.

    Raises:
        HoldfastError: the trials or the instances cannot be read.
    """
    if verify_trials.read(work.door, work.table):
        return ()
    return tuple(name for one in (*work.subjects.values(), work.shared) for name in one.strays(()))


def _begin(work: Work, wish: Wish, notes: _Notes) -> None:
    """Write the trial down, then restore: what is restored has a trial, whoever dies when."""
    point, began = wish.point, work.now
    subject = work.subject(point.series)
    trial = Trial(
        scratch=scratch_name(work.manifest.zone, point, began),
        series=point.series,
        point=point.identifier,
        arn=point.arn,
        taken_at=taken(point),
        region=point.region,
        size_gb=point.size_gb,
        role=wish.role,
        seed=wish.seed,
        by=work.by,
        began=began,
        expected_s=subject.seconds(point),
    )
    if verify_trials.write(work.door, work.table, None, trial) is Effect.MADE:
        notes.told.append(f"{trial.series}: {trial.point} ({trial.role}) is being restored")
        _go_on(work, trial, notes)


def _go_on(work: Work, trial: Trial, notes: _Notes) -> None:
    """Bring a trial as far as it goes now; what AWS refuses for good ends it."""
    try:
        after: Trial | None = trial
        for stage, step in _STEPS.items():
            if after is not None and after.stage is stage:
                after = step(work, after, notes)
    except TemporaryError as error:
        notes.told.append(f"{trial.series}: {trial.point} waits: {error}")
    except HoldfastError as error:
        _give_up(work, trial, notes, str(error))


def _give_up(work: Work, trial: Trial, notes: _Notes, why: str) -> None:
    if trial.stage is Stage.CLEARING:
        what = f"{trial.scratch} could not be cleared away: {why}"
        notes.troubles.append(Done(trial.point, trial.region, well=False, sentence=what))
        return
    try:
        _end(work, trial, notes, evidence.of_trial(trial, work.now, (), why))
    except HoldfastError as error:
        notes.told.append(f"{trial.series}: {trial.point} waits: {error}")


def _restoring(work: Work, trial: Trial, notes: _Notes) -> Trial | None:
    subject = work.subject(trial.series)
    found, now = subject.look(trial), work.now
    if found.presence is Presence.READY:
        notes.told.append(f"{trial.series}: {trial.point} is restored")
        ready = replace(trial, stage=Stage.CHECKING, ready=found.ready or now, tries=0)
        return _written(work, trial, ready)
    if found.presence in {Presence.BROKEN, Presence.GOING}:
        why = found.why or f"{trial.scratch} went away while it was restored"
        return _end(work, trial, notes, evidence.of_trial(trial, now, (), why))
    missing = found.presence is Presence.MISSING
    if hopeless(trial, now) or (late(trial, now) and not missing):
        why = f"it was not there after {patience(trial)}"
        return _end(work, trial, notes, evidence.of_trial(trial, now, (), why))
    return _sought(work, trial) if missing else trial


def _sought(work: Work, trial: Trial) -> Trial | None:
    """Ask for the restore, and keep when that was first done, or done after all patience."""
    now, known = work.now, trial
    if late(trial, now):  # kept first: what is refused all the time must come to an end as well
        again = _written(work, trial, replace(trial, sought=now, tries=trial.tries + 1))
        if again is None:
            return None
        known = again
    work.subject(known.series).begin(known)
    if known.sought is not None:
        return known
    return _written(work, known, replace(known, sought=now))


def _checking(work: Work, trial: Trial, notes: _Notes) -> Trial | None:
    """Ask once and wait for the answers; ask again when none come, and then give up."""
    found = work.subject(trial.series).check(trial)
    if found.asked:
        return _written(work, trial, replace(trial, asked=work.now, tries=trial.tries + 1))
    if found.results is not None or found.why:
        ended = evidence.of_trial(trial, work.now, found.results or (), found.why)
        return _end(work, trial, notes, ended)
    asked = trial.asked or work.now
    if (work.now - asked).total_seconds() <= ASKED_FOR_S:
        return trial
    if trial.tries < ASKS:
        return _written(work, trial, replace(trial, asked=None))
    why = "nobody answered the checks: look into the log of the prober, or of the readers"
    return _end(work, trial, notes, evidence.of_trial(trial, work.now, (), why))


def _clearing(work: Work, trial: Trial, notes: _Notes) -> Trial | None:
    if not work.subject(trial.series).clear(trial):
        return trial
    verify_trials.write(work.door, work.table, trial, None)
    notes.told.append(f"{trial.series}: {trial.scratch} is cleared away")
    return None


_STEPS: Mapping[Stage, Callable[[Work, Trial, _Notes], Trial | None]] = {
    Stage.RESTORING: _restoring,
    Stage.CHECKING: _checking,
    Stage.CLEARING: _clearing,
}
"""In the order of a trial's life: what one step reaches, the next goes on with in the same tick."""


def _end(work: Work, trial: Trial, notes: _Notes, found: Evidence) -> Trial | None:
    """Keep the evidence before anything is cleared; kept twice it is kept once."""
    evidence_store.add(work.door, work.table, found)
    work.evidence.forget([trial.series])
    notes.ended.append(found)
    notes.told.append(f"{trial.series}: {trial.point} is {found.verdict}{_because(found)}")
    notes.troubles += verify_marks.apply(work.cloud, work.manifest, found)
    notes.troubles += _publish(work, found)
    return _written(work, trial, replace(trial, stage=Stage.CLEARING))


def _publish(work: Work, found: Evidence) -> Iterator[Done]:
    failed = found.verdict is not Verdict.PROVEN
    try:
        whose = {backup_metrics.ZONE: work.manifest.zone}
        number = Number(backup_metrics.REFUTED, float(failed), dimensions=whose)
        measures.put(work.door, backup_metrics.NAMESPACE, [number])
    except HoldfastError as error:
        yield Done(found.point, found.region, well=False, sentence=f"no alarm was told: {error}")


def _because(found: Evidence) -> str:
    return f": {found.why}" if found.why else ""


def _written(work: Work, before: Trial, after: Trial) -> Trial | None:
    """Write what a trial has become; None where somebody else went on with it first."""
    made = verify_trials.write(work.door, work.table, before, after)
    return after if made is Effect.MADE else None
