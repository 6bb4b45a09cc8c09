"""The whole engine on simulated AWS, judged by what AWS holds in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud import databases
from continuity.zone import SiteName
from failover import decisions, timeline
from failover.progress import State
from simulator.faults import Fault, FaultKind

if TYPE_CHECKING:
    from cloud.databases import InstanceState
    from tests.functional.failover.conftest import Rehearsal


def instances(rehearsal: Rehearsal) -> dict[str, InstanceState]:
    site = rehearsal.manifest.standby_site
    members = {each.name: each.members[SiteName.AWAY] for each in rehearsal.manifest.databases}
    with rehearsal.world.instantly():
        names = [member.identifier for member in members.values()]
        found = databases.describe(rehearsal.cloud.at(site.region), names)
    return {name: found[member.identifier] for name, member in members.items()}


def test_a_lost_region_is_recovered_without_breaking_a_promise(rehearsal: Rehearsal) -> None:
    rehearsal.lose_home()
    last = rehearsal.play(rehearsal.engine())
    assert last.state is State.RECOVERED
    assert not rehearsal.invariants.violations
    for instance in instances(rehearsal).values():
        assert instance.source is None
        assert instance.retention_days == 7


def test_one_describe_serves_all_databases_of_a_tick(rehearsal: Rehearsal) -> None:
    rehearsal.lose_home()
    rehearsal.play(rehearsal.engine())
    away = rehearsal.manifest.standby_site.region
    described = [
        call
        for call in rehearsal.world.calls
        if call.operation == "DescribeDBInstances" and call.region == away
    ]
    assert 0 < len(described) <= len(rehearsal.told)


def test_the_lost_region_is_called_for_the_probe_and_the_fence_only(rehearsal: Rehearsal) -> None:
    rehearsal.lose_home()
    rehearsal.play(rehearsal.engine())
    home = rehearsal.manifest.serving_site.region
    asked = [call.operation for call in rehearsal.world.calls if call.region == home]
    assert 1 < asked.count("DescribeSecurityGroups") <= len(rehearsal.told)
    assert set(asked) == {"DescribeDBInstances", "DescribeSecurityGroups"}


def test_the_claimed_loss_counts_from_the_newest_row_that_survived(rehearsal: Rehearsal) -> None:
    rehearsal.lose_home()
    rehearsal.play(rehearsal.engine())
    run = decisions.current(rehearsal.person)
    assert run is not None
    for one in timeline.databases(run.entries):
        assert one.source == "replica"
        assert one.claimed_loss_s is not None
        assert 120 <= one.claimed_loss_s <= 140


def test_unknown_lag_of_one_database_refuses_it_and_consent_lifts_that(
    rehearsal: Rehearsal,
) -> None:
    rehearsal.fault(Fault(FaultKind.LAG_UNKNOWN, 0, database="orders"))
    rehearsal.world.clock.sleep(1200)
    rehearsal.lose_home()
    last = rehearsal.play(rehearsal.engine(), consent="orders")
    assert last.state is State.RECOVERED
    assert any("--accept-data-loss orders" in one.sentence for one in rehearsal.told)
    assert not rehearsal.invariants.violations


def test_without_consent_the_others_are_promoted_and_the_run_ends_refused(
    rehearsal: Rehearsal,
) -> None:
    rehearsal.fault(Fault(FaultKind.LAG_UNKNOWN, 0, database="orders"))
    rehearsal.world.clock.sleep(1200)
    rehearsal.lose_home()
    last = rehearsal.play(rehearsal.engine(patience_s=60.0))
    assert last.state is State.REFUSED
    found = instances(rehearsal)
    assert found["orders"].source is not None
    assert found["billing"].source is None
    assert not rehearsal.invariants.violations


def test_a_promotion_that_fails_is_named_and_holds_nothing_else_up(rehearsal: Rehearsal) -> None:
    rehearsal.fault(Fault(FaultKind.PROMOTION_FAILS, 0, database="orders"))
    rehearsal.lose_home()
    last = rehearsal.play(rehearsal.engine())
    assert last.state is State.BLOCKED
    assert "Could not promote" in last.sentence
    assert instances(rehearsal)["billing"].source is None


def test_a_home_region_that_returns_after_the_fence_takes_nothing_back(
    rehearsal: Rehearsal,
) -> None:
    home = rehearsal.manifest.serving_site.region
    rehearsal.lose_home()
    rehearsal.fault(Fault(FaultKind.REGION_RETURNS, 90, region=home))
    last = rehearsal.play(rehearsal.engine())
    assert last.state is State.RECOVERED
    rehearsal.world.clock.sleep(600)
    assert rehearsal.outside.served_by(rehearsal.manifest.traffic.name) == "away"
    assert not rehearsal.invariants.violations
