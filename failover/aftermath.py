"""What a move that is over still owes its zone, and which move that is. Pure.

The old site is fenced, what it left says so, and the site that serves is warranted, so that the
next disaster finds a zone that can be moved again. `failover.settlement` pays it for
`holdfast reconcile`. A planned move warrants by itself (`failover.steps.rearm`); an emergency
cannot, for what it would write to is lost.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from continuity import naming
from continuity.journal import EntryKind
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover import leftovers
from failover.run import Run
from failover.steps import rearm
from failover.vigil import moved
from failover.whereabouts import places, reconciled


@dataclass(frozen=True)
class Move:
    """The last move of a zone. In its manifest `active` is the site that was left.

    `deployed` says that the program was told since; `kept` are the instances that are the zone's.
    """

    run: Run
    manifest: Manifest
    deployed: bool

    @property
    def kept(self) -> frozenset[str]:
        """Return the instances that are the zone's own by now."""
        if self.deployed:
            return leftovers.declared(self.manifest)
        return leftovers.serving(self.run, self.manifest)

    @property
    def by(self) -> str:
        """Return the name of its run over both sites."""
        return naming.run_in(self.run.name, self.manifest.standby)

    @property
    def owed(self) -> tuple[str, ...]:
        """Return what its journal does not say was done, a sentence each."""
        found = []
        if leftovers.due(self.run, self.manifest):
            found.append(f"{self.manifest.active} is fenced, and what {self.by} left says so")
        for step, at_witness in rearm.names(self.manifest).items():
            if not _rearmed(self.run, step):
                found.append(rearm.wanted(self.manifest, at_witness=at_witness))
        return tuple(found)


def untold(run: Run, manifest: Manifest) -> bool:
    """Say whether what a run brought back is not yet what the manifest declares to serve.

    An older run, after which the zone was deployed and moved again, is none of that.
    """
    return moved(run, manifest) and not reconciled(run, manifest)


def find(here: Run | None, there: Callable[[], Iterable[Run]], manifest: Manifest) -> Move | None:
    """Return the last move of a zone; None while a run goes on, or where none is over and well.

    `here` is the last run that the standby keeps, `there` returns those of the serving site, the
    newest first.
    """
    if here is not None and here.end is None:
        return None
    if here is not None and untold(here, manifest):
        return Move(here, manifest, deployed=False) if leftovers.opened(here) else None
    swapped = replace(manifest, active=manifest.standby)
    for run in there():
        if leftovers.opened(run) and moved(run, swapped):
            known = _serves(run, manifest) and not _closed_since(here, manifest, run)
            return Move(run, swapped, deployed=True) if known else None
    return None


def _serves(run: Run, manifest: Manifest) -> bool:
    """Say whether what a run brought back is what serves by the last deployment."""
    names = {one.members[manifest.active].identifier for one in manifest.databases}
    return any(one.identifier in names for one in places(run).values())


def _closed_since(here: Run | None, manifest: Manifest, run: Run) -> bool:
    """Say whether a run that came to nothing closed the serving site after it had been moved to."""
    if here is None or f"close-{manifest.active}" not in here.done:
        return False
    return here.entries[-1].at > run.entries[-1].at


def _rearmed(run: Run, step: str) -> bool:
    """Say whether a step was done in the run, or later by hand."""
    settled = [one for one in run.entries if one.step == step]
    return any(
        one.kind is EntryKind.DONE or one.data.get("verdict") == rearm.REARMED for one in settled
    )


def unwarranted(last: Mapping[SiteName, Run]) -> str:
    """Return the newest move of a zone if its journal does not say that it warranted what serves.

    `last` are the last runs, by the site that keeps them; no manifest is needed. Empty where the
    newest move did, where none is over, and where a zone knows no warrants.
    """
    over = {site: run for site, run in last.items() if leftovers.opened(run)}
    if not over:
        return ""
    site, run = max(over.items(), key=lambda pair: pair[1].entries[-1].at)
    revoked = f"revoke-{site.other}" in run.done
    owing = revoked and not _rearmed(run, rearm.latch_step(site))
    return naming.run_in(run.name, site) if owing else ""
