"""A zone goes the whole circle: its home is lost, is built anew, and serves again.

What the loss of a region takes is lost once; the way back loses nothing. `bench/whole_circle.py`
walks the same legs in every zone.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from continuity.planned import Doing
from continuity.zone import SiteName
from drill.circle import Circle
from failover.progress import State
from simulator import inside
from simulator.project import parsed_config
from simulator.world import World

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
    return parsed_config("ops", circle.text)


def wrong_way(circle: Circle) -> set[tuple[str, str]]:
    """Return what does not point from the serving site to the other one: only an old latch."""
    return {(one.setting, one.subject) for one in circle.check().directions if not one.right}


def lost(circle: Circle) -> dict[str, int]:
    return {one.name: one.lost.rows for one in circle.truth().databases}


def test_both_sites_end_as_they_began_and_the_way_back_loses_nothing() -> None:
    with World(11) as world:
        circle = Circle(world, "ops", PROJECT)
        assert circle.lose_home().state is State.RECOVERED
        after_the_loss = lost(circle)
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
        assert wrong_way(circle) == {("latches and warrants", "away")}
        assert {one.doing for one in circle.stack.preview(config(circle))[0]} == {Doing.SAME}

        assert circle.fail_back("home is built anew").state is State.RECOVERED
        plan, unexpected = circle.reconcile()
        assert (plan.decision.data.active, unexpected) == (HOME, ())
        circle.rebuild()
        assert circle.manifest.active is HOME
        assert wrong_way(circle) == {("latches and warrants", "home")}
        assert names(circle, AWAY) == {"tickets": "ops-tickets-away-2"}
        assert lost(circle) == after_the_loss
        assert circle.truth().recovered
        assert circle.violations == ()
