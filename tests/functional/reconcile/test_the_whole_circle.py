"""A zone goes the whole circle: its home is lost, is built anew, and serves again.

What the loss of a region takes is lost once; the way back loses nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backup import nightly, standing, verify_loop
from backup.evidence import Verdict
from backup.hold_rules import HoldState
from cloud import databases
from cloud.door import Cloud
from continuity import naming
from continuity.errors import Refusal
from continuity.planned import Doing
from continuity.zone import SiteName
from drill.circle import Circle
from drill.zones import choose, read_zones
from failover import decisions, retiring
from failover.decide import CALM
from failover.progress import State
from simulator import inside, release
from simulator.backstage import client
from simulator.callers import sign_in
from simulator.project import parsed_config
from simulator.rights.judge import enforce
from simulator.world import ACCOUNT, World

HOME, AWAY = SiteName.HOME, SiteName.AWAY
PROJECT = Path(__file__).parents[3]


def names(circle: Circle, site: SiteName) -> dict[str, str]:
    return {one.name: one.members[site].identifier for one in circle.manifest.databases}


def admitted(circle: Circle, site: SiteName, identifier: str) -> bool:
    """Say whether the platform of a site gets into an instance."""
    here = circle.manifest.sites[site]
    found = inside.instance(here.region, identifier)
    assert found is not None, identifier
    groups = found.vpc_security_group_ids
    return inside.admits(here.region, groups, here.application_security_group, 5432)


def config(circle: Circle) -> Mapping[str, Any]:
    return parsed_config(circle.manifest.zone, circle.text)


def wrong_way(circle: Circle) -> set[tuple[str, str]]:
    """Return what does not point from the serving site to the other one: only an old latch."""
    return {(one.setting, one.subject) for one in circle.check().directions if not one.right}


def lost(circle: Circle) -> dict[str, int]:
    return {one.name: one.lost.rows for one in circle.truth().databases}


@pytest.mark.parametrize("zone", choose(read_zones(PROJECT), []))
def test_each_production_zone_goes_the_whole_circle(zone: str) -> None:
    with World(1) as world:
        circle = Circle(world, zone, PROJECT)
        assert circle.lose_home().state is State.RECOVERED
        after_the_loss = lost(circle)
        for active, old in ((AWAY, HOME), (HOME, AWAY)):
            plan, unexpected = circle.reconcile()
            assert (plan.decision.data.active, unexpected) == (active, ())
            circle.rebuild()
            assert circle.manifest.active is active
            assert names(circle, old) == {
                one.name: naming.instance(zone, one.name, old, 2)
                for one in circle.manifest.databases
            }
            assert circle.truth().recovered
            if active is AWAY:
                assert circle.fail_back("home is built anew").state is State.RECOVERED
        assert lost(circle) == after_the_loss
        assert circle.violations == ()


def test_both_sites_end_as_they_began_and_the_way_back_loses_nothing() -> None:
    with World(11) as world:
        circle = Circle(world, "ops", PROJECT)
        assert circle.lose_home().state is State.RECOVERED
        after_the_loss = lost(circle)
        assert fenced_by(circle, HOME, "ops-tickets-home-1") == "ops-0001@away"
        plan, unexpected = circle.reconcile()
        assert (plan.decision.data.active, unexpected) == (AWAY, ())
        circle.rebuild()
        assert circle.manifest.active is AWAY
        assert names(circle, HOME) == {"tickets": "ops-tickets-home-2"}
        rebuilt = inside.instance(circle.manifest.sites[HOME].region, "ops-tickets-home-2")
        assert rebuilt is not None
        assert rebuilt.is_replica
        assert admitted(circle, HOME, "ops-tickets-home-2")
        assert not admitted(circle, HOME, "ops-tickets-home-1")
        assert fenced_by(circle, HOME, "ops-tickets-home-1") == "ops-0001@away"
        assert fenced_by(circle, HOME, "ops-tickets-home-2") == ""
        assert wrong_way(circle) == {("latches and warrants", "away")}
        assert {one.doing for one in circle.stack.preview(config(circle))[0]} == {Doing.SAME}

        assert circle.fail_back("home is built anew").state is State.RECOVERED
        plan, unexpected = circle.reconcile()
        assert (plan.decision.data.active, unexpected) == (HOME, ())
        circle.rebuild()
        assert circle.manifest.active is HOME
        assert wrong_way(circle) == {("latches and warrants", "home")}
        assert names(circle, AWAY) == {"tickets": "ops-tickets-away-2"}
        assert fenced_by(circle, AWAY, "ops-tickets-away-1") == "ops-0001@home"
        assert lost(circle) == after_the_loss
        assert circle.truth().recovered
        assert circle.violations == ()
        old_instances_go_when_nothing_needs_them(world, circle)
        the_next_loss_is_recovered_like_the_first(world, circle)


def old_instances_go_when_nothing_needs_them(world: World, circle: Circle) -> None:
    """Ask before everything is well, then once it is; the rights of each role are judged."""
    enforce(world)
    manifest = circle.manifest
    cloud = signed_in(world, circle, "retire")
    found = retiring.plan(cloud, manifest)
    assert [one.identifier for one in found.olds] == ["ops-tickets-home-1", "ops-tickets-away-1"]
    last = decisions.current(circle.around())
    cloud = signed_in(world, circle, "retire")
    told = " ".join(retiring.against(cloud, manifest, last, found.olds))
    assert "No recovery point of tickets was proven since its replica was built anew" in told
    assert "ops-0001@away holds the recovery points" in told
    assert "is not in the registry" in told
    assert "moved ops and the program was not told" not in told
    refused = replace(found, objections=(told,))
    with pytest.raises(Refusal, match="Nothing is retired in ops"):
        list(retiring.act(cloud, manifest, refused))
    with pytest.raises(Refusal, match="approved by 0 of 1 people"):
        list(retiring.act(cloud, manifest, found))

    make_well(world, circle)
    cloud = signed_in(world, circle, "retire")
    [left] = retiring.against(cloud, manifest, last, found.olds)
    assert left.startswith("Incident ops-away-0001 is open.")
    with pytest.raises(Refusal, match="AWS vouches for the person only"):
        retiring.approve(cloud, manifest, session_of("retire"), found.hash)
    cloud = signed_in(world, circle, "failover")
    with pytest.raises(Refusal, match="is not what would be deleted"):
        retiring.approve(cloud, manifest, session_of("failover"), "0123456789ab")
    approved = retiring.approve(cloud, manifest, session_of("failover"), found.hash)
    assert (approved.approved_by, approved.hash) == (("ana",), found.hash)

    cloud = signed_in(world, circle, "retire")
    done = list(retiring.act(cloud, manifest, retiring.plan(cloud, manifest)))
    assert done[1::2] == ["ops-tickets-home-1 is deleted.", "ops-tickets-away-1 is deleted."]
    world.clock.sleep(1800)
    assert retiring.plan(cloud, manifest).olds == ()
    for site in SiteName:
        region = manifest.sites[site].region
        kept = client("rds", region).describe_db_snapshots(
            DBSnapshotIdentifier=f"ops-tickets-{site}-1-final"
        )
        assert [one["Status"] for one in kept["DBSnapshots"]] == ["available"]
        assert inside.instance(region, names(circle, site)["tickets"]) is not None


def the_next_loss_is_recovered_like_the_first(world: World, circle: Circle) -> None:
    """Lose the region again: nobody acknowledges anything, and no latch leads anybody back.

    What the move back left in home's latch would close away as soon as it is deployed to serve.
    """
    world.clock.sleep(CALM.total_seconds())
    assert circle.lose_home().state is State.RECOVERED
    _, unexpected = circle.reconcile()
    assert unexpected == ()
    assert (len(circle.paid.done), circle.paid.due) == (2, ())
    circle.rebuild()
    assert circle.manifest.active is AWAY
    assert circle.truth().recovered
    assert circle.violations == ()


def fenced_by(circle: Circle, site: SiteName, identifier: str) -> str:
    """Return by which run an instance says that it was left."""
    here = circle.manifest.sites[site]
    [found] = databases.describe(circle.cloud().at(here.region), [identifier]).values()
    return found.tags.get(naming.TAG_FENCED, "").partition(" ")[0]


def make_well(world: World, circle: Circle) -> None:
    """Release the image, and let a day of duties pass: the holds go by their own rule."""
    release.push(world, circle.manifest)
    circle.rest(timedelta(hours=22).total_seconds())
    assert holds(world, circle) == {"ops-0001@away": True, "ops-0001@home": True}
    manifest, cloud = circle.manifest, circle.cloud()
    for _ in ("take a point of the new direction", "copy it"):
        nightly.capture_and_copy(cloud, manifest)
        circle.rest(timedelta(hours=1).total_seconds())
    work = verify_loop.work_of(cloud, manifest, manifest.standby, "ana")
    until = world.clock.monotonic() + timedelta(hours=1).total_seconds()
    [proof] = verify_loop.run(work, verify_loop.by_hand(work), until, lambda _: None).ended
    assert proof.verdict is Verdict.PROVEN
    circle.rest(timedelta(hours=1).total_seconds())
    night = {one.subject: one.sentence for one in nightly.give_up(cloud, manifest)}
    why = "released: everything that it waited for is so"
    assert (night["ops-0001@away"], night["ops-0001@home"]) == (why, why)
    assert holds(world, circle) == {}
    assert standing.read(cloud, manifest).state(world.clock.now()) is HoldState.RELEASING


def holds(world: World, circle: Circle) -> dict[str, bool]:
    """Return the holds that are on, and whether each lifts itself."""
    signed_in(world, circle, "backup")
    found = standing.read(circle.cloud(), circle.manifest).holds
    return {one.identifier: one.automatic for one in found}


def session_of(role: str) -> str:
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{naming.role('ops', role)}/ana"


def signed_in(world: World, circle: Circle, role: str) -> Cloud:
    sign_in(world, naming.role("ops", role), "ana", circle.manifest.standby_site.region)
    return circle.cloud()
