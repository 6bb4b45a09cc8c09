"""Restore a recovery point of a bucket by AWS Backup, into a bucket that has nothing yet.

`cli` shows the plan and acts on it; `backup.files_verify` restores into the scratch bucket. A job
runs where its point lies. It may be asked for again after a kill: the job that was begun is found.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backup import files_target
from backup.files_target import Place
from backup.points import Catalogue, Kind, Point, taken
from backup.restore_times import Expected, RestoreTimes
from cloud import buckets, objects, restore_jobs
from cloud.door import Cloud, Door
from cloud.failures import Missing
from cloud.permitted import permitted
from cloud.restore_jobs import DONE, RestoreJob, WantedRestore
from continuity.errors import InvalidInput, PermanentError, Problem, Refusal
from continuity.manifest import Manifest, Site
from continuity.permissions import (
    DESCRIBE_RESTORE,
    ENCRYPT_BUCKET,
    LIST_FILES,
    LIST_RESTORES,
    MAKE_BUCKET,
    PASS_SERVICE_ROLE,
    READ_RESTORE_METADATA,
    START_RESTORE,
    VERSION_BUCKET,
)
from continuity.zone import SiteName

LOOK_EVERY_S = 60.0
"""A restore lasts minutes to hours; looking more often would only cost calls."""

REMEMBERED = timedelta(days=7)
"""Assumption: for how long a restore that was begun is looked for among AWS Backup's jobs."""

NEVERTHELESS = "With --refuted --reason TEXT it is restored nevertheless."


@dataclass(frozen=True)
class PointPlan:
    """What a restore of a point would do. `begun` is the job that does it already, if any.

    `failed` counts the jobs before it that AWS Backup gave up.
    """

    manifest: Manifest
    site: SiteName
    point: Point
    place: Place
    now: datetime
    expected: Expected
    begun: RestoreJob | None = None
    failed: int = 0

    @property
    def age(self) -> timedelta:
        """Return how much of what was written is not in the point."""
        return self.now - (self.point.taken_at or self.now)

    @property
    def doubt(self) -> str:
        """Return what a trial found wrong in it, empty if nothing."""
        return self.point.unusable if self.point.only_refuted else ""

    @property
    def within_rpo(self) -> bool:
        """Say whether no more than the objective allows is missing."""
        return self.age <= self.manifest.objectives.rpo

    @property
    def estimate(self) -> timedelta:
        """Return how long AWS Backup should take."""
        return timedelta(seconds=self.expected.seconds)

    @property
    def within_rto(self) -> bool:
        """Say whether that is within the objective."""
        return self.estimate <= self.manifest.objectives.rto


Tell = Callable[[RestoreJob], None]


@permitted(LIST_FILES, LIST_RESTORES, READ_RESTORE_METADATA)
def plan(cloud: Cloud, manifest: Manifest, point: Point, to: str, times: RestoreTimes) -> PointPlan:
    """Look at where a point is to go; `times` say how long that took before.

    Raises:
        InvalidInput: the target is a prefix, which AWS Backup cannot restore into, or is not there.
        Refusal: there is something in the bucket that this restore did not put there.
    """
    site = site_of(manifest, point)
    purpose = point.series.resource.partition("-")[2]
    place = files_target.place(manifest, site, purpose, to)
    if place.prefix:
        message = "AWS Backup restores a point into a bucket of its own: s3://BUCKET, no prefix"
        raise InvalidInput("The command", [Problem("--to", message)])
    door, now = cloud.at(manifest.sites[site].region), cloud.clock.now()
    jobs = _jobs(door, point, place.bucket, now)
    begun = next((one for one in jobs if one.unfinished or one.status == DONE), None)
    try:
        empty = begun is not None or _is_empty(door, place)
    except Missing as error:
        raise files_target.missing(manifest, site, place) from error
    if not empty:
        raise Refusal(
            f"{place} is not empty, and nothing is ever restored over files.",
            "Give a bucket that is empty, or that is not there yet.",
        )
    expected = times.point_of_files(point.series.resource, point.size_gb)
    failed = sum(not one.unfinished and one.status != DONE for one in jobs)
    return PointPlan(manifest, site, point, place, now, expected, begun, failed)


def find(
    catalogue: Catalogue, manifest: Manifest, purpose: str, named: str, *, refuted: bool = False
) -> Point:
    """Return a usable recovery point of a bucket, by its ARN or the end of it.

    With `refuted` one is returned that a trial found wrong as well.

    Raises:
        InvalidInput: there is none of this name; the error names the newest ones.
        Refusal: it cannot be restored now.
    """
    series = {f"{site}-{purpose}" for site in manifest.sites}
    points = [
        one
        for one in catalogue.points
        if one.series.kind is Kind.FILES and one.series.resource in series
    ]
    for one in points:
        if named in (one.arn, one.identifier):
            if one.usable or (one.only_refuted and refuted):
                return one
            lift = f" {NEVERTHELESS}" if one.only_refuted else ""
            raise Refusal(
                f"{one} cannot be restored: {one.unusable}.", f"Choose another one.{lift}"
            )
    newest = sorted((one for one in points if one.usable), key=taken, reverse=True)[:5]
    known = ", ".join(f"{one.identifier} ({taken(one):%Y-%m-%d})" for one in newest)
    message = f"{purpose} has no point {named}; the newest usable ones: {known or 'none'}"
    raise InvalidInput("The command", [Problem("--point", message)])


def site_of(manifest: Manifest, point: Point) -> SiteName:
    """Return the site where a point lies: no other one can restore it."""
    return next(name for name, site in manifest.sites.items() if site.region == point.region)


@permitted(
    MAKE_BUCKET, ENCRYPT_BUCKET, VERSION_BUCKET, START_RESTORE, PASS_SERVICE_ROLE, DESCRIBE_RESTORE
)
def apply(cloud: Cloud, wanted: PointPlan, tell: Tell) -> RestoreJob:
    """Have the point restored, and await the end.

    Raises:
        PermanentError: AWS Backup gave up; the error says why.
    """
    site = wanted.manifest.sites[wanted.site]
    door = cloud.at(site.region)
    if wanted.begun is not None:
        return wait(door, wanted.begun.identity, tell)
    if wanted.place.made:
        buckets.make(door, wanted.place.bucket, site.key_arn)
    # AWS Backup takes two jobs of one token for one, a job that it gave up as well.
    attempt = f"{wanted.failed}" if wanted.failed else ""
    return wait(door, begin(door, wanted.point, site, wanted.place.bucket, attempt), tell)


@permitted(START_RESTORE, PASS_SERVICE_ROLE)
def begin(door: Door, point: Point, site: Site, bucket: str, attempt: str = "") -> str:
    """Begin to restore a point into a bucket, once per `attempt`; return the job's identity."""
    about = f"{point.arn} {bucket} {attempt}"
    token = hashlib.sha256(about.encode()).hexdigest()
    role = site.safekeeping.service_role_arn
    return restore_jobs.start(door, WantedRestore(point.arn, bucket, site.key_arn, role, token))


@permitted(DESCRIBE_RESTORE)
def wait(door: Door, identity: str, tell: Tell) -> RestoreJob:
    """Look at a job until it has ended; every look is told.

    Raises:
        PermanentError: it ended without success.
    """
    while True:
        job = restore_jobs.look(door, identity)
        tell(job)
        if not job.unfinished:
            break
        door.clock.sleep(LOOK_EVERY_S)
    if job.status != DONE:
        why = f": {job.message}" if job.message else ""
        raise PermanentError(
            f"AWS Backup gave up its restore {identity} ({job.status}){why}. Mend that, then ask "
            "for the restore again."
        )
    return job


def _jobs(door: Door, point: Point, bucket: str, now: datetime) -> tuple[RestoreJob, ...]:
    """Return what was begun of a point into a bucket, the newest first."""
    return restore_jobs.into(door, bucket, now - REMEMBERED, lambda one: one.point == point.arn)


def _is_empty(door: Door, place: Place) -> bool:
    try:
        return not objects.current(door, place.bucket)
    except Missing:
        if place.made:
            return True
        raise
