"""Pays what the last move of a zone owes: fences, marks what was left, warrants what serves.

Once that is deployed, the site that was left and is built anew gets its tasks back, too.
`holdfast reconcile` looks, and with --apply settles; whatever is so already changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from cloud.door import Cloud
from continuity.errors import Refusal
from continuity.journal import Entry, EntryKind
from continuity.outside import Served
from continuity.zone import SiteName
from failover import decisions, fencing, history, leftovers
from failover.aftermath import Move, find
from failover.aws import surroundings
from failover.draft import Draft
from failover.observe import reading
from failover.ports import Attempt, Hands
from failover.step import Settled
from failover.steps import fence, rearm
from failover.surroundings import Surroundings
from failover.vigil import Act, verdicts_of

WITHIN_S = 20.0
"""Less than a run needs from its first journal entry to closing a site, so that what is taken away
here is never what a run that nobody saw has just put there."""

WARMED = "warmed"
_GOOD = frozenset({rearm.REARMED, leftovers.MARKED, WARMED})
_BAD = frozenset({fence.UNREACHABLE, fence.FAILED})


@dataclass(frozen=True)
class Paid:
    """What was done and what could not be, a sentence each."""

    done: tuple[str, ...] = ()
    due: tuple[str, ...] = ()


@dataclass(frozen=True)
class Warm:
    """How many tasks run in a site that stands by, as the stack's file declares it."""

    minimum: int
    desired: int
    maximum: int


def look(cloud: Cloud, around: Surroundings) -> tuple[Move, Surroundings] | None:
    """Return the last move of a zone and the zone as its manifest has it; None without one.

    Raises:
        HoldfastError: a site's journal cannot be read.
    """
    manifest = around.manifest
    swapped = surroundings(replace(manifest, active=manifest.standby), cloud, around.outside)
    found = find(decisions.current(around), lambda: history.runs_of(swapped), manifest)
    if found is None:
        return None
    return found, swapped if found.deployed else around


def settle(move: Move, around: Surroundings, by: str, warm: Warm | None = None) -> Paid:
    """Do what a move owes, and journal it. `around` is the zone as the move's manifest has it.

    Once it is deployed, the site that was left stands by: `warm` says what runs there then.
    It returns when health checkers have seen it: a deployment that came sooner would lead clients
    by what they saw before.

    Raises:
        HoldfastError: the healthy site does not answer.
    """
    manifest, name = move.manifest, move.manifest.traffic.name
    served = around.outside.served_by(name)
    if served is not Served(manifest.standby.value):
        site = manifest.standby
        return Paid(due=(f"Clients of {name} are served by {served}: {site} is not warranted.",))
    fenced = () if move.deployed else _fenced(around, by)
    attempts = around.crew.each({**_acts(move, around), **_warming(move, around, warm)}, WITHIN_S)
    drafts = verdicts_of(attempts)
    _write(around, move, drafts, by)
    if any(one.data.get(rearm.WROTE) for one in drafts):
        around.clock.sleep(manifest.traffic.check_interval_s * manifest.traffic.failure_threshold)
    good = [one for one in drafts if one.data.get("verdict") in _GOOD]
    told = [one.sentence for one in drafts if one not in good]
    done = [one.sentence for one in fenced if not _failed(one)]
    return Paid(
        (*done, *(one.sentence for one in good)),
        (*(one.sentence for one in fenced if _failed(one)), *told, *_errors(attempts, move)),
    )


def _fenced(around: Surroundings, by: str) -> tuple[Entry, ...]:
    """Fence the site that was left, which marks what it holds; nothing where that was done."""
    try:
        return fencing.apply(around, by) if fencing.look(around).due else ()
    except Refusal:  # somebody leads clients there at this moment
        return ()


def _failed(entry: Entry) -> bool:
    return entry.data.get("verdict") in _BAD


def _acts(move: Move, around: Surroundings) -> Mapping[str, Act]:
    """Return what is to be tried side by side; a silent region is not written to."""
    manifest, acts = move.manifest, dict[str, Act]()
    if move.deployed:
        marking = partial(leftovers.attempt, run=move.run, manifest=manifest, kept=move.kept)
        acts[leftovers.name(manifest)] = marking
    answers = around.sight.serving_region_answers()
    for step, at_witness in rearm.names(manifest).items():
        if at_witness or answers:
            acts[step] = partial(rearm.attempt, manifest=manifest, at_witness=at_witness)
    return acts


def _warming(move: Move, around: Surroundings, warm: Warm | None) -> Mapping[str, Act]:
    """Return what ends the fence's hold on the platform, where the deployment did not.

    The program leaves the number of tasks to automatic scaling, and sees no difference in bounds
    that are the same for a serving and a standing site.
    """
    if not move.deployed or warm is None or not warm.desired:
        return {}
    found = reading(around.clock.now(), around.sight.fence_state).value
    if found is None or (found.desired and found.most != 0):
        return {}
    site = move.manifest.active
    return {f"warm-{site}": partial(_warmed, warm=warm, site=site)}


def _warmed(hands: Hands, warm: Warm, site: SiteName) -> Settled:
    hands.wake_serving(warm.minimum, warm.maximum, warm.desired)
    sentence = f"The {site} site stands by with {warm.desired} tasks again."
    return Settled(sentence, EntryKind.VERDICT, {"verdict": WARMED})


def _errors(attempts: Mapping[str, Attempt[Settled]], move: Move) -> Iterable[str]:
    for step, one in attempts.items():
        if one.value is None:
            yield f"{step}: {one.error or 'there was no time for it'}"
    for step, at_witness in rearm.names(move.manifest).items():
        if step not in attempts:
            wanted = rearm.wanted(move.manifest, at_witness=at_witness)
            yield f"{move.manifest.serving_site.region} is silent. Still due: {wanted}."


def _write(around: Surroundings, move: Move, drafts: list[Draft], by: str) -> None:
    """Journal what is news, in the move's own run as long as no later one has its place."""
    known = {(one.step, one.data.get("verdict")) for one in move.run.of(EntryKind.VERDICT)}
    current = decisions.current(around)
    if current is None or current.name != move.run.name:
        return
    for draft in drafts:
        if (draft.step, draft.data.get("verdict")) not in known:
            _record(around, replace(draft, data={**draft.data, "by": by}))


def _record(around: Surroundings, draft: Draft) -> None:
    decisions.record(around, lambda _: draft, ended=True)
