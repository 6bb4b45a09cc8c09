"""One database promoted, one restored beside its name, one under it: reconciled, and deployed.

The whole `up` runs, with home back: the program and AWS agree afterwards.
"""

from pathlib import Path

from continuity.planned import Doing
from continuity.zone import SiteName
from failover.case import SourceKind
from failover.whereabouts import Place
from reconcile import stack_file
from reconcile.decision import Decision
from reconcile.operations import operations
from reconcile.plan import live
from reconcile.rehearsal import play
from reconcile.role_data import RoleData
from reconcile.simulated import SimulatedStack
from simulator.backstage import client
from simulator.deployment import deploy
from simulator.project import parsed_config, stack_config
from simulator.world import World

PROJECT = Path(__file__).parents[3]
HOME, AWAY = SiteName.HOME, SiteName.AWAY
RUN = "sa1-0001"
BESIDE = f"sa1-catalogue-away-1-by-{RUN}"
PLACES = {
    "accounts": ("sa1-accounts-away-1", SourceKind.REPLICA, ""),
    "orders": ("sa1-orders-away-1", SourceKind.SNAPSHOT, ""),
    "catalogue": (BESIDE, SourceKind.SNAPSHOT, "sa1-catalogue-away-1"),
}


def test_whatever_each_database_came_back_from_the_program_finds_it() -> None:
    now = stack_file.read("sa1", stack_config(PROJECT, "sa1"))
    named = {"catalogue": {AWAY: BESIDE}}
    data = RoleData("sa1", AWAY, {HOME: 2, AWAY: 1}, now.works_from, named)
    text = (PROJECT / stack_file.path("sa1")).read_text("utf-8")
    config = parsed_config("sa1", stack_file.written(text, data))
    with World(3) as world, world.instantly():
        manifest, state = deploy(world, "sa1", PROJECT)
        places = {name: Place(name, one[0], "", "", *one[1:]) for name, one in PLACES.items()}
        decision = Decision(RUN, data, (), places, moved=True)
        play(world, manifest, decision)
        stack = SimulatedStack(world, PROJECT, "sa1", state)
        serves = live(decision, manifest)
        assert stack.prove(serves, config) != ()
        stack.perform(operations(decision, manifest))
        assert stack.prove(serves, config) == ()
        before = resources(serves.region, serves.instances)
        later = stack.up(config)
        assert resources(serves.region, serves.instances) == before
        assert {one.doing for one in stack.preview(config)[0]} == {Doing.SAME}
    assert later.active is AWAY
    assert {one.members[AWAY].identifier for one in later.databases} == serves.instances
    assert {one.members[HOME].identifier for one in later.databases} == {
        f"sa1-{name}-home-2" for name in PLACES
    }
    sources = {
        one.name: one.inputs["replicateSourceDb"]
        for one in stack.state.resources
        if one.name.endswith("-home-2") and one.custom
    }
    assert sources == {
        one.members[HOME].identifier: one.members[AWAY].arn for one in later.databases
    }


def resources(region: str, identifiers: frozenset[str]) -> dict[str, str]:
    """Return who the instances really are: a name may change hands, this does not."""
    found = client("rds", region).describe_db_instances()["DBInstances"]
    named = {one["DBInstanceIdentifier"]: one["DbiResourceId"] for one in found}
    return {identifier: named[identifier] for identifier in sorted(identifiers)}
