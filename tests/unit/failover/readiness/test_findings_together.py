"""Findings that come together, and what makes a copy do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from continuity import manifest_json
from continuity.manifest import Manifest
from continuity.permissions import Permission, Scope
from continuity.zone import SiteName
from failover.answers import ANSWERS, MOVE
from failover.case import Case
from failover.observation import Reading
from failover.plan import Plan
from failover.readiness.judge import DatabaseState, judge
from failover.readiness.picture import Copy, CopyKind, Picture
from failover.region_loss import region_loss

Read = Callable[[Any], Reading[Any]]


def names(picture: Picture) -> list[tuple[str, str]]:
    return [(one.name, one.subject) for one in judge(picture).findings]


def with_copies(ready: Picture, reading: Read, *copies: Copy) -> Picture:
    """Return a picture in which these are all copies of orders."""
    others = [one for one in ready.target.copies.value or () if "orders" not in one.identifier]
    return replace(ready, target=replace(ready.target, copies=reading((*others, *copies))))


def snapshot(ready: Picture, **changes: Any) -> Copy:  # noqa: ANN401 - any field
    found = Copy(
        CopyKind.SNAPSHOT,
        "orders-daily",
        "we1-orders-home-1",
        "available",
        ready.now - timedelta(minutes=4),
        ready.standby_site.key_arn,
    )
    return replace(found, **changes)


def test_no_copy_at_all_is_said_with_the_backups_that_are_missing(
    ready: Picture, reading: Read
) -> None:
    assert names(with_copies(ready, reading)) == [
        ("no-usable-copy", "orders"),
        ("backups-not-replicated", "orders"),
    ]


def test_a_copied_snapshot_does_where_backups_are_not_replicated(
    ready: Picture, reading: Read
) -> None:
    frequent = [snapshot(ready, newest=ready.now - timedelta(minutes=each)) for each in (2, 4, 6)]
    found = with_copies(ready, reading, *frequent)
    assert names(found) == [("backups-not-replicated", "orders")]
    assert judge(found).ready


def test_a_copy_in_flight_is_no_copy(ready: Picture, reading: Read) -> None:
    found = judge(with_copies(ready, reading, snapshot(ready, status="creating")))
    assert "orders-daily is creating" in found.findings[0].what
    assert not found.ready


def test_backups_of_a_former_primary_are_restorable_and_do_not_count_as_running(
    ready: Picture, reading: Read
) -> None:
    former = Copy(
        CopyKind.BACKUPS,
        "ab-orders-old",
        "we1-orders-away-1",
        "retained",
        ready.now - timedelta(minutes=4),
        ready.standby_site.key_arn,
        7,
    )
    assert names(with_copies(ready, reading, former)) == [("backups-not-replicated", "orders")]


def test_a_key_that_is_off_makes_every_copy_useless(ready: Picture, reading: Read) -> None:
    off = replace(ready, standby=replace(ready.standby, key=reading("PendingDeletion")))
    assert names(off) == [
        ("no-usable-copy", "billing"),
        ("no-usable-copy", "orders"),
        ("key-not-usable", "away"),
    ]


def test_a_serving_site_that_lags_behind_its_deployment_has_another_manifest(
    ready: Picture, reading: Read
) -> None:
    older = replace(ready, serving=replace(ready.serving, manifest_copy=reading("sha256:old")))
    assert names(older) == [("manifest-copies-differ", "we1"), ("manifest-not-current", "home")]


def test_two_equal_copies_of_another_manifest_are_not_current(ready: Picture) -> None:
    newer = replace(ready, manifest=replace(ready.manifest, approvers=2))
    assert names(newer) == [("manifest-not-current", "home"), ("manifest-not-current", "away")]


def test_roles_swapped_everything_is_judged_the_other_way_round(ready: Picture) -> None:
    """Records and checks of the old roles are wrong for the new ones, on both sides."""
    swapped = replace(ready, manifest=replace(ready.manifest, active=SiteName.AWAY))
    found = {one.name for one in judge(swapped).findings}
    assert {"record-differs", "replica-missing"} <= found
    assert manifest_json.digest(swapped.manifest) != manifest_json.digest(ready.manifest)


def test_lag_and_newest_copy_are_told_whether_or_not_the_zone_is_ready(
    ready: Picture, reading: Read
) -> None:
    later = ready.now - timedelta(minutes=2)
    found = judge(with_copies(ready, reading, snapshot(ready), snapshot(ready, newest=later)))
    assert found.databases == (
        DatabaseState("billing", 3.0, 240.0, "replicated automated backups", 300.0),
        DatabaseState("orders", 3.0, 120.0, "snapshot", 120.0),
    )
    blind = replace(ready, target=replace(ready.target, lags=Reading(), copies=Reading()))
    assert judge(blind).databases == (
        DatabaseState("billing", None, None, ""),
        DatabaseState("orders", None, None, ""),
    )


def aged(ready: Picture, reading: Read, *copies: Copy) -> float | None:
    """Return how old the newest copy of orders gets, in hours."""
    state = judge(with_copies(ready, reading, *copies)).databases[1]
    assert state.name == "orders"
    return None if state.worst_copy_age_s is None else state.worst_copy_age_s / 3600


def test_interval_and_travelling_time_together_are_what_a_restore_really_loses(
    ready: Picture, reading: Read
) -> None:
    """Taken at 0, 24 and 48 h, each two hours on its way; it is now one hour after the last."""

    def taken(hours_ago: int) -> Copy:
        moment = ready.now - timedelta(hours=hours_ago)
        return snapshot(ready, newest=moment, arrived=moment + timedelta(hours=2))

    assert aged(ready, reading, taken(3), taken(27), taken(51)) == 26.0
    assert aged(ready, reading, taken(3), taken(27), taken(63)) == 38.0, "one was missed"
    assert aged(ready, reading, taken(3)) == 26.0, "RDS takes one a day where nothing else is known"
    assert aged(ready, reading, taken(40), taken(41)) == 40.0, "it is older than that already"
    assert aged(ready, reading) is None


def test_a_copy_that_is_too_old_already_is_said_once(ready: Picture, reading: Read) -> None:
    old = snapshot(ready, newest=ready.now - timedelta(days=2))
    assert [name for name, _ in names(with_copies(ready, reading, old))] == [
        "copy-too-old",
        "backups-not-replicated",
    ]


def test_when_the_zone_was_last_drilled_is_told(ready: Picture, reading: Read) -> None:
    assert judge(ready).drilled_at == ready.now - timedelta(days=335)
    never = replace(ready, target=replace(ready.target, drill=reading(None)))
    assert judge(never).drilled_at is None
    assert judge(never).ready


def test_the_worst_is_said_first(ready: Picture, reading: Read) -> None:
    several = replace(
        ready,
        target=replace(ready.target, holds=reading(("h",)), image=reading(False)),
        serving=replace(ready.serving, scaling=reading(None)),
    )
    assert [name for name, _ in names(several)] == [
        "image-missing",
        "scaling-missing",
        "recovery-points-held",
    ]


def test_an_old_check_that_no_record_asks_may_find_its_object(
    ready: Picture, reading: Read
) -> None:
    """After a failover and the swap of roles the old latch objects are still there."""
    label = "away not closed"
    check = ready.checks[label].value
    assert check is not None
    tripped = {**ready.checks, label: reading(replace(check, found=(True, True)))}
    assert names(replace(ready, checks=tripped)) == []


def mutated(monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    """Let the last step of the move call something more."""

    def build(manifest: Manifest, case: Case, detect_s: float) -> Plan:
        plan = region_loss(manifest, case, detect_s)
        last = plan.steps[-1]
        more = (*last.permissions, Permission(action, Scope.ANY))
        return replace(plan, steps=(*plan.steps[:-1], replace(last, permissions=more)))

    answers = {
        diagnosis: replace(answer, recovery=replace(MOVE, build=build))
        for diagnosis, answer in ANSWERS.items()
        if answer.recovery is MOVE
    }
    monkeypatch.setattr("failover.readiness.rules.static_stability.ANSWERS", answers)


def in_virginia(ready: Picture) -> Picture:
    """Move the standby into the region of the global control planes."""
    site = replace(ready.standby_site, region="us-east-1")
    sites = {**ready.manifest.sites, ready.manifest.standby: site}
    return replace(ready, manifest=replace(ready.manifest, sites=sites))


def unstable(picture: Picture) -> list[str]:
    found = judge(picture).findings
    return [one.what for one in found if one.name == "plan-not-statically-stable"]


@pytest.mark.parametrize("place", [in_virginia, lambda ready: ready])
def test_a_recovery_that_needs_a_global_control_plane_blocks_wherever_it_goes(
    ready: Picture, monkeypatch: pytest.MonkeyPatch, place: Callable[[Picture], Picture]
) -> None:
    assert unstable(place(ready)) == []
    mutated(monkeypatch, "route53:ChangeResourceRecordSets")
    (said,) = unstable(place(ready))
    assert said.startswith("verify-outside calls route53:ChangeResourceRecordSets, whose control")
    assert not judge(place(ready)).ready


def test_two_sites_in_one_region_are_no_way_out(ready: Picture) -> None:
    site = replace(ready.standby_site, region=ready.manifest.serving_site.region)
    sites = {**ready.manifest.sites, ready.manifest.standby: site}
    said = unstable(replace(ready, manifest=replace(ready.manifest, sites=sites)))
    assert any(one.startswith("promote-orders calls rds:PromoteReadReplica in") for one in said)
    assert len(said) == len(set(said))
