"""A driver killed after, or a reply lost at, every changing call of a recovery on moto.

`tests/unit/failover/test_killed_anywhere.py` cuts at every call, reads too, on a zone in memory;
here the same engine speaks to AWS through boto3, and the world judges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from failover.progress import State
from simulator.faults import Fault, FaultKind

if TYPE_CHECKING:
    from tests.faults.conftest import NewRescue


@pytest.fixture(scope="module")
def clean(new_rescue: NewRescue) -> tuple[object, list[str]]:
    """Return the end state of a recovery that nothing disturbed, and its changing calls."""
    with new_rescue() as rescue:
        rescue.lose_home()
        assert rescue.recover().state is State.RECOVERED
        assert not rescue.invariants.violations
        return rescue.end_state(), rescue.wire.changes


EFFECTS = (
    "update_item",
    "put_object",
    "register_scalable_target",
    "update_service",
    "promote_read_replica",
    "transact_write_items",
)


def telling(changes: list[str]) -> list[int]:
    """Return the numbers of the calls that change more than the lease's version."""
    return [number for number, name in enumerate(changes, 1) if name in EFFECTS]


@pytest.mark.parametrize(("fault", "offset"), [("kill after", 0), ("lost reply", 1)])
def test_a_cut_at_any_change_leads_to_the_same_end(
    new_rescue: NewRescue, clean: tuple[object, list[str]], fault: str, offset: int
) -> None:
    """Each change is cut in one of the two ways, in turn: both at each would take minutes."""
    end, changes = clean
    for number in telling(changes)[offset::2]:
        with new_rescue({number: fault}) as rescue:
            rescue.lose_home()
            rescue.recover()
            where = f"{fault} at change {number}, {changes[number - 1]}"
            assert rescue.end_state() == end, where
            assert not rescue.invariants.violations, where
            assert set(rescue.promotions().values()) == {1}, where


def test_many_cuts_in_one_recovery_lead_to_the_same_end(
    new_rescue: NewRescue, clean: tuple[object, list[str]]
) -> None:
    end, _ = clean
    script = {
        number: ("kill after", "lost reply", "throttled")[number % 3] for number in range(2, 60, 4)
    }
    with new_rescue(script) as rescue:
        rescue.lose_home()
        rescue.recover()
        assert rescue.end_state() == end
        assert not rescue.invariants.violations


def test_a_fifth_of_all_calls_throttled_leads_to_the_same_end(
    new_rescue: NewRescue, clean: tuple[object, list[str]]
) -> None:
    end, _ = clean
    with new_rescue() as rescue:
        away = rescue.manifest.standby_site.region
        rescue.fault(Fault(FaultKind.THROTTLE, 0, region=away, rate=0.2))
        rescue.lose_home()
        rescue.recover()
        assert rescue.end_state() == end
        assert not rescue.invariants.violations


def test_a_denied_promotion_blocks_in_bounded_time_and_says_what_to_grant(
    new_rescue: NewRescue,
) -> None:
    with new_rescue() as rescue:
        rescue.fault(Fault(FaultKind.DENIED, 0, operation="PromoteReadReplica"))
        rescue.lose_home()
        last = rescue.recover()
        assert last.state is State.BLOCKED
        assert "the role that runs this may not rds:PromoteReadReplica" in last.sentence
        assert not rescue.invariants.violations
