"""The legal hold on each vault of a held zone: renewed every day, cancelled at its end.

`backup.raising` runs it. A legal hold covers no point that is made after it, so each day asks for a
new one; the one before goes when the new one is active, and there is never a moment without.
"""

from functools import partial

from backup.outcome import Done
from cloud import legal_holds
from cloud.door import Cloud, Door
from cloud.legal_holds import LegalHold, LegalHoldState
from cloud.permitted import permitted
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import CANCEL_LEGAL_HOLD, CREATE_LEGAL_HOLD, LIST_LEGAL_HOLDS
from continuity.zone import SiteName

_THERE = frozenset({LegalHoldState.CREATING, LegalHoldState.ACTIVE})


@permitted(LIST_LEGAL_HOLDS, CREATE_LEGAL_HOLD, CANCEL_LEGAL_HOLD)
def apply(cloud: Cloud, manifest: Manifest, *, held: bool) -> tuple[Done, ...]:
    """Hold every vault of the zone as of today, or none of them any more. Never raises."""
    vaults = [name for name in SiteName if manifest.sites[name].safekeeping.vault]
    looks = [partial(_site, cloud, manifest, name, held=held) for name in vaults]
    return tuple(one for done in cloud.workers.run(looks) for one in done)


def _site(cloud: Cloud, manifest: Manifest, name: SiteName, *, held: bool) -> list[Done]:
    site = manifest.sites[name]
    door, vault = cloud.at(site.region), site.safekeeping.vault
    ours = f"holdfast {manifest.zone} {name} "
    try:
        return _hold(door, vault, ours) if held else _let_go(door, vault, ours)
    except HoldfastError as error:
        return [Done(vault, site.region, well=False, sentence=f"legal hold: {error}")]


def _hold(door: Door, vault: str, ours: str) -> list[Done]:
    today = f"{ours}{door.clock.now():%Y-%m-%d}"
    every = legal_holds.listed(door, ours)
    mine = [one for one in every if one.title.startswith(today)]
    on = [one for one in mine if one.state in _THERE]
    done = []
    if not on:
        # One that was cancelled today would be the answer to its own name: the next has another.
        title = f"{today} {len(mine) + 1}" if mine else today
        legal_holds.create(door, vault, title, "Something is wrong: nothing may be deleted.")
        done.append(_done(door, vault, f"{title} is asked for"))
    if any(one.state is LegalHoldState.ACTIVE for one in on):
        old = [one for one in every if one.state in _THERE and one not in mine]
        done += _cancel(door, vault, old, f"{today} covers what it did")
    return done


def _let_go(door: Door, vault: str, ours: str) -> list[Done]:
    found = [one for one in legal_holds.listed(door, ours) if one.state in _THERE]
    return _cancel(door, vault, found, "no hold is on any more")


def _cancel(door: Door, vault: str, found: list[LegalHold], why: str) -> list[Done]:
    for one in found:
        legal_holds.cancel(door, one.identity, why)
    return [_done(door, vault, f"{one.title} is cancelled: {why}") for one in found]


def _done(door: Door, vault: str, sentence: str) -> Done:
    return Done(vault, door.region, well=True, sentence=f"legal hold: {sentence}")
