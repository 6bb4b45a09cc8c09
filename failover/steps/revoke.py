"""Steps: take the serving site's warrants away, so that nothing leads clients back to it.

Built by `failover.region_loss`, after the site is closed. A closing object lies in the standby and
is lost with it; a warrant that was revoked is missing wherever it is missing, whatever dies and
returns. The witness's region may be dead: one short attempt, and `failover.vigil` tries again.

They wait for approval as promotions do: until something is promoted the closed site holds the
truth, and clients who find it because the standby is lost as well find the right one.
"""

from dataclasses import dataclass

from continuity.errors import PermanentError
from continuity.journal import EntryKind
from continuity.manifest import Manifest
from continuity.permissions import MOVE_LATCH, READ_WARRANT, READ_WITNESS, REVOKE_AT_WITNESS
from failover import estimates
from failover.observation import Observation
from failover.ports import Hands
from failover.run import Run
from failover.step import Settled, Step
from failover.steps.fence import FAILED, UNREACHABLE, history

REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True)
class Revoke(Step):
    """Overwrite one warrant; in the witness's region as well as it answers."""

    at_witness: bool

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: the act itself knows."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Revoke it, unless it was before."""
        if self.at_witness:
            return attempt(hands, seen.run, seen.manifest)
        hands.revoke_warrant(seen.run.name, at_witness=False)
        return Settled(f"The standby's latch does not warrant {seen.manifest.active} any more.")


def attempt(hands: Hands, run: Run, manifest: Manifest) -> Settled:
    """Revoke the witness's warrant and return the verdict; a refusal of AWS is one, too."""
    site = manifest.active
    try:
        reached = hands.revoke_warrant(run.name, at_witness=True)
    except PermanentError as error:
        return _verdict(FAILED, f"The witness's warrant for {site} could not be revoked: {error}")
    if reached:
        return _verdict(REVOKED, f"The witness does not warrant {site} any more.")
    return _verdict(UNREACHABLE, f"The witness still warrants {site}: its region is silent.")


def _verdict(verdict: str, sentence: str) -> Settled:
    return Settled(sentence, EntryKind.VERDICT, {"verdict": verdict})


def at_witness(manifest: Manifest) -> str:
    """Return the name of the step that may have to be tried again, `revoke-home-at-witness`."""
    return f"revoke-{manifest.active}-at-witness"


def verdict(run: Run, manifest: Manifest) -> str | None:
    """Return revoked, unreachable or failed; None before the first attempt."""
    verdicts = history(run, at_witness(manifest))
    return str(verdicts[-1].data.get("verdict")) if verdicts else None


def revocations(manifest: Manifest, needs: frozenset[str]) -> tuple[Step, ...]:
    """Return a step for each warrant of the serving site; none where the manifest knows none."""
    if manifest.witness is None:
        return ()
    site = manifest.active
    return (
        Revoke(
            name=f"revoke-{site}",
            what=f"revoke the warrant of the {site} site in the standby's latch",
            needs=needs,
            site=manifest.standby,
            estimate=estimates.REVOKE,
            deadline_s=600,
            permissions=(READ_WARRANT, MOVE_LATCH),
            irreversible=True,
            at_witness=False,
        ),
        Revoke(
            name=at_witness(manifest),
            what=f"revoke the warrant of the {site} site in {manifest.witness.region}",
            needs=needs,
            site=manifest.standby,
            estimate=estimates.REVOKE,
            deadline_s=300,
            permissions=(READ_WITNESS, REVOKE_AT_WITNESS),
            irreversible=True,
            best_effort=True,
            at_witness=True,
        ),
    )
