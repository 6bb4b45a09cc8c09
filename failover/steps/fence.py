"""Step: cut the old primary off, if its region still listens. One short attempt, one verdict.

Built by `failover.region_loss`. The only step that calls the serving region; nothing waits longer
for it than its own timeouts. A closed latch fences what cannot be called.
"""

from dataclasses import dataclass

from continuity.errors import PermanentError
from continuity.journal import Entry, EntryKind
from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_GROUPS,
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    REGISTER_SCALING,
    REVOKE_INGRESS,
    UPDATE_SERVICE,
)
from failover import estimates
from failover.observation import Observation
from failover.ports import Hands
from failover.run import Run
from failover.step import Settled, Step

FENCED, UNREACHABLE, FAILED = "fenced", "unreachable", "failed"
OVERRIDDEN = "overridden"
"""A person took it upon themselves that nothing writes there. It ends the attempts, and proves
nothing: what waits for a fence waits as if there were none."""


@dataclass(frozen=True, kw_only=True)
class Fence(Step):
    """Stop the serving site's platform and its way to the databases.

    The first verdict lets the run go on; `failover.vigil` tries again until it is fenced.
    """

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: one attempt was made, and there is a verdict."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Try once and judge."""
        return attempt(hands, seen.manifest)


def attempt(hands: Hands, manifest: Manifest) -> Settled:
    """Fence the serving site and return the verdict; a refusal of AWS is one, too."""
    site = manifest.active
    try:
        reached = hands.fence()
    except PermanentError as error:
        return _verdict(FAILED, f"The {site} site could not be fenced: {error}")
    if reached:
        return _verdict(FENCED, f"The {site} site is fenced: its platform writes nothing.")
    return _verdict(UNREACHABLE, f"The {site} site cannot be fenced yet: its region is silent.")


def _verdict(verdict: str, sentence: str) -> Settled:
    return Settled(sentence, EntryKind.VERDICT, {"verdict": verdict})


def name(manifest: Manifest) -> str:
    """Return the step's name, `fence-home`."""
    return f"fence-{manifest.active}"


def history(run: Run, step: str) -> tuple[Entry, ...]:
    """Return every verdict of a step that is tried again: unreachable, then fenced at last."""
    return tuple(entry for entry in run.of(EntryKind.VERDICT) if entry.step == step)


def standing(run: Run, manifest: Manifest) -> Entry | None:
    """Return the newest verdict on the serving site's fence; None before the first attempt."""
    verdicts = history(run, name(manifest))
    return verdicts[-1] if verdicts else None


def verdict(run: Run, manifest: Manifest) -> str | None:
    """Return fenced, unreachable, failed or overridden; None before the first attempt."""
    entry = standing(run, manifest)
    return None if entry is None else str(entry.data.get("verdict"))


def fence(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step for a zone's serving site."""
    return Fence(
        name=name(manifest),
        what=f"cut the platform of the {manifest.active} site off its databases, if it answers",
        needs=needs,
        site=manifest.active,
        estimate=estimates.FENCE,
        deadline_s=300,
        permissions=(
            DESCRIBE_GROUPS,
            REVOKE_INGRESS,
            DESCRIBE_SCALING,
            REGISTER_SCALING,
            DESCRIBE_SERVICES,
            UPDATE_SERVICE,
        ),
        best_effort=True,
    )
