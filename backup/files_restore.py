"""Copy the files of a moment to where they were asked for, many at a time, over nothing.

`cli` calls `apply` with a plan. It may be killed anywhere and run again: a file that is there with
the same content is not copied again, and one that differs stays as it is and is told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from backup.files_compare import proven, same
from backup.files_plan import Fate, FileCopy, FilesPlan
from backup.outcome import Done
from cloud import buckets, object_copies, objects
from cloud.door import Cloud, Door
from cloud.failures import Conflict
from cloud.object_copies import Origin, Target
from cloud.paging import batches
from cloud.permitted import permitted
from continuity.errors import HoldfastError, Refusal
from continuity.permissions import (
    ABORT_RESTORED,
    ENCRYPT_BUCKET,
    LIST_FILES,
    MAKE_BUCKET,
    OPEN_WITH_KEY,
    READ_FILE,
    READ_FILE_TAGS,
    READ_FILE_VERSION,
    SEAL_WITH_KEY,
    TAG_RESTORED,
    VERSION_BUCKET,
    WRITE_RESTORED,
)

AT_ONCE = 200
"""Files between two words about progress."""

_NAMED = 5


@dataclass(frozen=True)
class Progress:
    """How far a restore is. `left` is the forecast, from what it took so far."""

    files: int
    of: int
    size: int
    left: timedelta


Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class Restored:
    """What came of a restore. Of `unproven` only sizes could be compared: no common checksum."""

    copied: int = 0
    size: int = 0
    there: int = 0
    unproven: tuple[str, ...] = ()
    failed: tuple[Done, ...] = ()
    lasted: timedelta = field(default_factory=timedelta)

    @property
    def well(self) -> bool:
        """Say whether every file of the moment is where it was asked for."""
        return not self.failed


@permitted(
    MAKE_BUCKET,
    ENCRYPT_BUCKET,
    VERSION_BUCKET,
    LIST_FILES,
    READ_FILE,
    READ_FILE_VERSION,
    READ_FILE_TAGS,
    WRITE_RESTORED,
    TAG_RESTORED,
    ABORT_RESTORED,
    OPEN_WITH_KEY,
    SEAL_WITH_KEY,
)
def apply(cloud: Cloud, plan: FilesPlan, tell: Tell) -> Restored:
    """Make every copy of the plan; one that fails keeps none of the others from being made.

    Raises:
        Refusal: something else lies where a file is to go. Nothing was copied.
        HoldfastError: the bucket could not be made.
    """
    demand_free(plan)
    door = cloud.at(plan.region)
    key_arn = plan.manifest.sites[plan.asked.site].key_arn
    if plan.place.made:
        buckets.make(door, plan.place.bucket, key_arn)
    began = cloud.clock.now()
    made = [*_all(cloud, door, plan, tell)]
    failed = [one.done for one in made if one.done is not None]
    archived = [_archived(plan, one) for one in plan.of(Fate.ARCHIVED)]
    copied = [one for one in made if one.copied]
    return Restored(
        copied=len(copied),
        size=sum(one.size for one in copied),
        there=len(plan.of(Fate.THERE)) + sum(one.found for one in made),
        unproven=tuple(one.key for one in copied if not one.proven),
        failed=(*failed, *archived),
        lasted=cloud.clock.now() - began,
    )


def demand_free(plan: FilesPlan) -> None:
    """Raise Refusal where a copy would meet something else."""
    differing = plan.of(Fate.DIFFERS)
    if not differing:
        return
    names = ", ".join(one.key for one in differing[:_NAMED])
    more = f" and {len(differing) - _NAMED} more" if len(differing) > _NAMED else ""
    raise Refusal(
        f"{plan.place} has other files under the same names: {names}{more}. Nothing is ever "
        "overwritten.",
        "Give another prefix or bucket with --to.",
    )


@dataclass(frozen=True)
class _Made:
    """What came of one file."""

    key: str
    size: int = 0
    copied: bool = False
    proven: bool = True
    done: Done | None = None

    @property
    def found(self) -> bool:
        return not self.copied and self.done is None


def _all(cloud: Cloud, door: Door, plan: FilesPlan, tell: Tell) -> Iterator[_Made]:
    wanted = plan.of(Fate.COPY)
    began, files, size = cloud.clock.monotonic(), 0, 0
    whole = sum(one.file.size for one in wanted)
    for some in batches(wanted, AT_ONCE):
        yield from cloud.workers.run([partial(_one, door, plan, copy) for copy in some])
        files += len(some)
        size += sum(one.file.size for one in some)
        spent = cloud.clock.monotonic() - began
        share = _share((files, len(wanted)), (size, whole))
        tell(Progress(files, len(wanted), size, timedelta(seconds=spent / share - spent)))


def _share(files: tuple[int, int], size: tuple[int, int]) -> float:
    """Return how much of the work is done: the lesser share of the two that cost time."""
    shares: Sequence[float] = [done / whole for done, whole in (files, size) if whole]
    return min((share for share in shares if share), default=1.0)


def _one(door: Door, plan: FilesPlan, copy: FileCopy) -> _Made:
    try:
        return _copied(door, plan, copy)
    except HoldfastError as error:
        return _Made(copy.key, done=Done(copy.key, plan.region, well=False, sentence=str(error)))


def _copied(door: Door, plan: FilesPlan, copy: FileCopy) -> _Made:
    file, site = copy.file, plan.manifest.sites[plan.asked.site]
    content = objects.content(door, plan.source, file.key, file.identity)
    target = Target(plan.place.bucket, copy.key, site.key_arn)
    try:
        told = object_copies.copy(
            door, Origin(plan.source, file.key, file.identity, content), target
        )
    except Conflict:
        return _met(door, plan, copy)
    alike = proven(content, replace(content, checksum=told))
    if alike is False:
        sentence = f"the copy has {told}, its source {content.checksum}"
        return _Made(copy.key, done=Done(copy.key, plan.region, well=False, sentence=sentence))
    return _Made(copy.key, file.size, copied=True, proven=alike is True)


def _met(door: Door, plan: FilesPlan, copy: FileCopy) -> _Made:
    """Look at what came there since the plan: our own, its answer lost, or somebody else's."""
    found = next(
        one for one in objects.current(door, plan.place.bucket, copy.key) if one.key == copy.key
    )
    if same(door, (plan.source, copy.file), (plan.place.bucket, found)):
        return _Made(copy.key)
    sentence = "something else came to lie there meanwhile; it was left as it is"
    return _Made(copy.key, done=Done(copy.key, plan.region, well=False, sentence=sentence))


def _archived(plan: FilesPlan, copy: FileCopy) -> Done:
    sentence = f"lies in {copy.file.storage_class}: have S3 restore it first, which takes hours"
    return Done(copy.key, plan.region, well=False, sentence=sentence)
