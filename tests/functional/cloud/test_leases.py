"""The lease on simulated DynamoDB: by version number, never by comparing clocks."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cloud import leases
from cloud.door import Door
from cloud.failures import Ambiguous, Missing
from cloud.leases import Lease, LeaseLost, LeaseWatch

MINE = Lease(owner="anna", version=1, run="we1-7", duration_s=30)


pytestmark = pytest.mark.usefixtures("tables")


def test_nobody_has_a_lease_that_was_never_taken(door: Door) -> None:
    assert leases.read(door, "lease") is None


def test_a_lease_is_taken_once(door: Door) -> None:
    assert leases.take(door, "lease", MINE) == MINE
    with pytest.raises(LeaseLost, match="belongs to anna at version 1") as raised:
        leases.take(door, "lease", replace(MINE, owner="bruno"))
    assert raised.value.holder == MINE


def test_a_renewed_lease_cannot_be_taken_at_the_version_seen_before(door: Door) -> None:
    held = leases.renew(door, "lease", leases.take(door, "lease", MINE))
    assert held.version == 2
    with pytest.raises(LeaseLost):
        leases.take(door, "lease", replace(MINE, owner="bruno", version=2))
    assert leases.read(door, "lease") == held


def test_a_lease_that_stood_still_is_taken_over_and_the_old_owner_finds_out(door: Door) -> None:
    held = leases.take(door, "lease", MINE)
    watch = LeaseWatch(door.clock)
    assert not watch.free(leases.read(door, "lease"))
    door.clock.sleep(29)
    assert not watch.free(leases.read(door, "lease"))
    door.clock.sleep(1)
    assert watch.free(leases.read(door, "lease"))
    leases.take(door, "lease", replace(MINE, owner="bruno", version=2))
    with pytest.raises(LeaseLost):
        leases.renew(door, "lease", held)


def test_a_renewal_starts_the_watch_again(door: Door) -> None:
    held = leases.take(door, "lease", MINE)
    watch = LeaseWatch(door.clock)
    watch.free(held)
    door.clock.sleep(29)
    held = leases.renew(door, "lease", held)
    assert not watch.free(held)
    door.clock.sleep(29)
    assert not watch.free(held)


def test_a_released_lease_is_free_at_once(door: Door) -> None:
    held = leases.take(door, "lease", MINE)
    leases.release(door, "lease", held)
    found = leases.read(door, "lease")
    assert LeaseWatch(door.clock).free(found)
    assert leases.take(door, "lease", replace(MINE, version=found.version + 1)).version == 3


def test_a_lost_reply_repeated_takes_the_lease_once(door: Door, fail: Callable[..., None]) -> None:
    fail("PutItem", "lost reply")
    assert leases.take(door, "lease", MINE) == MINE
    fail("PutItem", "lost reply")
    assert leases.renew(door, "lease", MINE).version == 2
    assert leases.read(door, "lease").version == 2


def test_a_lease_that_cannot_be_written_is_not_ours(door: Door, fail: Callable[..., None]) -> None:
    fail("PutItem", *["timeout"] * 100)
    with pytest.raises(Ambiguous):
        leases.take(door, "lease", MINE)
    assert leases.read(door, "lease") is None


def test_a_table_that_does_not_exist_is_missing(door: Door) -> None:
    with pytest.raises(Missing):
        leases.read(door, "elsewhere")
