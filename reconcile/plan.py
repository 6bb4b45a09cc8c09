"""Everything that reconciling a zone comes to, worked out before anything is changed.

`cli.reconcile_command` shows it, `reconcile.act` does it. Pure: what it needs was read before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from continuity.agreement import Live
from continuity.manifest import Manifest
from failover.observation import Instance
from failover.run import Run
from failover.whereabouts import Place
from reconcile import stack_file, swapped
from reconcile.decision import Decision, Ended, decide
from reconcile.operations import Operation, operations


@dataclass(frozen=True)
class Zone:
    """A zone as it is found: its stack's file and config, its manifest, its last run.

    `left_answers` says whether the region of the site that the manifest calls active is there,
    `observed` what the run brought back without having written it down, `swaps` the instances that
    took a database's name without any run.
    """

    manifest: Manifest
    run: Run | None
    text: str
    config: Mapping[str, Any]
    left_answers: bool
    observed: Mapping[str, Place] = field(default_factory=dict)
    swaps: Mapping[str, Instance] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The new data with its reasons, the file with it, and what the engine's state must be told.

    `swapped` is what it must be told of names that a restore swapped: shown, never done.
    """

    zone: str
    decision: Decision
    before: str
    after: str
    operations: tuple[Operation, ...]
    live: Live
    swapped: tuple[Operation, ...] = ()

    @property
    def difference(self) -> str:
        """Return the difference of the file; empty where the data is in it already."""
        return stack_file.difference(self.zone, self.before, self.after)

    @property
    def nothing_changed_hands(self) -> bool:
        """Say whether the last run, if there was one, left nothing to reconcile."""
        return not self.operations and not self.difference


def make(zone: Zone) -> Plan:
    """Return the plan.

    Raises:
        Refusal: a run is open, or its end leaves no site that serves.
        InvalidInput: the stack's file lacks what must be changed in it.
    """
    manifest = zone.manifest
    now = stack_file.read(manifest.zone, zone.config)
    ended = None if zone.run is None else Ended(zone.run, zone.observed, zone.left_answers)
    decision = decide(ended, manifest, now)
    return Plan(
        zone=manifest.zone,
        decision=decision,
        before=zone.text,
        after=stack_file.written(zone.text, decision.data),
        operations=operations(decision, manifest),
        live=live(decision, manifest),
        swapped=() if decision.moved else swapped.operations(zone.swaps, manifest),
    )


def live(decision: Decision, manifest: Manifest) -> Live:
    """Return what serves once the data is `decision.data`."""
    active = decision.data.active
    buckets = [site.latch.bucket for site in manifest.sites.values()]
    witness = [] if manifest.witness is None else [manifest.witness.bucket]
    return Live(
        region=manifest.sites[active].region,
        instances=frozenset(
            decision.data.identifier(database.name, active) for database in manifest.databases
        ),
        latches=frozenset([*buckets, *witness]),
    )
