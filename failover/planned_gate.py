"""What stands against a planned move: both sites must be whole, and the hour must be right. Pure.

`failover.switch` asks before there is a plan, `failover.steps.ready` once more right before clients
are taken off: an approval may come an hour later.
"""

from collections.abc import Iterator
from datetime import timedelta

from continuity.journal import Entry
from continuity.manifest import Database, Manifest
from continuity.wording import seconds_text
from failover import planned
from failover.observation import Look, Observation, Wanted

SMALL_LAG_S = 30.0
"""How far a replica may be behind when a move begins. Assumption: ten times what is usual; it has
to catch up while clients wait."""

FRESH = timedelta(minutes=5)
"""How old the newest measurement of lag may be: CloudWatch has one a minute."""

EMERGENCY = "emergency"
"""A fact of the order: the maintenance window is not waited for."""

LOOKS = frozenset(
    {
        Look.SERVING,
        Look.SERVING_REGION,
        Look.PUBLIC,
        Look.INSTANCES,
        Look.LAGS,
        Look.LATCHES,
        Look.HOSTING,
    }
)


def wanted(manifest: Manifest) -> Wanted:
    """Return what must be looked at."""
    names = tuple(each.members[manifest.standby].identifier for each in manifest.databases)
    return Wanted(LOOKS, identifiers=names)


def objections(seen: Observation, order: Entry) -> tuple[str, ...]:
    """Return why the zone is not moved now, each with how to lift it; empty where it may be."""
    found = [*_hour(seen, order), *_sites(seen), *_latches(seen)]
    found += [why for one in seen.manifest.databases for why in _replica(seen, one)]
    return tuple(found)


def _hour(seen: Observation, order: Entry) -> Iterator[str]:
    window = seen.manifest.window
    if not order.data.get(EMERGENCY) and not window.contains(seen.now):
        yield (
            f"{seen.manifest.zone} is moved inside its maintenance window only, "
            f"{window.start:%H:%M} to {window.end:%H:%M} {window.timezone}: start it then, or with "
            "--emergency."
        )


def _sites(seen: Observation) -> Iterator[str]:
    zone, serving = seen.manifest.zone, seen.manifest.active
    lift = f"Wait until it is well; in an outage `holdfast failover start {zone}` recovers it."
    if seen.serving.value is not True or seen.serving_region.value is not True:
        why = seen.serving.error or seen.serving_region.error or "no answer"
        yield f"The {serving} site does not answer ({why}). {lift}"
    service = seen.hosting.value
    if service is None or service.running < 1:
        why = seen.hosting.error or "no task runs"
        yield (
            f"The {seen.manifest.standby} site could not take over ({why}). "
            f"`holdfast check {zone}` says what to mend."
        )


def _latches(seen: Observation) -> Iterator[str]:
    latch = seen.manifest.standby_site.latch
    if seen.latches.value is None:
        yield f"The latch {latch.bucket} cannot be read ({seen.latches.error}). Try again."
    elif not planned.closed(seen.run):  # what the run itself has closed stands against nothing
        there = sorted({latch.closed_key, latch.open_key} & seen.latches.value)
        for key in there:
            yield (
                f"{key} lies in {latch.bucket}: traffic was moved before. Reconcile "
                f"{seen.manifest.zone} first."
            )


def _replica(seen: Observation, database: Database) -> Iterator[str]:
    identifier = database.members[seen.manifest.standby].identifier
    instance = seen.instance(identifier)
    lift = "Repair it, or build it anew, first."
    if seen.instances.value is None:
        yield f"{identifier} cannot be looked at ({seen.instances.error}). Try again."
    elif instance is None:
        yield f"{identifier} does not exist. {lift}"
    elif instance.source is None or instance.status != "available":
        role = "is no replica" if instance.source is None else f"is {instance.status}"
        yield f"{identifier} {role}. {lift}"
    elif not instance.parameters_in_sync:
        yield f"{identifier} waits for a restart to take its parameters. Restart it first."
    else:
        yield from _lag(seen, identifier)


def _lag(seen: Observation, identifier: str) -> Iterator[str]:
    points = (seen.lags.value or {}).get(identifier, ())
    last = max(points, key=lambda point: point.at, default=None)
    if last is None or last.seconds is None or seen.now - last.at > FRESH:
        why = seen.lags.error or "no measurement of the last five minutes"
        yield f"How far {identifier} is behind is not known ({why}). Repair the replica first."
    elif last.seconds > SMALL_LAG_S:
        yield (
            f"{identifier} is {seconds_text(last.seconds)} behind, {seconds_text(SMALL_LAG_S)} are "
            "allowed when a move begins. Wait until it has caught up."
        )
