"""A paused run: it is looked at and its lease is renewed, and nothing is begun.

`failover.recover` asks after each picture. What AWS was already at may be noticed to be done; what
is late or lost is judged when the run goes on, because nobody could act meanwhile. Pure.
"""

from continuity.journal import EntryKind
from failover.assess import Assessment
from failover.draft import Draft
from failover.progress import Progress, State
from failover.run import Run

POLL_S = 10.0


def still(found: Assessment) -> Assessment:
    """Return what of an assessment holds in a pause: what was seen, and nothing to do."""
    drafts = [draft for draft in found.drafts if _seen(draft)]
    return Assessment(drafts=drafts, judged=found.judged)


def progress(run: Run, zone: str) -> Progress:
    """Say that the run is paused, by whom, and who must do what."""
    pause = run.paused
    told = "" if pause is None else pause.sentence
    lift = f"It goes on with `holdfast failover resume {zone}`."
    return Progress(f"{run.name} is paused. {told} {lift}", POLL_S, State.WAITING)


def _seen(draft: Draft) -> bool:
    """Tell what the world is like from what is begun or given up."""
    return draft.kind is EntryKind.DONE or (draft.kind is EntryKind.VERDICT and draft.step is None)
