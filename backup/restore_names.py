"""A restored instance takes a database's name: what is to be done next, from what bears which name.

`backup.restore_plan` shows all of it beforehand, `backup.restore_swap` does one step after the
other, each decided here from what was just read. Pure. The old instance is kept: renamed, tagged,
protected from deletion, and out of the application's reach if it could be written to. Nothing is
decided twice: the name that it gets is written on the restored instance before anything is renamed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from backup.restore import WRITABLE, Restoration
from cloud.databases import BROKEN, InstanceState
from continuity import naming
from continuity.manifest import Manifest

CHANGEABLE = frozenset({"available", "storage-optimization"})
"""Statuses in which RDS modifies and renames an instance (assumption: as any modification)."""

RENAMABLE = CHANGEABLE | {"stopped", "storage-full"}


@dataclass(frozen=True)
class Bearers:
    """What bears the names in one site: the database's own, and the restored instance's.

    `aside` is what was renamed by this very swap; `held` says whether this restore's hold is on.
    """

    current: InstanceState | None
    restored: InstanceState | None
    aside: InstanceState | None = None
    held: bool = False


class Move(StrEnum):
    """One step of a swap."""

    NOTE = "note"
    PROTECT = "protect"
    LABEL = "label"
    CLOSE = "close"
    STEP_ASIDE = "step-aside"
    TAKE_NAME = "take-name"
    CLAIM = "claim"
    WAIT = "wait"
    DONE = "done"
    STUCK = "stuck"


@dataclass(frozen=True)
class Swap:
    """What becomes of names: `steps` are sentences in order. `outage_s` is an estimate.

    `loses` says that what was written since the restored moment stays behind in the old instance.
    """

    current: str
    aside: str
    loses: bool
    outage_s: float
    steps: tuple[str, ...]
    afterwards: tuple[str, ...]

    def named(self, aside: str) -> "Swap":
        """Return the same, told with the name that the old instance really got."""
        steps, afterwards = (
            tuple(one.replace(self.aside, aside) for one in told)
            for told in (self.steps, self.afterwards)
        )
        return replace(self, aside=aside, steps=steps, afterwards=afterwards)


@dataclass(frozen=True)
class Names:
    """The names of one swap, and the groups that let no application in."""

    current: str
    restored: str
    aside: str
    mark: str
    closed: tuple[str, ...]


def next_move(names: Names, bearers: Bearers) -> Move:
    """Return what is to be done now, by what was just read."""
    restored, current = bearers.restored, bearers.current
    if restored is None:
        # A name that is being taken is nobody's for a moment.
        mine = current is not None and _is(current, names.mark)
        return _finish(current) if current is not None and mine else Move.WAIT
    if restored.tags.get(naming.TAG_SWAP) != names.aside:
        return Move.NOTE
    if current is not None:
        return _move_aside(names, current)
    return _take(restored)


def plan_swap(manifest: Manifest, one: Restoration, bearers: Bearers, rename_s: float) -> Swap:
    """Return what a swap will do, in order, and for how long the database is away meanwhile."""
    name, now = one.source.series.resource, bearers.current
    database = next(each for each in manifest.databases if each.name == name)
    site = next(each for each, place in manifest.sites.items() if place.region == one.region)
    current = database.members[site].identifier
    aside = aside_name(current, bearers, one.mark, None)
    loses = now is not None and not now.is_replica and not _taken(bearers, one.mark)
    steps = _steps(current, aside, one.identifier, now, loses=loses)
    other = database.members[site.other].identifier
    return Swap(
        current=current,
        aside=aside,
        loses=loses,
        outage_s=rename_s * (2 if now is not None else 1),
        steps=steps,
        afterwards=_afterwards(current, aside, other, manifest.sites[site.other].region)
        if now is not None or _noted(bearers.restored)
        else (),
    )


def aside_name(current: str, bearers: Bearers, mark: str, now: datetime | None) -> str:
    """Return the name under which the old instance is kept: as it was decided, else by `now`."""
    one = bearers.current if _taken(bearers, mark) else bearers.restored
    if one is not None and naming.TAG_SWAP in one.tags:
        return one.tags[naming.TAG_SWAP]
    return naming.aside(current, "DATE" if now is None else f"{now:{naming.ASIDE_AT}}")


def _steps(
    current: str, aside: str, restored: str, now: InstanceState | None, *, loses: bool
) -> tuple[str, ...]:
    old = []
    if now is not None:
        old = [f"protect {current} from deletion, and label it as set aside"]
        old += [f"take {current} out of the application's reach"] if loses else []
        old += [f"rename {current} to {aside}; it is kept, with its backups"]
    return (
        *old,
        f"rename {restored} to {current}: the address that the application knows",
        f"label it as the database, so that its snapshots continue the series of {current}",
    )


def _afterwards(current: str, aside: str, other: str, region: str) -> tuple[str, ...]:
    return (
        (
            f"{other} in {region} goes on following {aside}, and no failover takes it: count that "
            "site's `incarnation` up, so that one of the new is built"
        ),
        f"the program knows {current} by its DbiResourceId: import it before the next `pulumi up`",
        f"{aside} costs as much as before: delete it once nobody needs its rows",
    )


def _taken(bearers: Bearers, mark: str) -> bool:
    """Say whether the name has been taken by this very restore, which is not told yet."""
    current = bearers.current
    gone = bearers.restored is None and bearers.held
    return gone and current is not None and _is(current, mark)


def _noted(restored: InstanceState | None) -> bool:
    return restored is not None and naming.TAG_SWAP in restored.tags


def _is(state: InstanceState, mark: str) -> bool:
    return state.tags.get(naming.TAG_RESTORED_BY) == mark


def _move_aside(names: Names, current: InstanceState) -> Move:
    if current.status in BROKEN - RENAMABLE:
        return Move.STUCK
    if current.status not in RENAMABLE:
        return Move.WAIT
    if current.status in CHANGEABLE and not current.deletion_protection:
        return Move.PROTECT
    if naming.TAG_SET_ASIDE not in current.tags:
        return Move.LABEL
    closed = current.security_groups == names.closed
    if current.status in CHANGEABLE and not current.is_replica and not closed:
        return Move.CLOSE
    return Move.STEP_ASIDE


def _take(restored: InstanceState) -> Move:
    if restored.status in BROKEN:
        return Move.STUCK
    return Move.TAKE_NAME if restored.status in CHANGEABLE else Move.WAIT


def _finish(current: InstanceState) -> Move:
    """The instance bears the name: it is the database once it says so and takes writes."""
    if current.status in BROKEN:
        return Move.STUCK
    if naming.TAG_DATABASE not in current.tags:
        return Move.CLAIM
    return Move.DONE if current.status in WRITABLE else Move.WAIT
