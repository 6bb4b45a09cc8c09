"""The site that a run left: whether it is cut off, what came of each attempt, and one more of them.

`holdfast failover fence` shows `look`, acts with `apply`, and writes down with `override` what a
person answers for. `failover.vigil` does the same without being asked.
"""

from dataclasses import dataclass, replace
from functools import partial

from continuity.errors import Refusal
from continuity.journal import Entry, EntryKind
from continuity.manifest import Manifest
from continuity.outside import Served
from failover import decisions, leftovers
from failover.barrier import Barrier
from failover.draft import Draft
from failover.observation import Reading
from failover.observe import reading
from failover.people import shown
from failover.run import Run
from failover.steps import fence, revoke
from failover.surroundings import Surroundings
from failover.vigil import Act, moved, verdicts_of

WITHIN_S = 20.0


@dataclass(frozen=True)
class Fencing:
    """The site that a run left, as it is now; `verdicts` are what the journal says of it."""

    run: Run
    site: str
    barrier: Reading[Barrier]
    warranted: Reading[bool]
    verdicts: tuple[Entry, ...]
    unmarked: bool = False

    @property
    def due(self) -> tuple[str, ...]:
        """Return what is still to be done, a sentence each."""
        found = []
        if self.barrier.value is None:
            found.append(f"Find out whether {self.site} is fenced: {self.barrier.error}")
        elif not self.barrier.value.closed:
            found.append(f"Fence {self.site}: {_open(self.barrier.value)}.")
        if self.warranted.value is None:
            found.append(f"Ask the witness again: {self.warranted.error}")
        elif self.warranted.value:
            found.append(f"Revoke the witness's warrant for {self.site}.")
        if self.unmarked:
            found.append(f"Mark the instances that {self.run.name} left.")
        return tuple(found)


def _open(barrier: Barrier) -> str:
    ways = []
    if barrier.admits_application:
        ways.append("its databases admit its platform")
    if barrier.desired:
        ways.append(f"{barrier.desired} tasks should run there")
    if barrier.most:
        ways.append(f"automatic scaling may start {barrier.most}")
    return ", ".join(ways)


def look(around: Surroundings) -> Fencing:
    """Look at the site that the last run left.

    Raises:
        Refusal: no run moved the zone, or clients are served by that site.
    """
    manifest, now = around.manifest, around.clock.now()
    run = decisions.current(around)
    if run is None or not moved(run, manifest):
        raise Refusal(
            f"No failover has moved {manifest.zone}: {manifest.active} is its serving site.",
            f"Move it with `holdfast failover start {manifest.zone}`, which fences it.",
        )
    if around.outside.served_by(manifest.traffic.name) is Served(manifest.active.value):
        raise Refusal(
            f"Clients of {manifest.zone} are served by {manifest.active}: a fence would stop them.",
            "Close the site first; a failover does it.",
        )
    warranted: Reading[bool] = Reading(now, value=False, error=None)
    if manifest.witness is not None:
        warranted = reading(now, around.sight.witness_warrants)
    return Fencing(
        run=run,
        site=str(manifest.active),
        barrier=reading(now, around.sight.fence_state),
        warranted=warranted,
        verdicts=_verdicts(run, manifest),
        unmarked=leftovers.due(run, manifest),
    )


def apply(around: Surroundings, by: str) -> tuple[Entry, ...]:
    """Fence the site and revoke the witness's warrant, side by side; then mark what was left.

    What came of it is journaled. Nothing is marked as fenced that is not.

    Raises:
        Refusal: as `look`.
        HoldfastError: the journal cannot be written; what was done is done.
    """
    found = look(around)
    manifest = around.manifest
    acts: dict[str, Act] = {fence.name(manifest): partial(fence.attempt, manifest=manifest)}
    if manifest.witness is not None:
        again = partial(revoke.attempt, run=found.run, manifest=manifest)
        acts[revoke.at_witness(manifest)] = again
    attempts = dict(around.crew.each(acts, WITHIN_S))
    fenced = attempts[fence.name(manifest)].value
    if found.unmarked and fenced is not None and fenced.data.get("verdict") == fence.FENCED:
        marks = partial(leftovers.attempt, run=found.run, manifest=manifest)
        attempts |= around.crew.each({leftovers.name(manifest): marks}, WITHIN_S)
    entries = [
        _write(around, replace(draft, data={**draft.data, "by": by}))
        for draft in verdicts_of(attempts)
    ]
    errors = [one.error for one in attempts.values() if one.error is not None]
    if errors:
        raise errors[0]
    return tuple(entries)


def override(around: Surroundings, by: str, reason: str) -> Entry:
    """Write down that a person answers for it that nothing writes in the site that was left.

    Nobody tries to fence it any more, and nothing that waits for a fence waits less.

    Raises:
        Refusal: no run moved the zone.
    """
    manifest = around.manifest
    name, facts = fence.name(manifest), {"verdict": fence.OVERRIDDEN, "by": by, "reason": reason}

    def draft(run: Run) -> Draft:
        if not moved(run, manifest):
            raise Refusal(
                f"{run.name} has not closed {manifest.active}.", "There is no fence to override."
            )
        sentence = f"{shown(by)} answers for the fence of {manifest.active}: {reason}"
        return Draft(EntryKind.VERDICT, sentence, name, facts)

    return decisions.record(around, draft, ended=True)


def _write(around: Surroundings, draft: Draft) -> Entry:
    return decisions.record(around, lambda _: draft, ended=True)


def _verdicts(run: Run, manifest: Manifest) -> tuple[Entry, ...]:
    names = (fence.name(manifest), revoke.at_witness(manifest), leftovers.name(manifest))
    return tuple(entry for name in names for entry in fence.history(run, name))
