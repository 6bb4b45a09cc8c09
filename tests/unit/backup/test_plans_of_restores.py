"""The plan of a restore: begun ones are gone on with, names are nobody else's, losses consented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from backup import restore, restore_check, restore_plan
from backup.points import Catalogue, Point
from backup.restore_names import Bearers
from backup.restore_plan import Asked, Lengths, RestorePlan
from backup.restore_source import SourceKind
from backup.restore_times import Expected
from cloud.databases import InstanceState
from continuity import naming
from continuity.errors import InvalidInput, Refusal
from continuity.manifest import Database, Hosting, Latch, Manifest, Member, Site, Traffic
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind

NOW = datetime(2026, 3, 3, 5, tzinfo=UTC)
RESTORED, CURRENT = "we1-orders-home-restored", "we1-orders-home-1"
MARK = "restore/orders/we1-orders-2026-03-03"
EXPECTED = {kind: Lengths(Expected(1200.0, "assumption"), 60.0) for kind in SourceKind}


def member(site: SiteName) -> Member:
    name = naming.instance("we1", "orders", site, 1)
    return Member(name, name, "a", f"group-{site}", "db.m7g.large", multi_az=True)


ORDERS = Database(
    "orders", 1, "postgres", "16.4", 5432, 20, 7, "03:00-03:30", {s: member(s) for s in SiteName}
)


def site(name: SiteName, region: str) -> Site:
    hosting = Hosting("c", "s", "t", "i", "l", "h", "x", 1, 1, 1)
    groups = (f"sg-tasks-{name}", f"sg-databases-{name}", f"subnets-{name}")
    return Site(region, 1, "key", "vpc", *groups, hosting, Latch("b", "c", "o"), "t", "j", "m", "k")


MANIFEST = Manifest(
    zone="we1",
    kind=ZoneKind.PRODUCTION,
    account="123456789012",
    active=SiteName.HOME,
    approvers=1,
    objectives=Objectives(rto=timedelta(hours=12), rpo=timedelta(hours=24)),
    retention=Retention(daily=5, weekly=4, monthly=3),
    window=MaintenanceWindow(time(0), time(6), "Europe/Lisbon"),
    traffic=Traffic("we1.example.com", "Z1", 60, 10, 3),
    sites={
        SiteName.HOME: site(SiteName.HOME, "eu-west-1"),
        SiteName.AWAY: site(SiteName.AWAY, "eu-central-1"),
    },
    databases=(ORDERS,),
)
STATE = InstanceState(
    identifier=CURRENT,
    status="available",
    source=None,
    retention_days=7,
    backup_window="03:00-03:30",
    deletion_protection=True,
    parameter_group="group-home",
    parameter_status="in-sync",
    multi_az=True,
    instance_class="db.m7g.large",
    engine_version="16.4",
    address="a",
    replication=(),
    pending=(),
    tags={naming.TAG_DATABASE: "orders"},
    created_at=NOW - timedelta(minutes=10),
    subnet_group="subnets-home",
    security_groups=("sg-databases-home",),
)
BEGUN = replace(
    STATE,
    identifier=RESTORED,
    status="creating",
    tags={naming.TAG_RESTORED_BY: MARK, naming.TAG_RESTORED_TO: "2026-03-03T02:00:00+00:00"},
)
ALONE = Bearers(STATE, None)
Plan = Callable[..., RestorePlan]


@pytest.fixture
def plan(catalogue: Callable[..., Catalogue], shelf: Callable[..., list[Point]]) -> Plan:
    def planned(bearers: Bearers = ALONE, **asked: object) -> RestorePlan:
        wanted = Asked(ORDERS, SiteName.HOME)
        return restore_plan.plan(
            MANIFEST,
            catalogue(*shelf(3)),
            replace(wanted, **asked),  # type: ignore[arg-type]
            bearers,
            EXPECTED,
        )

    return planned


def test_everything_is_given_as_the_sites_own_instance_is_declared(plan: Plan) -> None:
    found = plan()
    wanted = found.restoration.wanted
    assert (found.restoration.identifier, found.hold) == (RESTORED, f"restore-{RESTORED}")
    assert (wanted.subnet_group, wanted.parameter_group) == ("subnets-home", "group-home")
    assert wanted.security_groups == ("sg-databases-home",)
    assert (wanted.multi_az, wanted.protected, wanted.retention_days) == (True, True, 7)
    assert wanted.tags[naming.TAG_RESTORED_BY] == MARK
    assert naming.TAG_DATABASE not in wanted.tags
    assert (found.age, found.in_time, found.left_s) == (timedelta(hours=3), True, 1200.0)


def test_one_that_goes_on_is_gone_on_with_although_a_newer_point_came(plan: Plan) -> None:
    mark = "restore/orders/we1-orders-2026-03-01"
    begun = replace(BEGUN, tags={**BEGUN.tags, naming.TAG_RESTORED_BY: mark})
    found = plan(Bearers(STATE, begun, held=True))
    assert found.restoration.mark == mark
    assert (found.begun_at, found.left_s) == (BEGUN.created_at, 600.0)
    done = plan(Bearers(STATE, replace(begun, status="available")))
    assert (done.there, done.total_s, done.left_s) == (True, 0.0, 0.0)
    swapped = plan(Bearers(STATE, replace(begun, status="available")), swap=True)
    assert swapped.swap is not None
    assert swapped.total_s == swapped.swap.outage_s


def test_a_moment_that_was_begun_is_known_again(plan: Plan) -> None:
    tags = {
        naming.TAG_RESTORED_BY: "restore/orders/2026-03-03T04:00:01Z",
        naming.TAG_RESTORED_TO: "2026-03-03T04:00:01.500000+00:00",
    }
    found = plan(Bearers(STATE, replace(BEGUN, tags=tags), held=True)).restoration
    assert (found.source.kind, found.mark) == (SourceKind.OWN_BACKUPS, tags[naming.TAG_RESTORED_BY])


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({}, "is there, and no restore made it: nothing is overwritten. Restore orders under"),
        ({naming.TAG_RESTORED_BY: "we1-0001/restore-orders-snapshot"}, "was restored before"),
        (
            {naming.TAG_RESTORED_BY: "restore/accounts/x"},
            "was restored before (restore/accounts/x)",
        ),
    ],
)
def test_a_name_that_somebody_else_bears_is_refused(
    plan: Plan, tags: dict[str, str], told: str
) -> None:
    with pytest.raises(Refusal) as refused:
        plan(Bearers(STATE, replace(BEGUN, tags=tags)))
    assert told in str(refused.value)


def test_another_point_than_the_one_that_was_begun_is_refused(plan: Plan) -> None:
    with pytest.raises(Refusal, match="or go on with that one by naming no point"):
        plan(Bearers(STATE, BEGUN), point="we1-orders-2026-03-02")
    assert plan(Bearers(STATE, BEGUN), point="we1-orders-2026-03-03").restoration.mark == MARK


@pytest.mark.parametrize("name", ["orders-x", "we1-Orders", "we1-x-", f"we1-{'x' * 60}", CURRENT])
def test_a_name_that_cannot_be_one_is_refused(plan: Plan, name: str) -> None:
    with pytest.raises(InvalidInput, match="--as"):
        plan(identifier=name)


def test_rows_that_stay_behind_need_consent_for_that_database_and_a_reason(plan: Plan) -> None:
    found = plan(swap=True)
    assert found.swap is not None
    assert found.swap.loses
    assert found.total_s == 1320.0
    for accepted, reason in (("", "why"), ("orders", " "), ("accounts", "why")):
        with pytest.raises(Refusal, match="--accept-data-loss orders --reason TEXT"):
            restore_plan.demand_consent(found, accepted, reason)
    restore_plan.demand_consent(found, "orders", "rows were deleted")
    restore_plan.demand_consent(plan(), "", "")


@pytest.mark.parametrize("current", [None, replace(STATE, source="arn:primary")])
def test_where_nobody_wrote_nothing_stays_behind(plan: Plan, current: InstanceState | None) -> None:
    found = plan(Bearers(current, None), swap=True)
    assert found.swap is not None
    assert not found.swap.loses
    restore_plan.demand_consent(found, "", "")


def test_a_swap_that_has_begun_is_gone_on_with_under_either_name(plan: Plan) -> None:
    aside = naming.aside(CURRENT, "20260303t045000")
    tags = {**BEGUN.tags, naming.TAG_SWAP: aside}
    new = replace(BEGUN, status="renaming", tags=tags)
    found = plan(Bearers(STATE, new, held=True), swap=True)
    assert found.swapping
    with pytest.raises(Refusal, match="Add --swap, which goes on with that"):
        plan(Bearers(STATE, new, held=True))
    taken = replace(new, identifier=CURRENT, status="available")
    found = plan(Bearers(taken, None, held=True), swap=True)
    assert found.swap is not None
    assert (found.swapping, found.swap.loses, found.swap.aside) == (True, False, aside)


def test_a_repeat_of_a_swap_that_was_made_is_no_second_restore(plan: Plan) -> None:
    swapped = {
        **STATE.tags,
        **BEGUN.tags,
        naming.TAG_SWAP: naming.aside(CURRENT, "20260303t045000"),
    }
    with pytest.raises(Refusal, match="that is done"):
        plan(Bearers(replace(STATE, tags=swapped), None), swap=True)
    assert plan(Bearers(replace(STATE, tags=swapped), None)).swap is None
    with pytest.raises(Refusal, match="the same again in an hour"):
        plan(Bearers(replace(STATE, tags=swapped), None), swap=True, point="we1-orders-2026-03-03")
    again = plan(
        Bearers(replace(STATE, tags=swapped), None), swap=True, point="we1-orders-2026-03-02"
    )
    assert again.swap is not None
    assert again.swap.aside.endswith("-aside-DATE")
    old = {**swapped, naming.TAG_SWAP: naming.aside(CURRENT, "20260302t045000")}
    assert plan(Bearers(replace(STATE, tags=old), None), swap=True).restoration.mark == MARK


def test_what_is_not_as_asked_for_is_named_setting_by_setting(plan: Plan) -> None:
    one = plan().restoration
    assert restore_check.differences(one, STATE) == ()
    assert restore_check.missing_settings(one, STATE) is None
    other = replace(
        STATE,
        status="modifying",
        retention_days=0,
        subnet_group="default",
        security_groups=("sg-default",),
        parameter_status="pending-reboot",
    )
    told = "; ".join(restore_check.differences(one, other))
    for part in (
        "it is modifying",
        "retention_days is 0, not 7",
        "its subnet group is default, not subnets-home",
        "its security groups are sg-default",
        "its parameter group is pending-reboot",
    ):
        assert part in told
    lacking = restore_check.missing_settings(one, other)
    assert lacking is not None
    assert lacking.given() == {"retention_days": 7}
    assert restore_check.differences(one, None) == ("it is gone",)
    encrypted = replace(one, source=replace(one.source, key="arn:key"))
    assert "encrypted with no key" in restore_check.differences(encrypted, STATE)[0]


def test_a_scratch_restore_keeps_no_backups_and_can_be_deleted(plan: Plan) -> None:
    place = restore.Place("isolated", ("sg-none",))
    one = restore.scratch(MANIFEST, plan().restoration.source, place, "we1-scratch", "verify")
    wanted = one.wanted
    assert (wanted.protected, wanted.retention_days, wanted.multi_az) == (False, 0, False)
    assert (wanted.subnet_group, wanted.security_groups) == ("isolated", ("sg-none",))
    assert one.mark == "verify/orders/we1-orders-2026-03-03"


def test_a_refuted_point_needs_a_reason_of_its_own(plan: Plan) -> None:
    found = plan(refuted=True)
    with pytest.raises(Refusal) as refused:
        restore_plan.demand_consent(found, "", " ")
    assert "Give it with --reason TEXT." in str(refused.value)
    restore_plan.demand_consent(found, "", "the good ones are gone")
