"""A nightly duty that dies at any of its changes, and the next run: nothing is lost or left."""

from typing import Any

import pytest

from backup import nightly
from backup.rotation import kept
from cloud.door import Door

HOME, AWAY = "eu-west-1", "eu-central-1"
TONIGHT = "we1-orders-2026-03-03"
Zone = Any


class Killed(BaseException):
    """The run is gone: no handler of ours may see it."""


def duties(zone: Zone) -> None:
    """Take, copy once that is there, and give up once the copy is there."""
    nightly.capture_and_copy(zone.cloud, zone.manifest)
    zone.world.clock.sleep(3600)
    nightly.capture_and_copy(zone.cloud, zone.manifest)
    zone.world.clock.sleep(2 * 3600)
    nightly.give_up(zone.cloud, zone.manifest)


def usable(zone: Zone, region: str) -> dict[str, Any]:
    found = zone.snapshots(region).items()
    return {name: one for name, one in found if not name.startswith("rds:")}


@pytest.mark.parametrize("number", [1, 2, 4, 7])
def test_the_next_run_ends_where_one_that_never_died_ends(
    zone: Zone, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for region in (HOME, AWAY):
        zone.history("orders", 8, region)
    made, change = [0], Door.change

    def killed(door: Door, *named: Any, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        made[0] += 1
        if made[0] == number and number % 2:
            raise Killed
        reply = change(door, *named, **arguments)
        if made[0] == number:
            raise Killed
        return reply

    with monkeypatch.context() as patch:
        patch.setattr(Door, "change", killed)
        with pytest.raises(Killed):
            duties(zone)
    before = {
        one.original_snapshot_create_time.astimezone()
        for one in (*usable(zone, HOME).values(), *usable(zone, AWAY).values())
    }
    duties(zone)
    must_stay = kept(list(before), daily=5, weekly=4, monthly=3, tz="Europe/Lisbon")
    for region in (HOME, AWAY):
        left = usable(zone, region)
        assert left[TONIGHT].status == "available"
        assert {one.status for one in left.values()} == {"available"}
        moments = {one.original_snapshot_create_time.astimezone() for one in left.values()}
        assert {one.date() for one in must_stay} - {one.date() for one in moments} <= {
            min(must_stay).date()
        }
