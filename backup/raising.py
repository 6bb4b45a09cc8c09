"""What a hold does beyond our own deleting: AWS keeps longer, too, until the hold's grace is over.

`backup.automatic` runs `apply` every night, `holdfast backup hold` at once. It makes things so
rather than changing them: while the zone is held everything is raised, again if somebody lowered
it; once it is normal everything that is remembered is put back. Dying anywhere, running twice or
beside another ends in the same (decision 0024).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from backup import legal, raised, raised_stores
from backup.hold_rules import HoldState, Raised, Standing
from backup.outcome import Done
from backup.raised_stores import Store
from cloud.door import Cloud, Door
from cloud.failures import Busy
from cloud.permitted import permitted
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import (
    CANCEL_LEGAL_HOLD,
    CREATE_LEGAL_HOLD,
    DESCRIBE_DATABASES,
    DESCRIBE_LOG_GROUPS,
    KEEP_LOGS,
    LIST_LEGAL_HOLDS,
    MODIFY_DATABASE,
    READ_LEASE,
    READ_LIFECYCLE,
    WRITE_HOLD,
    WRITE_LIFECYCLE,
)
from continuity.zone import SiteName


@permitted(
    READ_LEASE,
    WRITE_HOLD,
    DESCRIBE_DATABASES,
    MODIFY_DATABASE,
    DESCRIBE_LOG_GROUPS,
    KEEP_LOGS,
    READ_LIFECYCLE,
    WRITE_LIFECYCLE,
    LIST_LEGAL_HOLDS,
    CREATE_LEGAL_HOLD,
    CANCEL_LEGAL_HOLD,
)
def apply(cloud: Cloud, manifest: Manifest, standing: Standing) -> tuple[Done, ...]:
    """Raise what a held zone needs, or put back what a normal one remembers. Never raises.

    A zone whose grace runs stays raised. Regions go side by side, each on its own memory.
    """
    held = bool(standing.holds or standing.unreadable)
    if not held and standing.state(cloud.clock.now()) is not HoldState.NORMAL:
        return ()
    run = partial(_raise, hold=_token(standing)) if held else _put_back
    found = cloud.workers.run([partial(_site, cloud, manifest, name, run) for name in SiteName])
    return (*(one for done in found for one in done), *legal.apply(cloud, manifest, held=held))


def _token(standing: Standing) -> str:
    """Name the oldest hold so that a later one of the same name is another."""
    if not standing.holds:
        return "unreadable holds"
    return f"{standing.holds[0].identifier} of {standing.holds[0].since:%Y-%m-%d %H:%M}"


Run = Callable[["_Kept"], Iterator[Done]]


@dataclass(frozen=True)
class _Kept:
    """One store of one site, where it is remembered, and how its things are now."""

    door: Door
    table: str
    store: Store

    def memory(self) -> dict[str, Raised]:
        """Return what is remembered."""
        prefix = f"{self.store.kind}:"
        return {
            name.removeprefix(prefix): one
            for name, one in raised.remembered(self.door, self.table).items()
            if name.startswith(prefix)
        }

    def seen(self) -> tuple[dict[str, Raised], dict[str, str]]:
        """Return what is remembered, then what there is: in this order, see `_raise`."""
        return self.memory(), dict(self.store.look())

    def done(self, name: str, sentence: str) -> Done:
        """Return what was done to one thing."""
        return Done(name, self.door.region, well=True, sentence=sentence)


def _site(cloud: Cloud, manifest: Manifest, name: SiteName, run: Run) -> list[Done]:
    site = manifest.sites[name]
    door = cloud.at(site.region)
    done: list[Done] = []
    for store in raised_stores.of_site(manifest, name, door):
        try:
            done += run(_Kept(door, site.lease_table, store))
        except (HoldfastError, ValueError, KeyError, TypeError) as error:
            done.append(Done(store.kind, site.region, well=False, sentence=str(error)))
    return done


def _raise(kept: _Kept, hold: str) -> Iterator[Done]:
    """Raise everything of a store, each remembered before.

    The memory is read before the value: whoever raises remembers first, so a raised value is never
    met without its memory and taken for how it was.
    """
    memory, values = kept.seen()
    for name, now in values.items():
        seen, wanted = memory.get(name), kept.store.raised(now)
        if seen is None and wanted == now:
            continue
        one = Raised(f"{kept.store.kind}:{name}", _meant(kept.store, seen, now), hold)
        if not raised.remember(kept.door, kept.table, one, seen):
            yield kept.done(name, f"{kept.store.kind}: somebody else is at it; the next run looks")
        elif wanted != now:
            yield from _put(kept, name, wanted, f"raised from {now or 'none'} to")


def _meant(store: Store, seen: Raised | None, now: str) -> str:
    """Return what is to be put back: what was, or what somebody set while it was raised."""
    if seen is None:
        return now
    return seen.was if now in {seen.was, store.raised(seen.was)} else store.meant(seen.was, now)


def _put_back(kept: _Kept) -> Iterator[Done]:
    """Put back everything of a store, and forget it once it is back.

    What somebody set to another value since is theirs, and stays. Where nothing is remembered,
    nothing is looked at: that is how it is on nearly every night.
    """
    memory = kept.memory()
    if not memory:
        return
    values = dict(kept.store.look())
    for name, seen in memory.items():
        if name in values and values[name] == kept.store.raised(seen.was) != seen.was:
            yield from _put(kept, name, seen.was, "put back to")
    left = kept.store.look()
    for name, seen in memory.items():
        if left.get(name) == seen.was or left.get(name) != kept.store.raised(seen.was):
            raised.forget(kept.door, kept.table, seen)


def _put(kept: _Kept, name: str, value: str, verb: str) -> Iterator[Done]:
    said = f"{kept.store.kind}: {verb} {value or 'none'}"
    try:
        kept.store.put(name, value)
    except Busy as busy:
        yield kept.done(name, f"{said} waits: {busy}")
    except HoldfastError as error:
        yield Done(name, kept.door.region, well=False, sentence=f"{said}: {error}")
    else:
        yield kept.done(name, said)
