"""Steps: let the site that serves now be warranted again, and make the way back of latches anew.

Built by `failover.graceful`, last of all; after an emergency, or where one fails,
`failover.settlement` does the same later. What an earlier move left in the other site's latch says
that the site which serves now may not: its closing object, its revoked warrant, and that the other
site is open. As the records are declared now none of the three leads anybody anywhere; once the
roles are swapped all of them would.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from continuity.errors import PermanentError
from continuity.journal import EntryKind
from continuity.manifest import Manifest
from continuity.permissions import (
    LIFT_LATCH,
    LIST_LATCH,
    MOVE_LATCH,
    READ_WARRANT,
    READ_WITNESS,
    REVOKE_AT_WITNESS,
)
from continuity.zone import SiteName
from failover import estimates
from failover.observation import Observation
from failover.ports import Hands
from failover.step import Settled, Step

REARMED, FAILED = "rearmed", "failed"
WROTE = "wrote"
"""Says of a verdict whether anything had to be written: health checkers learn of it later."""


@dataclass(frozen=True, kw_only=True)
class Rearm(Step):
    """Make one holder of warrants say that the new serving site may serve."""

    at_witness: bool

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: the act itself knows."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Write what is not so yet; a second time changes nothing."""
        hands.rearm(at_witness=self.at_witness)
        return Settled(_told(seen.manifest, at_witness=self.at_witness))


def attempt(hands: Hands, manifest: Manifest, *, at_witness: bool) -> Settled:
    """Do the same once the run is over, and return the verdict; a refusal of AWS is one, too."""
    try:
        wrote = hands.rearm(at_witness=at_witness)
    except PermanentError as error:
        wanted_so = wanted(manifest, at_witness=at_witness)
        return Settled(f"Not so yet: {wanted_so}: {error}", EntryKind.VERDICT, {"verdict": FAILED})
    told = _told(manifest, at_witness=at_witness)
    return Settled(told, EntryKind.VERDICT, {"verdict": REARMED, WROTE: wrote})


def names(manifest: Manifest) -> Mapping[str, bool]:
    """Return the steps, and whether each is the witness's; none without warrants."""
    if manifest.witness is None:
        return {}
    latch = latch_step(manifest.standby)
    return {latch: False, f"{latch}-at-witness": True}


def latch_step(site: SiteName) -> str:
    """Return the step by which the other site's latch warrants a site, `rearm-away`."""
    return f"rearm-{site}"


def wanted(manifest: Manifest, *, at_witness: bool) -> str:
    """Say what is to be so."""
    holder = "witness" if at_witness else f"{manifest.active} site's latch"
    return f"the {holder} warrants {manifest.standby}"


def _told(manifest: Manifest, *, at_witness: bool) -> str:
    holder = "witness" if at_witness else f"{manifest.active} site's latch"
    return f"The {holder} warrants the {manifest.standby} site."


def rearms(manifest: Manifest, needs: frozenset[str]) -> tuple[Step, ...]:
    """Return a step for each holder; none where the manifest knows no warrants."""
    if manifest.witness is None:
        return ()
    site, old = manifest.standby, manifest.active
    latch, witness = names(manifest)
    return (
        Rearm(
            name=latch,
            what=f"let the {old} site's latch warrant {site}, and forget what an earlier move left",
            needs=needs,
            site=old,
            estimate=estimates.REVOKE,
            deadline_s=300,
            permissions=(READ_WARRANT, MOVE_LATCH, LIST_LATCH, LIFT_LATCH),
            best_effort=True,
            at_witness=False,
        ),
        Rearm(
            name=witness,
            what=f"let the witness in {manifest.witness.region} warrant {site}",
            needs=needs,
            site=site,
            estimate=estimates.REVOKE,
            deadline_s=300,
            permissions=(READ_WITNESS, REVOKE_AT_WITNESS),
            best_effort=True,
            at_witness=True,
        ),
    )
