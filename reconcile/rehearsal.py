"""The proof where no state is at hand: the plan is played in a simulated world of its own.

`cli.reconcile_command` asks before anything is written. The program is deployed there as it was
before the run, the run's own calls are made again, and then the plan must leave nothing to fear.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloud.door import Cloud
from continuity import naming
from continuity.agreement import Unexpected
from continuity.manifest import Manifest
from continuity.restorable import Storage
from failover.aws import AwsHands
from failover.case import SourceKind
from failover.ports import Origin
from failover.whereabouts import Place
from reconcile import stack_file
from reconcile.decision import Decision
from reconcile.plan import Plan, Zone
from reconcile.role_data import RoleData, named
from reconcile.simulated import SimulatedStack
from simulator.backstage import client
from simulator.clock import VirtualWorkers
from simulator.deployment import deploy_config
from simulator.platform import SimulatedOutside
from simulator.project import parsed_config
from simulator.world import World

_SEED = 1


def rehearse(plan: Plan, zone: Zone, project: Path) -> tuple[Unexpected, ...]:
    """Return what the program would do after the plan and must not; none is the proof.

    Raises:
        InvalidInput: the program refuses the new data.
        ProgramFailed: the program fails.
    """
    deployed = stack_file.written(zone.text, _deployed(plan, zone))
    with World(_SEED) as world, world.instantly():
        manifest, state = deploy_config(world, plan.zone, project, _config(plan.zone, deployed))
        play(world, manifest, plan.decision)
        stack = SimulatedStack(world, project, plan.zone, state)
        stack.perform(plan.operations)
        return stack.prove(plan.live, _config(plan.zone, plan.after))


def _config(zone: str, text: str) -> Mapping[str, Any]:
    return parsed_config(stack_file.path(zone), text)


def _deployed(plan: Plan, zone: Zone) -> RoleData:
    """Return the data as it was deployed: what the manifest says, whatever the file says now."""
    manifest = zone.manifest
    incarnations = {site: found.incarnation for site, found in manifest.sites.items()}
    identifiers = {
        database.name: {site: member.identifier for site, member in database.members.items()}
        for database in manifest.databases
    }
    return RoleData(
        zone=plan.zone,
        active=manifest.active,
        incarnations=incarnations,
        works_from=plan.decision.data.works_from,
        instances=named(plan.zone, incarnations, identifiers),
    )


def play(world: World, manifest: Manifest, decision: Decision) -> None:
    """Make a run's changes again: promotions, restores, and the platform's limits."""
    cloud = Cloud(world.clock, VirtualWorkers(world.clock, 1))
    door = cloud.at(manifest.standby_site.region)
    hands = AwsHands(manifest, door, SimulatedOutside(world, manifest))
    for place in decision.places.values():
        _bring_back(hands, manifest, place, decision.run)
    counts = manifest.standby_site.hosting
    hands.widen_scaling(counts.serving_minimum, counts.serving_maximum)
    hands.run_tasks(counts.serving_desired)


def _bring_back(hands: AwsHands, manifest: Manifest, place: Place, run: str) -> None:
    database = next(one for one in manifest.databases if one.name == place.database)
    declared = database.members[manifest.standby].identifier
    if place.source is SourceKind.REPLICA:
        hands.promote(declared, database.backup_retention_days, database.backup_window)
        return
    taken = f"{declared}-rehearsed"
    rds = client("rds", manifest.standby_site.region)
    rds.create_db_snapshot(DBSnapshotIdentifier=taken, DBInstanceIdentifier=declared)
    if not place.beside:
        hands.rename(declared, naming.aside(declared, run))
    origin = Origin(taken, None, Storage(database.storage_gb), f"{run}/rehearsal")
    hands.restore(database, place.identifier, origin)
