"""Reconciling a zone whose replicas were promoted, its home region dead, and then back."""

from typing import TYPE_CHECKING

from continuity.agreement import judge
from continuity.planned import Doing
from continuity.zone import SiteName
from reconcile.plan import make
from simulator import refreshing

if TYPE_CHECKING:
    from continuity.planned import Planned
    from reconcile.simulated import SimulatedStack

INSTANCE = "aws:rds/instance:Instance"


def databases(plan: "tuple[Planned, ...]") -> dict[str, Doing]:
    return {one.name: one.doing for one in plan if one.type == INSTANCE}


def reconciled(aftermath) -> "SimulatedStack":  # noqa: ANN001 - the fixture's own class
    stack = aftermath.stack()
    stack.perform(aftermath.plan.operations)
    return stack


def test_the_plan_lets_away_serve_and_names_what_must_be_told(aftermath) -> None:  # noqa: ANN001
    plan = aftermath.plan
    assert plan.decision.data.active is SiteName.AWAY
    assert "+    active: away" in plan.difference
    assert plan.live.instances == {
        database.members[SiteName.AWAY].identifier for database in aftermath.manifest.databases
    }


def test_without_a_refresh_a_deployment_of_the_old_data_lies(aftermath) -> None:  # noqa: ANN001
    """The program says replica, so does the state; nobody sees that it was promoted."""
    plan, refusals = aftermath.stack().preview()
    assert {one.doing for one in plan} == {Doing.SAME}
    assert refusals == ()


def test_with_a_refresh_a_deployment_of_the_old_data_fails(aftermath) -> None:  # noqa: ANN001
    stack = aftermath.stack()
    with aftermath.world.instantly():
        stack.state = refreshing.refresh(stack.state)
    _, refusals = stack.preview()
    assert any("cannot elect new source database" in told for told in refusals)


def test_the_new_data_alone_would_promote_again(aftermath) -> None:  # noqa: ANN001
    plan = aftermath.plan
    stack = aftermath.stack()
    unexpected = stack.prove(plan.live, aftermath.config(plan))
    told = " ".join(one.reason for one in unexpected)
    assert "would ask RDS to promote" in told
    assert "is protected and would be deleted" in told


def test_after_reconciling_no_deployment_touches_what_serves(aftermath) -> None:  # noqa: ANN001
    plan = aftermath.plan
    stack = reconciled(aftermath)
    [database] = [one.name for one in aftermath.manifest.databases]
    changes, refusals = stack.preview(aftermath.config(plan))
    assert (judge(changes, plan.live), refusals) == ((), ())
    assert databases(changes) == {
        f"ops-{database}-away-1": Doing.UPDATE,
        f"ops-{database}-home-2": Doing.CREATE,
        f"ops-{database}-home-1": Doing.RETAIN,
    }


def test_reconciling_twice_equals_once(aftermath) -> None:  # noqa: ANN001
    stack = reconciled(aftermath)
    once = stack.state
    again = stack.perform(aftermath.plan.operations)
    assert [type(one).__name__ for one in again] == ["Refresh"]
    assert stack.state == once


def test_the_file_that_says_so_already_stays(aftermath) -> None:  # noqa: ANN001
    plan = aftermath.plan
    zone = aftermath.zone
    written = type(zone)(zone.manifest, zone.run, plan.after, aftermath.config(plan), True)
    again = make(written)
    assert again.difference == ""
    assert again.operations == plan.operations


def test_while_the_run_was_open_it_was_seen_although_home_was_silent(aftermath) -> None:  # noqa: ANN001
    assert [run.name for run in aftermath.meanwhile.runs] == ["ops-0001"]
    assert "home: " in aftermath.meanwhile.unseen
    assert aftermath.open_runs().runs == ()
