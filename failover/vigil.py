"""What has to be tried again after its first attempt, for as long as anybody watches.

A region that was silent when the run cut it off may return at any time, with an application that
still writes to databases which are no longer the zone's. `failover.recover` calls `in_run` while it
waits, `failover.engine` the other two: `after_run` for a run that is over, `without_memory` while
the standby site, and the journal with it, cannot be reached.
"""

from collections.abc import Callable, Mapping
from functools import partial

from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.outside import Served
from failover import leftovers
from failover.draft import Draft
from failover.observation import Look, Reading, Wanted
from failover.observe import observe, reading
from failover.planned import Mode, mode
from failover.ports import Attempt, Hands
from failover.run import Run
from failover.step import Settled
from failover.steps import fence, revoke
from failover.surroundings import Surroundings

WITHIN_S = 10.0
Act = Callable[[Hands], Settled]
Acts = Mapping[str, Act]


def moved(run: Run, manifest: Manifest) -> bool:
    """Say whether a run closed the serving site, and neither a person nor a take-back undid it."""
    if mode(run) is Mode.BACK:
        return False
    return f"close-{manifest.active}" in run.done and run.outcome != "aborted"


def due(run: Run, manifest: Manifest) -> Acts:
    """Return what was tried and has to be tried again, by step. Pure."""
    acts: dict[str, Act] = {}
    if not moved(run, manifest):
        return acts
    if fence.verdict(run, manifest) in (fence.UNREACHABLE, fence.FAILED):
        acts[fence.name(manifest)] = partial(fence.attempt, manifest=manifest)
    if revoke.verdict(run, manifest) in (fence.UNREACHABLE, fence.FAILED):
        acts[revoke.at_witness(manifest)] = partial(revoke.attempt, run=run, manifest=manifest)
    return acts


def in_run(around: Surroundings, run: Run) -> list[Draft]:
    """Try again what is due, side by side; return the verdicts that are news."""
    return _news(run, _try(around, due(run, around.manifest)))


def after_run(around: Surroundings, run: Run) -> list[Draft]:
    """Keep the site that was left fenced: try what is due, and fence it anew if it was opened.

    Once it is fenced the instances there are marked, so that nobody takes one for the database.

    A site that clients reach is never touched: somebody has led them back, and knows why.
    """
    manifest = around.manifest
    if not moved(run, manifest) or not _still_closed(around, run):
        return []
    acts = dict(due(run, manifest))
    if fence.verdict(run, manifest) == fence.FENCED and _opened_again(around):
        acts[fence.name(manifest)] = partial(fence.attempt, manifest=manifest)
        return verdicts_of(_try(around, acts))
    if leftovers.within_reach(run, manifest):
        acts[leftovers.name(manifest)] = partial(leftovers.attempt, run=run, manifest=manifest)
    return _news(run, _try(around, acts))


def without_memory(around: Surroundings) -> str | None:
    """Keep the site fenced by the witness's word alone, which outlives lease and journal.

    Return what is to be said where the witness says that the zone was moved, else None.
    """
    manifest = around.manifest
    try:
        if manifest.witness is None or around.sight.witness_warrants():
            return None
    except HoldfastError:
        return None
    if around.outside.served_by(manifest.traffic.name) is Served(manifest.active.value):
        return None
    acts: Acts = {}
    if _opened_again(around):
        acts = {fence.name(manifest): partial(fence.attempt, manifest=manifest)}
    told = [draft.sentence for draft in verdicts_of(_try(around, acts))]
    site = manifest.standby_site.region
    sentence = f"The witness says that {manifest.zone} was moved to {site}, which does not answer."
    return " ".join([sentence, *told])


def _still_closed(around: Surroundings, run: Run) -> bool:
    """Say whether clients are still kept out: by the latch's object, and as anybody sees it."""
    manifest = around.manifest
    wanted = Wanted(frozenset({Look.LATCHES, Look.PUBLIC}))
    seen = observe(around, run, wanted, Reading())
    latches, public = seen.latches.value, seen.public.value
    closed = latches is not None and manifest.standby_site.latch.closed_key in latches
    return closed and public is not None and public is not Served(manifest.active.value)


def _opened_again(around: Surroundings) -> bool:
    """Say whether the serving site answers and is not fenced; silence says nothing."""
    found = reading(around.clock.now(), around.sight.fence_state).value
    return found is not None and not found.closed


def _try(around: Surroundings, acts: Acts) -> Mapping[str, Attempt[Settled]]:
    return around.crew.each(acts, WITHIN_S) if acts else {}


def verdicts_of(attempts: Mapping[str, Attempt[Settled]]) -> list[Draft]:
    """Return what came of attempts; one that raised is no verdict."""
    return [
        Draft(one.value.kind, one.value.sentence, step, one.value.data)
        for step, one in attempts.items()
        if one.value is not None
    ]


def _news(run: Run, attempts: Mapping[str, Attempt[Settled]]) -> list[Draft]:
    """Leave out the verdicts that the journal knows: an outage of hours must not fill it."""
    return [
        draft
        for draft in verdicts_of(attempts)
        if draft.data.get("verdict") not in _known(run, str(draft.step))
    ]


def _known(run: Run, step: str) -> list[object]:
    """Return the last verdict on a step, if there is one."""
    return [entry.data.get("verdict") for entry in fence.history(run, step)[-1:]]
