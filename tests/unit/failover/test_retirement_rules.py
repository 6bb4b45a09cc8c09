"""What counts as left behind, what people approve, and what still needs the old instances."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from continuity import naming
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover import retirement
from failover.retirement import LASTS, Old, approved_by, plan_hash

HOME = SiteName.HOME
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
OLD = Old(HOME, "eu-west-1", "we1-orders-home-0", "arn:0", "db-0", "orders", "available")


@pytest.mark.parametrize(
    ("identifier", "old"),
    [
        ("we1-orders-home-1", False),  # the manifest names it
        ("we1-orders-home-0", True),
        ("we1-orders-home-12", True),
        ("we1-orders-home-1-aside-we1-0001", True),
        ("we1-orders-home-1-by-we1-0001", True),
        ("we1-orders-home-restored", False),  # a person restored it to look at it
        ("we1-orders-away-1", False),  # not a name of this site
        ("we1-orders-home-0-copy", False),
    ],
)
def test_what_a_failover_left_is_told_by_its_name_and_tags(
    manifest_of: Callable[..., Manifest], identifier: str, old: bool
) -> None:
    tags = naming.tags("we1", HOME, "orders")
    assert retirement.is_old(manifest_of(), HOME, identifier, tags) is old


@pytest.mark.parametrize(
    "tags",
    [
        {},
        naming.tags("we2", HOME, "orders"),
        naming.tags("we1", HOME, "invoices"),
        {**naming.tags("we1", HOME, "orders"), naming.TAG_SCRATCH: "we1"},
    ],
)
def test_what_is_another_zones_or_only_tried_is_left_alone(
    manifest_of: Callable[..., Manifest], tags: dict[str, str]
) -> None:
    assert not retirement.is_old(manifest_of(), HOME, "we1-orders-home-0", tags)


def test_another_instance_under_an_old_name_is_another_plan(
    manifest_of: Callable[..., Manifest],
) -> None:
    manifest = manifest_of()
    assert plan_hash(manifest, [OLD]) != plan_hash(manifest, [replace(OLD, resource="db-1")])
    assert plan_hash(manifest, [OLD]) != plan_hash(replace(manifest, approvers=3), [OLD])
    assert plan_hash(manifest, [OLD]) == plan_hash(manifest, [replace(OLD, status="stopped")])


def test_an_approval_counts_for_an_hour_for_this_plan_and_on_every_instance() -> None:
    given = retirement.approval("abc", NOW)
    one, other = replace(OLD, approvals={"ana": given}), replace(OLD, approvals={"rui": given})
    both = replace(OLD, approvals={"ana": given, "rui": given})
    assert approved_by([both, one], "abc", NOW) == ("ana",)
    assert approved_by([one, other], "abc", NOW) == ()
    assert approved_by([one], "abc", NOW + LASTS) == ("ana",)
    assert approved_by([one], "abc", NOW + LASTS + timedelta(seconds=1)) == ()
    assert approved_by([one], "abd", NOW) == ()
    assert approved_by([replace(OLD, approvals={"ana": "abc yesterday"})], "abc", NOW) == ()
    assert approved_by([], "abc", NOW) == ()


def test_a_proof_of_before_the_replica_was_built_is_none() -> None:
    built: dict[str, datetime | None] = {"orders": NOW}
    earlier = NOW - timedelta(days=1)
    assert list(retirement.proofs_missing({"orders": NOW}, built)) == []
    [told] = retirement.proofs_missing({"orders": earlier}, built)
    assert "the last one was on 2026-03-02 09:00 UTC" in told
    [told] = retirement.proofs_missing({}, built)
    assert "the site that stands by knows of none" in told
    assert list(retirement.proofs_missing({"orders": NOW}, {"orders": None})) != []


def test_what_cannot_be_snapshotted_is_not_deleted() -> None:
    assert list(retirement.unusable([OLD, replace(OLD, status="deleting")])) == []
    [told] = retirement.unusable([replace(OLD, status="stopped")])
    assert told.startswith("we1-orders-home-0 is stopped")
