"""A restored file system is led to the function that reads it, and everything is taken off again.

`backup.files_shared_trials` asks, tick by tick. Nothing is remembered: each call looks at what is
there and does what comes next, so that whoever comes after a death goes on, or takes off what the
dead one left. The order is AWS's own: a function is led only to where each of its zones of
availability has a mount target, and a file system goes only when it has none any more.

    mount targets -> access point -> function        function -> access point -> mount targets
"""

from hashlib import sha256

from cloud import mounts, readers
from cloud.door import Door
from cloud.mounts import Mount
from cloud.permitted import permissions_of, permitted
from continuity.errors import PermanentError
from continuity.proving import ReadingPlace

_LED = tuple(
    dict.fromkeys(
        one
        for verb in (
            mounts.targets,
            mounts.make_target,
            mounts.access_points,
            mounts.make_access_point,
            readers.look,
            readers.lead,
        )
        for one in permissions_of(verb)
    )
)


@permitted(*_LED)
def led(door: Door, place: ReadingPlace, file_system: str, name: str) -> bool:
    """Bring the reader a step nearer to a file system; True once it mounts it.

    `name` is the trial's: an access point is made once for it.

    Raises:
        PermanentError: Lambda gave it up.
    """
    if not _reachable(door, place, file_system):
        return False
    points = [one for one in mounts.access_points(door, file_system) if not one.going]
    if not points:
        mounts.make_access_point(door, file_system, sha256(name.encode()).hexdigest())
        return False
    return points[0].ready and _mounted(door, place, points[0].place)


def _reachable(door: Door, place: ReadingPlace, file_system: str) -> bool:
    """Say whether there is a mount target in each of the reader's subnets; make what lacks."""
    there = {one.place: one for one in mounts.targets(door, file_system)}
    for subnet in place.subnets:
        if subnet not in there:
            mounts.make_target(door, file_system, subnet, place.security_group)
    found = [there.get(subnet) for subnet in place.subnets]
    return all(one is not None and one.ready for one in found)


def _mounted(door: Door, place: ReadingPlace, access_point: str) -> bool:
    reader = readers.look(door, place.restored)
    if reader.changing:
        return False
    if reader.mounted != access_point:
        readers.lead(door, place.restored, access_point)
        return False
    if reader.failed:
        raise PermanentError(
            f"{place.restored} cannot mount what was restored: {reader.reason or reader.status}"
        )
    return True


@permitted(*permissions_of(readers.look), *permissions_of(readers.lead))
def let_go(door: Door, place: ReadingPlace) -> bool:
    """Let the reader mount nothing; True once it does not."""
    if not place.restored:
        return True
    reader = readers.look(door, place.restored)
    if reader.changing:
        return False
    if not reader.mounted:
        return True
    readers.lead(door, place.restored, "")
    return False


@permitted(
    *permissions_of(mounts.targets),
    *permissions_of(mounts.delete_target),
    *permissions_of(mounts.access_points),
    *permissions_of(mounts.delete_access_point),
)
def cut_off(door: Door, file_system: str) -> bool:
    """Take away every way to a file system; True once there is none."""
    points = mounts.access_points(door, file_system)
    for one in _staying(points):
        mounts.delete_access_point(door, one.identifier)
    if points:
        return False
    targets = mounts.targets(door, file_system)
    for one in _staying(targets):
        mounts.delete_target(door, one.identifier)
    return not targets


def _staying(found: tuple[Mount, ...]) -> list[Mount]:
    return [one for one in found if not one.going]
