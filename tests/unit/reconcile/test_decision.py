"""What the role data must be after each way in which a run can end."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from continuity.errors import Refusal
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover.case import SourceKind
from failover.run import Run
from failover.whereabouts import Place
from reconcile.decision import Decision, Ended
from reconcile.decision import decide as decided
from reconcile.role_data import RoleData

HOME, AWAY = SiteName.HOME, SiteName.AWAY
PROMOTED = {name: ("replica", f"we1-{name}-away-1", "") for name in ("orders", "billing", "files")}
Play = Callable[..., Run]


def decide(run: Run | None, manifest: Manifest, now: RoleData, *, left_answers: bool) -> Decision:
    return decided(None if run is None else Ended(run, {}, left_answers), manifest, now)


def test_replicas_were_promoted_so_away_serves_and_home_is_built_anew(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    found = decide(played("recovered", opened=True, **PROMOTED), manifest, now, left_answers=False)
    assert found.data == replace(now, active=AWAY, incarnations={HOME: 2, AWAY: 1})
    assert found.data.identifier("orders", AWAY) == "we1-orders-away-1"
    assert found.data.identifier("orders", HOME) == "we1-orders-home-2"
    assert found.moved


@pytest.mark.parametrize("left_answers", [False, True])
def test_home_dead_or_back_the_data_is_the_same(
    played: Play, manifest: Manifest, now: RoleData, left_answers: bool
) -> None:
    run = played("recovered", opened=True, **PROMOTED)
    found = decide(run, manifest, now, left_answers=left_answers)
    assert found.data.active is AWAY


def test_pulumi_works_from_the_region_that_is_left(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    run = played("recovered", opened=True, **PROMOTED)
    from_home = replace(now, works_from="eu-west-1")
    lost = decide(run, manifest, from_home, left_answers=False)
    assert lost.data.works_from == "eu-central-1"
    assert "eu-west-1 does not answer: Pulumi works from eu-central-1." in lost.reasons
    back = decide(run, manifest, from_home, left_answers=True)
    assert back.data.works_from == "eu-west-1"


def test_what_was_restored_beside_its_name_is_named(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    beside = "we1-orders-away-1-by-we1-0001"
    mixed = {**PROMOTED, "orders": ("snapshot", beside, "we1-orders-away-1")}
    found = decide(played("recovered", opened=True, **mixed), manifest, now, left_answers=False)
    assert found.data.instances == {"orders": {AWAY: beside}}
    assert found.data.identifier("billing", AWAY) == "we1-billing-away-1"


def test_what_was_restored_under_its_own_name_needs_no_name(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    mixed = {**PROMOTED, "orders": ("snapshot", "we1-orders-away-1", "")}
    found = decide(played("recovered", opened=True, **mixed), manifest, now, left_answers=False)
    assert found.data.instances == {}
    assert "orders is we1-orders-away-1 (from snapshot) now." in found.reasons


def test_a_database_that_is_not_back_keeps_its_name(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    two = {name: PROMOTED[name] for name in ("orders", "billing")}
    found = decide(played("recovered", opened=True, **two), manifest, now, left_answers=False)
    assert sorted(found.places) == ["billing", "orders"]
    assert found.data.identifier("files", AWAY) == "we1-files-away-1"


def test_an_open_run_freezes_everything(played: Play, manifest: Manifest, now: RoleData) -> None:
    with pytest.raises(Refusal, match=r"we1-0001 is open.*holdfast failover abort we1"):
        decide(played(None, opened=True, **PROMOTED), manifest, now, left_answers=True)


@pytest.mark.parametrize("outcome", ["aborted", "refused", "blocked"])
def test_a_run_that_brought_nothing_back_changes_nothing(
    played: Play, manifest: Manifest, now: RoleData, outcome: str
) -> None:
    found = decide(played(outcome, opened=False), manifest, now, left_answers=False)
    assert (found.data, found.moved, found.places) == (now, False, {})
    assert decide(None, manifest, now, left_answers=True).data == now


def test_aborted_after_a_promotion_only_that_replica_is_built_anew(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    run = played("aborted", opened=False, orders=PROMOTED["orders"])
    found = decide(run, manifest, now, left_answers=True)
    assert found.data == replace(now, instances={"orders": {AWAY: "we1-orders-away-2"}})
    assert not found.moved
    assert any("start another run" in reason for reason in found.reasons)


def test_aborted_after_a_promotion_and_home_dead_there_is_no_site_to_declare(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    run = played("aborted", opened=False, orders=PROMOTED["orders"])
    with pytest.raises(Refusal, match=r"no site serves.*holdfast failover start we1"):
        decide(run, manifest, now, left_answers=False)


def test_what_is_reconciled_and_deployed_is_not_reconciled_again(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    """The circle: home serves again, away was built anew since, and its journal is of long ago."""
    orders = manifest.databases[0]
    rebuilt = replace(orders.members[AWAY], identifier="we1-orders-away-2")
    renewed = replace(orders, members={**orders.members, AWAY: rebuilt})
    later = replace(manifest, databases=(renewed,))
    run = played("recovered", opened=True, orders=PROMOTED["orders"])
    found = decide(run, later, now, left_answers=True)
    assert (found.data, found.places) == (now, {})


def test_a_new_incarnation_never_takes_a_name_that_was_taken_before(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    orders, *others = manifest.databases
    again = replace(orders.members[HOME], identifier="we1-orders-home-4")
    known = replace(orders, members={**orders.members, HOME: again})
    changed = replace(manifest, databases=(known, *others))
    run = played("recovered", opened=True, **PROMOTED)
    assert decide(run, changed, now, left_answers=False).data.incarnations[HOME] == 5


def test_aborted_while_a_promotion_went_on_it_counts_as_promoted(
    played: Play, manifest: Manifest, now: RoleData
) -> None:
    place = Place("orders", "we1-orders-away-1", "db-X", "a", SourceKind.REPLICA)
    ended = Ended(played("aborted", opened=False), {"orders": place}, left_answers=True)
    found = decided(ended, manifest, now)
    assert found.data.instances == {"orders": {AWAY: "we1-orders-away-2"}}
