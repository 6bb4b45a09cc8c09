"""What is wrong, in an operator's words: a closed list, and the rules that pick from it.

`failover.engine` calls `diagnose` while a zone is watched and while a suspicion is looked into;
`failover.decide` maps the diagnosis to a recovery. Detection does not always lead to recovery, and
what rests on one signal alone never does. Pure.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from continuity.journal import Entry, EntryKind
from continuity.outside import Served
from continuity.wording import seconds_text
from failover import releases, signals
from failover.evidence import cause_streak, database_streak, failing_streak, long_enough
from failover.observation import Observation
from failover.options import Options
from failover.run import CORRUPTED, Run

DATABASE_CONFIRM_S = 180.0
"""A Multi-AZ instance that changes over is back after 60 to 120 s (RDS user guide, "Failover
process"): a primary that is away for longer than that does not come back by itself."""

HOSTING_CONFIRM_S = 60.0
"""ECS replaces tasks that stop by itself; assumption: it needs less than a minute to begin."""


class Diagnosis(StrEnum):
    """Everything that this engine can really tell apart; `failover.answers` says what follows."""

    HEALTHY = "healthy"
    REGION_SUSPECTED = "region suspected"
    REGION_LOST = "region lost"
    DATABASE_SUSPECTED = "database suspected"
    DATABASE_LOST = "primary database lost"
    DATABASE_CORRUPTED = "database corrupted"
    HOSTING_DOWN = "hosting down"
    BAD_RELEASE = "bad release"
    PLATFORM_SILENT = "platform silent"
    REPLICATION_BROKEN = "replication broken"
    BACKUPS_STALE = "backups stale"
    AWAY_NOT_READY = "away site not ready"
    BLIND = "blind"
    PLANNED_MOVE = "planned move"


@dataclass(frozen=True)
class Finding:
    """A diagnosis, the sentence that explains it, and since when its signals have failed.

    `databases` are those concerned, `release` is the task definition to go back to, `beside` what
    else was found that needs no recovery.
    """

    diagnosis: Diagnosis
    sentence: str
    since: datetime | None = None
    databases: tuple[str, ...] = ()
    release: str = ""
    beside: tuple["Finding", ...] = ()

    @property
    def told(self) -> str:
        """Return the sentence, and what was found beside it."""
        return " ".join([self.sentence, *(each.sentence for each in self.beside)])


def diagnose(seen: Observation, options: Options) -> Finding:
    """Judge by two independent signals; one alone never means that anything is lost.

    For a region they are the platform's answer to an outside client and the answer of the region's
    API; for a database a client's write and what RDS says; for the platform its answer and what ECS
    says. A region's reading that failed for want of sight counts as not answering; every other
    reading that is missing says nothing. What a person declared is taken as it is.
    """
    corrupted = _corrupted(seen.run)
    if corrupted is not None:
        return corrupted
    if seen.serving.value is not True and seen.serving_region.value is not True:
        return _region(seen, options)
    found = _databases(seen, options)
    if found is not None:
        return found
    if seen.serving.value:
        return _served(seen)
    return _platform(seen, options)


def _corrupted(run: Run) -> Finding | None:
    """Return what people declared corrupt: no probe sees it, and no probe talks it away."""
    declared = [e for e in run.of(EntryKind.DECLARED) if e.data.get("what") == CORRUPTED]
    if not declared:
        return None
    return Finding(
        Diagnosis.DATABASE_CORRUPTED,
        " ".join(entry.sentence for entry in declared),
        declared[0].at,
        tuple(sorted({str(entry.data["database"]) for entry in declared})),
    )


def _served(seen: Observation) -> Finding:
    """Judge a site that answers at its own front: clients must be led there, too."""
    manifest = seen.manifest
    if seen.public.value is not Served.HOLDING_PAGE:
        return Finding(Diagnosis.HEALTHY, _healthy(seen))
    latch, zone = manifest.standby_site.latch, manifest.zone
    return Finding(
        Diagnosis.PLATFORM_SILENT,
        f"Clients of {manifest.traffic.name} see the holding page, although the {manifest.active} "
        f"site answers. If a run closed it and it is to serve again, take {latch.closed_key} out "
        f"of {latch.bucket}; else `holdfast failover start {zone} --move --reason TEXT`.",
    )


def _healthy(seen: Observation) -> str:
    manifest = seen.manifest
    served = f"{manifest.zone} is served from {manifest.serving_site.region}."
    if seen.standby_region.value:
        return served
    standby = manifest.standby_site.region
    return f"{served} {standby} does not answer us: it could not take over now."


def _region(seen: Observation, options: Options) -> Finding:
    region, standby = seen.manifest.serving_site.region, seen.manifest.standby_site.region
    if not seen.standby_region.value:
        sentence = f"Neither {region} nor {standby} answers: we may be the ones who are cut off."
        return Finding(Diagnosis.BLIND, sentence)
    streak = failing_streak(seen.run)
    sure, since, told = long_enough(streak, seen.now, options.confirm_s, options.readings)
    if sure:
        sentence = f"{region} is lost: neither clients nor its API got an answer, {told}."
        return Finding(Diagnosis.REGION_LOST, sentence, since)
    return Finding(
        Diagnosis.REGION_SUSPECTED,
        f"{region} answers neither clients nor its API: {told}; "
        f"{options.readings} over {seconds_text(options.confirm_s)} make it certain.",
        since,
    )


def _databases(seen: Observation, options: Options) -> Finding | None:
    """Judge the primaries: lost where both signals agree for long enough."""
    doubts = signals.doubts(seen)
    doubts = tuple(doubt for doubt in doubts if doubt.aws or seen.serving.value)
    if not doubts:
        return None
    rows = {one.database.name: _row(seen, one.database.name, options) for one in doubts if one.both}
    lost = tuple(name for name, (sure, _, _) in rows.items() if sure)
    said = "; ".join(str(doubt) for doubt in doubts[:3])
    if lost:
        _, since, told = rows[lost[0]]
        named = f"The primary of {', '.join(lost)} is lost"
        sentence = f"{named}, {told}. {said}."
        return Finding(Diagnosis.DATABASE_LOST, sentence, since, lost)
    first = min((since for _, since, _ in rows.values()), default=None)
    need = f"{options.readings} readings over {seconds_text(_confirm_s(options))} make it certain."
    if not rows:
        need = "One signal alone decides nothing: look at it."
    names = tuple(doubt.database.name for doubt in doubts)
    return Finding(Diagnosis.DATABASE_SUSPECTED, f"{said}. {need}", first, names)


def _row(seen: Observation, name: str, options: Options) -> tuple[bool, datetime, str]:
    streak = database_streak(seen.run, name)
    return long_enough(streak, seen.now, _confirm_s(options), options.readings)


def _confirm_s(options: Options) -> float:
    return max(DATABASE_CONFIRM_S, options.confirm_s)


def _platform(seen: Observation, options: Options) -> Finding:
    """Judge a platform that is silent in a region that answers."""
    zone, region = seen.manifest.zone, seen.manifest.serving_site.region
    cause = signals.cause(seen)
    silent = f"Clients of {zone} are not served, but {region} answers"
    if not cause:
        sentence = f"{silent}: this is not a region loss and needs people."
        return Finding(Diagnosis.PLATFORM_SILENT, sentence)
    why = _release_said(seen) if cause == signals.RELEASE else _tasks_said(seen)
    streak: tuple[Entry, ...] = cause_streak(seen.run, cause)
    confirm_s = max(HOSTING_CONFIRM_S, options.confirm_s)
    sure, since, told = long_enough(streak, seen.now, confirm_s, options.readings)
    if not sure:
        need = f"{options.readings} readings over {seconds_text(confirm_s)} make it certain."
        return Finding(Diagnosis.PLATFORM_SILENT, f"{silent}. {why}, {told}; {need}", since)
    sentence = f"{silent}. {why}, {told}."
    return Finding(Diagnosis(cause), sentence, since, release=_release(seen, cause))


def _release(seen: Observation, cause: str) -> str:
    return releases.last_good(seen) if cause == signals.RELEASE else ""


def _release_said(seen: Observation) -> str:
    service = seen.serving_hosting.value
    newest = None if service is None else service.primary
    named = "the newest" if newest is None else releases.short(newest.task_definition)
    return f"The tasks of release {named} fail"


def _tasks_said(seen: Observation) -> str:
    service = seen.serving_hosting.value
    return f"None of {0 if service is None else service.desired} tasks runs"
