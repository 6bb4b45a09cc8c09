"""Restore a recovery point of files by AWS Backup, into a bucket or file system that is new.

`cli` shows the plan and acts on it; `backup.files_trials` restores into the scratch bucket. A job
runs where its point lies. It may be asked for again after a kill: the job that was begun is found.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backup import files_target
from backup.files_shared_trials import source_of
from backup.files_target import NewFileSystem, Place
from backup.points import Catalogue, Kind, Point, taken
from backup.restore_times import Expected, RestoreTimes
from cloud import buckets, file_systems, objects, restore_jobs
from cloud.door import Cloud, Door
from cloud.failures import Missing
from cloud.permitted import permitted
from cloud.restore_jobs import DONE, RestoreJob, Target, WantedRestore
from continuity import naming
from continuity.errors import InvalidInput, PermanentError, Problem, Refusal
from continuity.manifest import Manifest, Site
from continuity.permissions import (
    DESCRIBE_FILE_SYSTEMS,
    DESCRIBE_RESTORE,
    ENCRYPT_BUCKET,
    LIST_FILES,
    LIST_RESTORES,
    MAKE_BUCKET,
    PASS_SERVICE_ROLE,
    READ_RESTORE_METADATA,
    START_RESTORE,
    TAG_RESTORED_FILES,
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
    place: Place | NewFileSystem
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


@dataclass(frozen=True)
class Asked:
    """Where somebody wants a point, `--to`, and of a file system which path of it, `--under`."""

    to: str
    under: str = ""


@permitted(LIST_FILES, LIST_RESTORES, READ_RESTORE_METADATA, DESCRIBE_FILE_SYSTEMS)
def plan(
    cloud: Cloud, manifest: Manifest, point: Point, asked: Asked, times: RestoreTimes
) -> PointPlan:
    """Look at where a point is to go; `times` say how long that took before.

    Raises:
        InvalidInput: the target is a prefix, which AWS Backup cannot restore into, or is not there.
        Refusal: there is something in the target that this restore did not put there.
    """
    site = site_of(manifest, point)
    place = _place(manifest, site, point, asked)
    door, now = cloud.at(manifest.sites[site].region), cloud.clock.now()
    jobs = _jobs(door, point, _target(place), now)
    begun = next((one for one in jobs if one.unfinished or one.status == DONE), None)
    try:
        free = begun is not None or _is_free(door, place)
    except Missing as error:
        raise files_target.missing(manifest, site, _target(place).name) from error
    if not free:
        what = "bucket" if isinstance(place, Place) else "file system"
        raise Refusal(
            f"{place} is not empty, and nothing is ever restored over files.",
            f"Give a {what} that is not there yet{', or empty' if what == 'bucket' else ''}.",
        )
    expected = times.point_of_files(point.series.resource, point.size_gb)
    failed = sum(not one.unfinished and one.status != DONE for one in jobs)
    return PointPlan(manifest, site, point, place, now, expected, begun, failed)


def find(
    catalogue: Catalogue, manifest: Manifest, purpose: str, named: str, *, refuted: bool = False
) -> Point:
    """Return a usable recovery point of a bucket or file system, by its ARN or the end of it.

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
    MAKE_BUCKET,
    ENCRYPT_BUCKET,
    VERSION_BUCKET,
    START_RESTORE,
    PASS_SERVICE_ROLE,
    DESCRIBE_RESTORE,
    DESCRIBE_FILE_SYSTEMS,
    TAG_RESTORED_FILES,
)
def apply(cloud: Cloud, wanted: PointPlan, tell: Tell) -> RestoreJob:
    """Have the point restored, and await the end.

    Raises:
        PermanentError: AWS Backup gave up; the error says why.
    """
    site = wanted.manifest.sites[wanted.site]
    door, place = cloud.at(site.region), wanted.place
    if wanted.begun is not None:
        job = wait(door, wanted.begun.identity, tell)
    else:
        if isinstance(place, Place) and place.made:
            buckets.make(door, place.bucket, site.key_arn)
        job = wait(door, _begin(door, wanted, site), tell)
    if isinstance(place, NewFileSystem):
        _claim(door, wanted, place)
    return job


def _begin(door: Door, wanted: PointPlan, site: Site) -> str:
    """Begin to restore a point, once for as often as it was given up; return the job's identity."""
    target, point = _target(wanted.place), wanted.point
    # AWS Backup takes two jobs of one token for one, a job that it gave up as well.
    attempt = f"{wanted.failed}" if wanted.failed else ""
    about = " ".join((point.arn, target.name, *target.items, attempt))
    token = hashlib.sha256(about.encode()).hexdigest()
    role = site.safekeeping.service_role_arn
    shared = point.series.shared
    source = source_of(wanted.manifest, point.series.resource) if shared else ""
    return restore_jobs.start(
        door, WantedRestore(point.arn, target, site.key_arn, role, token, source)
    )


def _claim(door: Door, wanted: PointPlan, place: NewFileSystem) -> None:
    """Say whose the new file system is: what bears no zone's tag, trials may delete."""
    made = file_systems.by_token(door, place.token)
    tags = {
        **naming.tags(wanted.manifest.zone, wanted.site),
        naming.TAG_RESTORED_BY: f"restore-files/{wanted.point.identifier}",
    }
    if made is not None and naming.TAG_ZONE not in made.tags:
        file_systems.tag(door, made.identifier, tags)


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


def _place(manifest: Manifest, site: SiteName, point: Point, asked: Asked) -> Place | NewFileSystem:
    if point.series.shared:
        return files_target.new_file_system(manifest, site, asked.to, asked.under)
    purpose = point.series.resource.partition("-")[2]
    place = files_target.place(manifest, site, purpose, asked.to)
    if place.prefix:
        message = "AWS Backup restores a point into a bucket of its own: s3://BUCKET, no prefix"
        raise InvalidInput("The command", [Problem("--to", message)])
    if asked.under:
        message = "AWS Backup restores a point of a bucket as a whole; leave it out"
        raise InvalidInput("The command", [Problem("--under", message)])
    return place


def _target(place: Place | NewFileSystem) -> Target:
    if isinstance(place, Place):
        return Target(restore_jobs.Kind.BUCKET, place.bucket)
    return Target(restore_jobs.Kind.FILE_SYSTEM, place.token, place.items)


def _jobs(door: Door, point: Point, target: Target, now: datetime) -> tuple[RestoreJob, ...]:
    """Return what was begun of a point to a target, the newest first."""
    return restore_jobs.into(door, target, now - REMEMBERED, lambda one: one.point == point.arn)


def _is_free(door: Door, place: Place | NewFileSystem) -> bool:
    if isinstance(place, NewFileSystem):
        return file_systems.by_token(door, place.token) is None
    try:
        return not objects.current(door, place.bucket)
    except Missing:
        if place.made:
            return True
        raise
