from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.errors import Refusal
from continuity.journal import EntryKind
from failover import decisions
from failover.approvals import approvals, standing
from failover.options import Options
from failover.people import person
from failover.progress import State
from failover.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from continuity.manifest import Manifest
    from failover.observation import Observation
    from tests.unit.failover.conftest import FakeZone

SESSION = "arn:aws:sts::123456789012:assumed-role/{role}/{name}"
FAILOVER = "holdfast-we1-failover"


@pytest.fixture
def bound(manifest_of: Callable[..., Manifest]) -> Manifest:
    """A zone whose role lets nobody in under another name than the own."""
    return replace(manifest_of(approvers=2), approver_roles=(FAILOVER,))


def approved(entry: Callable[..., Entry], *given: tuple[float, str], **more: object) -> Run:
    plan = entry(1, EntryKind.PLANNED, hash="abc", predicted_rto_s=1.0)
    said = [
        entry(2 + index, EntryKind.APPROVED, seconds, by=by, hash="abc")
        for index, (seconds, by) in enumerate(given)
    ]
    acted = [
        entry(9, EntryKind.INTENT, seconds, "promote-orders", irreversible=True)
        for seconds in more.values()
    ]
    return Run("we1-0001", (plan, *said, *acted))


def test_a_session_of_the_role_that_binds_names_is_the_person(bound: Manifest) -> None:
    assert person(bound, SESSION.format(role=FAILOVER, name="ana")) == "ana"


@pytest.mark.parametrize(
    "caller",
    [
        SESSION.format(role="administrator", name="ana"),
        SESSION.format(role=FAILOVER, name="ana").replace("123456789012", "999999999999"),
        "arn:aws:iam::123456789012:user/ana",
        "arn:aws:iam::123456789012:root",
        "arn:aws:sts::123456789012:federated-user/ana",
    ],
)
def test_nobody_else_approves_and_is_told_how_to(bound: Manifest, caller: str) -> None:
    with pytest.raises(Refusal, match=r"cannot approve for we1.*Take holdfast-we1-failover as"):
        person(bound, caller)


def test_two_sessions_of_a_role_that_binds_no_names_are_one_person(
    manifest_of: Callable[..., Manifest], entry: Callable[..., Entry], picture: Callable
) -> None:
    both = [SESSION.format(role="operators", name=name) for name in ("ana", "rui")]
    run = approved(entry, (0, both[0]), (1, both[1]))
    assert standing(run, manifest_of(), picture().now, Options()) == 1


def test_one_person_in_two_roles_is_one_person(
    bound: Manifest, entry: Callable[..., Entry], picture: Callable[..., Observation]
) -> None:
    roles = (FAILOVER, "holdfast-we1-deputies")
    both = [SESSION.format(role=role, name="ana") for role in roles]
    run = approved(entry, (0, both[0]), (1, both[1]))
    manifest = replace(bound, approver_roles=roles)
    assert standing(run, manifest, picture().now, Options()) == 1


def test_what_a_stranger_wrote_into_the_journal_does_not_count(
    bound: Manifest, entry: Callable[..., Entry], picture: Callable[..., Observation]
) -> None:
    run = approved(entry, (0, SESSION.format(role="administrator", name="ana")))
    assert approvals(run, bound, picture().now, Options()) == ()


@pytest.mark.parametrize(("age_s", "counts"), [(3600, 1), (3601, 0)])
def test_an_approval_lasts_an_hour(
    manifest_of: Callable[..., Manifest],
    entry: Callable[..., Entry],
    picture: Callable[..., Observation],
    age_s: float,
    counts: int,
) -> None:
    now = picture().now + timedelta(seconds=age_s)
    run = approved(entry, (0, "ana"))
    assert standing(run, manifest_of(), now, Options()) == counts
    renewed = approved(entry, (0, "ana"), (10, "ana"))
    assert standing(renewed, manifest_of(), now, Options()) == 1


@pytest.mark.parametrize(("begun_s", "counts"), [(3500, 1), (3700, 0)])
def test_an_approval_under_which_the_zone_was_moved_ages_no_more(
    manifest_of: Callable[..., Manifest],
    entry: Callable[..., Entry],
    picture: Callable[..., Observation],
    begun_s: float,
    counts: int,
) -> None:
    run = approved(entry, (0, "ana"), begun=begun_s)
    now = picture().now + timedelta(hours=9)
    assert standing(run, manifest_of(), now, Options()) == counts


def test_an_expired_approval_is_said_once_and_must_be_given_again(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while lost_zone.run().plan_hash is None:
        lost_zone.step(engine, approve=False)
    lost_zone.approve()
    lost_zone.clock.sleep(4000)
    states = [lost_zone.step(engine, approve=False).state for _ in range(100)]
    assert states[-1] is State.WAITING
    assert not any("promote" in effect for effect in lost_zone.effects)
    said = [e.sentence for e in lost_zone.kinds(EntryKind.VERDICT) if "expired" in e.sentence]
    assert said == [
        f"The approval of plan {lost_zone.run().plan_hash} by ana has expired: give it again."
    ]
    assert lost_zone.recover(engine).state is State.RECOVERED


def test_who_may_not_approve_leaves_no_entry(bound: Manifest, make_zone: Callable) -> None:
    zone = make_zone(manifest=bound).lose_region()
    engine = zone.engine()
    while zone.run().plan_hash is None:
        zone.step(engine, approve=False)
    with pytest.raises(Refusal, match="cannot approve"):
        decisions.approve(zone.around, "arn:aws:iam::123456789012:user/ana", zone.run().plan_hash)
    assert zone.kinds(EntryKind.APPROVED) == []
