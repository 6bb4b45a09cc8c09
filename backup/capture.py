"""Capture: take what the day's plan still needs, of all databases side by side.

The schedule runs it, and `cli`. RDS does its own backups and maintenance in the same hours: an
instance that is busy is asked again for as long as the window is open. A snapshot is begun, not
waited for: the next look at the catalogue shows what became of it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_fixed

from backup.capture_plan import Capture, CapturePlan, Instances
from backup.outcome import Done
from cloud import databases, snapshots
from cloud.databases import InstanceState
from cloud.door import Cloud, Door
from cloud.effects import Effect
from cloud.failures import Busy
from cloud.permitted import permitted
from continuity.clock import Clock
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import (
    CREATE_SNAPSHOT,
    DESCRIBE_DATABASES,
    SNAPSHOT_DATABASE,
    TAG_SNAPSHOT,
)
from continuity.zone import SiteName

ASK_AGAIN_S = 300.0
"""RDS's own backup of a database lasts minutes; asking more often would only cost calls."""

CATCH_UP_FOR = timedelta(minutes=30)
"""Assumption: how long a capture outside its window waits for an instance that is busy."""

SPARE_S = 60.0
"""What is left of the run's time for what comes after: a silent series would be told as stale."""


@permitted(DESCRIBE_DATABASES)
def instances(cloud: Cloud, manifest: Manifest) -> Instances:
    """Return the zone's instances by site; a site that does not answer shows none."""
    looks = [partial(_instances, cloud, manifest, site) for site in SiteName]
    return dict(zip(SiteName, cloud.workers.run(looks), strict=True))


@permitted(SNAPSHOT_DATABASE, CREATE_SNAPSHOT, TAG_SNAPSHOT)
def apply(cloud: Cloud, plan: CapturePlan) -> tuple[Done, ...]:
    """Begin every capture of the plan; return what came of each. Never raises."""
    until = patience(plan, cloud)
    return tuple(
        cloud.workers.run([partial(_take, cloud, capture, until) for capture in plan.captures])
    )


def patience(plan: CapturePlan, cloud: Cloud) -> datetime:
    """Return until when an instance that is busy is asked again.

    As long as the window is open, and no longer than leaves time for the numbers of all the others.
    """
    now = cloud.clock.now()
    wanted = max(plan.day.closes, now + CATCH_UP_FOR)
    left_s = cloud.until - cloud.clock.monotonic() - SPARE_S
    return wanted if left_s > (wanted - now).total_seconds() else now + timedelta(seconds=left_s)


def unable(plan: CapturePlan) -> Iterable[Done]:
    """Return what the plan itself cannot do, as outcomes that did not go well."""
    return (Done(name, "", well=False, sentence=why) for name, why in plan.problems.items())


def _take(cloud: Cloud, capture: Capture, until: datetime) -> Done:
    door = cloud.at(capture.region)
    try:
        effect = _patiently(cloud.clock, until)(_once, door, capture)
    except HoldfastError as error:
        return Done(capture.identifier, capture.region, well=False, sentence=str(error))
    said = "begun" if effect is Effect.MADE else "there already"
    sentence = f"{said}: {capture.reason}"
    return Done(capture.identifier, capture.region, well=True, sentence=sentence)


def _once(door: Door, capture: Capture) -> Effect:
    return snapshots.take(door, capture.identifier, capture.instance, capture.tags)


def _patiently(clock: Clock, until: datetime) -> Retrying:
    """Return what asks a busy instance again and again until then."""

    def too_late(state: RetryCallState) -> bool:
        return clock.now() + timedelta(seconds=state.upcoming_sleep) >= until

    return Retrying(
        sleep=clock.sleep,
        stop=too_late,
        wait=wait_fixed(ASK_AGAIN_S),
        retry=retry_if_exception_type(Busy),
        reraise=True,
    )


def _instances(cloud: Cloud, manifest: Manifest, site: SiteName) -> dict[str, InstanceState]:
    names = [one.members[site].identifier for one in manifest.databases]
    try:
        return databases.describe(cloud.at(manifest.sites[site].region), names)
    except HoldfastError:
        return {}
