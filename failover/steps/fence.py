"""Step: cut the old primary off, if its region still listens. One short attempt, one verdict.

Built by `failover.region_loss`. The only step that calls the serving region; nothing waits longer
for it than its own timeouts. A closed latch fences what cannot be called.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
from continuity.wording import seconds_text
from failover import estimates
from failover.observation import Observation
from failover.ports import Hands
from failover.run import Run
from failover.step import Settled, Step
from failover.steps.settle import SETTLE_S

FENCED, UNREACHABLE, FAILED = "fenced", "unreachable", "failed"
OVERRIDDEN = "overridden"
"""A person took it upon themselves that nothing writes there. It ends the attempts, and proves
nothing: what waits for a fence waits as if there were none."""

PROOF_HOLDS = timedelta(seconds=SETTLE_S + 120)
"""How old the proof of the first database may be when the site is fenced: the last one may take as
long as it may, and a driver may have to be replaced."""


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


@dataclass(frozen=True, kw_only=True)
class FenceProven(Fence):
    """Cut off a site whose databases were proven equal, while nobody can have written since.

    The platform was stopped before the proofs; hours later somebody may have started it again.
    """

    proofs: frozenset[str]

    def hopeless(self, seen: Observation) -> str | None:
        """Say that the proofs have aged, as long as it was not begun."""
        begun, oldest = seen.run.intents.get(self.name), proven_at(seen.run, self.proofs)
        if begun is not None or oldest is None or seen.now - oldest <= PROOF_HOLDS:
            return None
        aged = seconds_text((seen.now - oldest).total_seconds())
        return f"what was proven is {aged} old, and somebody may have written since"


def proven_at(run: Run, proofs: frozenset[str]) -> datetime | None:
    """Return when the oldest of some proofs was given; None where one is missing."""
    found = [run.done[name].at for name in proofs if name in run.done]
    return min(found) if found and len(found) == len(proofs) else None


def holds(seen: Observation, proof: str) -> bool:
    """Say whether a proof still holds: the fence came soon after it, or it is young itself."""
    proven, fenced = seen.run.done.get(proof), standing(seen.run, seen.manifest)
    if proven is None:
        return False
    closed = fenced is not None and fenced.data.get("verdict") == FENCED
    until = fenced.at if fenced is not None and closed else seen.now
    return until - proven.at <= PROOF_HOLDS


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
    return Fence(**_settings(manifest), needs=needs, best_effort=True)


def fence_proven(manifest: Manifest, proofs: frozenset[str]) -> Step:
    """Return the step for a site that a planned move leaves, once every proof is given."""
    return FenceProven(**_settings(manifest), needs=proofs, proofs=proofs, irreversible=True)


def _settings(manifest: Manifest) -> dict[str, Any]:
    return {
        "name": name(manifest),
        "what": f"cut the platform of the {manifest.active} site off its databases, if it answers",
        "site": manifest.active,
        "estimate": estimates.FENCE,
        "deadline_s": 300,
        "permissions": (
            DESCRIBE_GROUPS,
            REVOKE_INGRESS,
            DESCRIBE_SCALING,
            REGISTER_SCALING,
            DESCRIBE_SERVICES,
            UPDATE_SERVICE,
        ),
    }
