"""The swap of names itself: look, do what follows from what was seen, look again.

`backup.restore_run` runs it when what was restored is there. Which step comes next is decided by
`backup.restore_names` from what was just read, so that a swap which died anywhere goes on; each
call is safe to repeat. A failover that begins meanwhile stops it before its next change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from backup import restore_state
from backup.restore import POLL_S, Restoration
from backup.restore_names import Bearers, Move, Names, next_move
from cloud import databases, restored
from cloud.databases import InstanceState, Settings
from cloud.door import Cloud
from cloud.failures import Busy, Conflict
from cloud.permitted import permitted
from continuity import naming
from continuity.errors import PermanentError, Refusal, TemporaryError
from continuity.permissions import (
    DESCRIBE_DATABASES,
    MODIFY_DATABASE,
    TAG_DATABASE,
    UNTAG_DATABASE,
)

BUSY_POLL_S = 5.0
"""While the database is away every second counts; a look is one call."""

OpenRun = Callable[[], str]
"""Returns the failover that has not ended, empty where there is none."""


@dataclass(frozen=True)
class Swapping:
    """One swap: its restore, its names, the tags of a database, who knows of failovers."""

    zone: str
    one: Restoration
    names: Names
    tags: dict[str, str]
    open_run: OpenRun

    def read(self, cloud: Cloud) -> Bearers:
        """Return what bears its names now."""
        names = self.names
        found = restore_state.describe(
            cloud, self.one.region, (names.current, names.restored, names.aside)
        )
        return Bearers(found.get(names.current), found.get(names.restored), found.get(names.aside))


@permitted(DESCRIBE_DATABASES, MODIFY_DATABASE, TAG_DATABASE, UNTAG_DATABASE)
def swap(cloud: Cloud, swapping: Swapping, patience_s: float) -> Iterator[str]:
    """Bring the swap to its end; yield a sentence for each step as it is begun.

    Raises:
        Refusal: a failover of the zone is under way.
        PermanentError: what bears a name is in a status from which RDS renames nothing.
        TemporaryError: it is not done after `patience_s`; a repeat goes on with it.
    """
    until = cloud.clock.monotonic() + patience_s
    while True:
        bearers = swapping.read(cloud)
        move = next_move(swapping.names, bearers)
        if move is Move.DONE:
            return
        if move is Move.STUCK:
            raise _stuck(swapping, bearers)
        if move is not Move.WAIT:
            demand_no_run(swapping.zone, swapping.open_run)
            yield _SAID[move].format(names=swapping.names)
            _do(cloud, swapping, bearers, move)
        if cloud.clock.monotonic() >= until:
            raise TemporaryError(
                f"The swap of {swapping.names.current} is not done after {patience_s / 60:.0f} "
                "min: run the same command again, it goes on from here."
            )
        cloud.clock.sleep(BUSY_POLL_S)


def demand_no_run(zone: str, open_run: OpenRun) -> None:
    """Raise Refusal while a failover of the zone is under way: two hands must not rename."""
    run = open_run()
    if run:
        raise Refusal(
            f"No names are swapped while {run} is under way in {zone}.",
            f"Let it end, or abort it: holdfast failover status {zone}.",
        )


_SAID = {
    Move.NOTE: "{names.restored} is told which name {names.current} gets: {names.aside}",
    Move.PROTECT: "{names.current} is protected from deletion",
    Move.LABEL: "{names.current} is labelled as set aside",
    Move.CLOSE: "{names.current} is taken out of the application's reach: the outage begins",
    Move.STEP_ASIDE: "{names.current} is renamed to {names.aside}",
    Move.TAKE_NAME: "{names.restored} is renamed to {names.current}",
    Move.CLAIM: "{names.current} is labelled as the database",
}


def _do(cloud: Cloud, swapping: Swapping, bearers: Bearers, move: Move) -> None:
    """Make one move; what RDS is busy with is looked at again."""
    door, names = cloud.at(swapping.one.region), swapping.names
    acts: dict[Move, Callable[[], object]] = {
        Move.NOTE: partial(
            restored.mark, door, _arn(bearers.restored), {naming.TAG_SWAP: names.aside}
        ),
        Move.PROTECT: partial(
            databases.modify, door, names.current, Settings(deletion_protection=True)
        ),
        Move.LABEL: partial(_label, cloud, swapping, bearers),
        Move.CLOSE: partial(restored.admit, door, names.current, names.closed),
        Move.STEP_ASIDE: partial(databases.rename, door, names.current, names.aside),
        Move.TAKE_NAME: partial(databases.rename, door, names.restored, names.current),
        Move.CLAIM: partial(restored.mark, door, _arn(bearers.current), swapping.tags),
    }
    try:
        acts[move]()
    except (Busy, Conflict):
        cloud.clock.sleep(POLL_S)


def _label(cloud: Cloud, swapping: Swapping, bearers: Bearers) -> None:
    """Let the old instance's further snapshots belong to no series, and say what it was.

    What says so comes last: it is by that tag that this step is known to be done.
    """
    door, arn = cloud.at(swapping.one.region), _arn(bearers.current)
    restored.unmark(door, arn, (naming.TAG_DATABASE, naming.TAG_BACKUP))
    told = f"{swapping.tags[naming.TAG_DATABASE]} {swapping.names.mark}"
    restored.mark(door, arn, {naming.TAG_SET_ASIDE: told})


def _arn(state: InstanceState | None) -> str:
    return "" if state is None else state.arn


def _stuck(swapping: Swapping, bearers: Bearers) -> PermanentError:
    bad = bearers.current or bearers.restored
    status = "gone" if bad is None else f"{bad.identifier} is {bad.status}"
    return PermanentError(
        f"{status}: RDS renames nothing in it. Free the name {swapping.names.current}, or let AWS "
        "Support repair what bears it; then run the same command again."
    )
