"""What is wrong beside a served zone: told, and never acted upon alone. Pure.

`failover.engine` adds these findings to a healthy one. Each speaks of the day that has not come:
a replica that could not be promoted, a site that could not take over.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from continuity.manifest import Database
from continuity.outside import Served
from continuity.wording import seconds_text
from continuity.zone import SiteName
from failover import releases, sources
from failover.diagnose import Diagnosis, Finding
from failover.observation import Alarms, Instance, LagPoint, Observation
from failover.signals import LASTING, ordered

SHOWN = 3

YOUNG = timedelta(minutes=5)
"""A replica that was made just now has no lag yet that says anything."""

UNKNOWN = 2
"""So many datapoints of -1 in a row mean that a replica does not replicate; one is a hiccup."""


def degradations(seen: Observation) -> tuple[Finding, ...]:
    """Return what was found; a look that nobody took or that failed finds nothing."""
    return (
        *_clients(seen),
        *_release(seen),
        *_replication(seen),
        *_backups(seen),
        *_away(seen),
        *_alarms(seen),
    )


def _clients(seen: Observation) -> Iterator[Finding]:
    """Compare the site's own front with where the public name leads."""
    public, manifest = seen.public.value, seen.manifest
    if public is None or not seen.serving.value or public == Served(manifest.active.value):
        return
    yield Finding(
        Diagnosis.PLATFORM_SILENT,
        f"Clients of {manifest.traffic.name} reach {public}, although the {manifest.active} site "
        "answers: look at the latches, the health checks and the records.",
    )


def _release(seen: Observation) -> Iterator[Finding]:
    service = seen.serving_hosting.value
    newest = None if service is None else service.primary
    if newest is None or not seen.serving.value or newest.rollout != "FAILED":
        return
    yield Finding(
        Diagnosis.BAD_RELEASE,
        f"Release {releases.short(newest.task_definition)} failed; the tasks before it still "
        "serve. Take it back before they are replaced.",
    )


def _replication(seen: Observation) -> Iterator[Finding]:
    ailing = [
        (database.name, why)
        for database in ordered(seen.manifest)
        if (why := _ails(seen, database)) is not None
    ]
    if ailing:
        names = tuple(name for name, _ in ailing)
        yield Finding(
            Diagnosis.REPLICATION_BROKEN,
            f"Replication to {seen.manifest.standby_site.region} is broken: {_some(ailing)}.",
            databases=names,
        )


def _ails(seen: Observation, database: Database) -> str | None:
    """Return why a replica could not be trusted with a promotion; None if nothing says so."""
    if seen.instances.value is None:
        return None
    identifier = database.members[seen.manifest.standby].identifier
    instance = seen.instance(identifier)
    if instance is None:
        return f"{identifier} does not exist"
    wrong = _state(instance)
    if wrong:
        return f"{identifier} {wrong}"
    young = instance.created_at is not None and seen.now - instance.created_at < YOUNG
    return None if young else _lags(seen, identifier)


def _state(instance: Instance) -> str:
    if instance.source is None:
        return "is no replica"
    if instance.status in LASTING:
        return f"is {instance.status}"
    return f"reports {instance.replication}" if instance.replication else ""


def _lags(seen: Observation, identifier: str) -> str | None:
    if seen.lags.value is None:
        return None
    points: Sequence[LagPoint] = seen.lags.value.get(identifier, ())
    newest = sorted(points, key=lambda point: point.at)[-UNKNOWN:]
    if not newest:
        return f"no lag of {identifier} is measured"
    if newest[-1].seconds is None:
        unknown = len(newest) == UNKNOWN and all(point.seconds is None for point in newest)
        return f"{identifier} is not replicating" if unknown else None
    rpo_s = seen.manifest.objectives.rpo.total_seconds()
    if newest[-1].seconds > rpo_s:
        behind = seconds_text(newest[-1].seconds)
        return f"{identifier} is {behind} behind, {seconds_text(rpo_s)} are allowed"
    return None


def _backups(seen: Observation) -> Iterator[Finding]:
    """Compare the newest usable recovery point of each database with the objective."""
    if seen.recovery_points.value is None:
        return
    stale = [
        (database.name, why)
        for database in ordered(seen.manifest)
        if (why := _stale(seen, database)) is not None
    ]
    if stale:
        names = tuple(name for name, _ in stale)
        region = seen.manifest.standby_site.region
        sentence = f"Recovery points in {region} are stale: {_some(stale)}."
        yield Finding(Diagnosis.BACKUPS_STALE, sentence, databases=names)


def _stale(seen: Observation, database: Database) -> str | None:
    """Return why a database could not be restored as promised; the age is that of its data."""
    found = sources.restores(seen, database)
    moments = [one.moment for one in found if one.possible and one.moment is not None]
    if not moments:
        return "; ".join(one.obstacle for one in found if one.obstacle) or "there are none"
    looked = seen.recovery_points.at or seen.now
    age = looked - max(moments)
    if age <= seen.manifest.objectives.rpo:
        return None
    allowed = seconds_text(seen.manifest.objectives.rpo.total_seconds())
    return f"the newest is {seconds_text(age.total_seconds())} old, {allowed} are allowed"


def _away(seen: Observation) -> Iterator[Finding]:
    manifest, standby = seen.manifest, seen.manifest.standby
    reasons = []
    if seen.hosting.value is not None and seen.hosting.value.running == 0:
        reasons.append(f"no task of {manifest.standby_site.hosting.service} runs there")
    latch = manifest.standby_site.latch
    thrown = {latch.closed_key, latch.open_key} & (seen.latches.value or frozenset())
    reasons += [f"the latch {key} lies in {latch.bucket} already" for key in sorted(thrown)]
    gone_off = _alarms_of(seen, standby).gone_off
    reasons += [f"the alarm {name} has gone off" for name in gone_off[:SHOWN]]
    if reasons:
        sentence = f"The {standby} site is not ready to take over: {'; '.join(reasons)}."
        yield Finding(Diagnosis.AWAY_NOT_READY, sentence)


def _alarms(seen: Observation) -> Iterator[Finding]:
    """Tell what the alarms of the site that serves say; the other's are about readiness.

    Alarms that cannot be read are told for each site: silence is not a good word.
    """
    gone_off = _alarms_of(seen, seen.manifest.active).gone_off
    if gone_off:
        shown = ", ".join(gone_off[:SHOWN])
        more = f" and {len(gone_off) - SHOWN} more" if len(gone_off) > SHOWN else ""
        sentence = f"Alarms of the {seen.manifest.active} site have gone off: {shown}{more}."
        yield Finding(Diagnosis.HEALTHY, sentence)
    for site in SiteName:
        error = _alarms_of(seen, site).error.rstrip(".")
        if error:
            yield Finding(
                Diagnosis.HEALTHY, f"The alarms of the {site} site cannot be read: {error}."
            )


def _alarms_of(seen: Observation, site: SiteName) -> Alarms:
    return (seen.alarms.value or {}).get(site, Alarms())


def _some(ailing: Sequence[tuple[str, str]]) -> str:
    shown = ", ".join(f"{name} ({why})" for name, why in ailing[:SHOWN])
    return shown if len(ailing) <= SHOWN else f"{shown} and {len(ailing) - SHOWN} more"
