"""Nightly duties that die at every change of theirs, and the next runs: nothing is lost or left.

Every run dies right after the change that the run before it did not reach, so that a night is cut
behind each of its changes, in one world. `make faults` plays each cut alone, before the change too.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backup import nightly
from cloud.door import Door

HOME, AWAY = "eu-west-1", "eu-central-1"
NIGHTS = 10
NUMBERS = "PutMetricData"
"""Told in every run whatever it did: who dies there has done everything else."""

Zone = Any
State = dict[tuple[str, str], str]


class Killed(BaseException):
    """The run is gone: no handler of ours may see it."""


def night(zone: Zone, capture: Any, prune: Any) -> None:  # noqa: ANN401 - a duty, killed or not
    """Take, copy once that is there, and give up once the copy is there, a quarter at a time."""
    for duty in (capture, capture, prune, prune, prune):
        duty(zone.cloud, zone.manifest)
        zone.world.clock.sleep(2 * 3600)


def state(zone: Zone) -> State:
    return {
        (region, name): one.status
        for region in (HOME, AWAY)
        for name, one in zone.snapshots(region).items()
        if not name.startswith("rds:")
    }


def dying(monkeypatch: pytest.MonkeyPatch, died: list[str], duty: Any) -> Any:  # noqa: ANN401 - as above
    """Return a duty that dies behind its first change, as often as it has one left to make."""

    def killed(door: Door, service: str, operation: str, /, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        reply = change(door, service, operation, **arguments)
        if operation != NUMBERS:
            died.append(operation)
            raise Killed
        return reply

    def run(*given: Any) -> None:  # noqa: ANN401 - as above
        with monkeypatch.context() as patch:
            patch.setattr(Door, "change", killed)
            while True:
                try:
                    duty(*given)
                except Killed:
                    continue
                return

    change = Door.change
    return run


def test_a_night_that_dies_behind_each_of_its_changes_ends_as_one_that_never_died(
    new_zone: Callable[[], Iterator[Zone]], monkeypatch: pytest.MonkeyPatch
) -> None:
    died: list[str] = []
    duties = (nightly.capture_and_copy, nightly.give_up)
    undisturbed, cut = (
        left(new_zone, *each)
        for each in (duties, [dying(monkeypatch, died, one) for one in duties])
    )
    assert cut == undisturbed
    assert set(undisturbed.values()) == {"available"}
    assert {one: died.count(one) for one in died} == {
        "CreateDBSnapshot": 2,
        "CopyDBSnapshot": 2,
        "DeleteDBSnapshot": 2 * NIGHTS + 4 - len(undisturbed),
    }


def left(new_zone: Callable[[], Iterator[Zone]], capture: Any, prune: Any) -> State:  # noqa: ANN401 - as above
    """Return what a night leaves in a world of its own."""
    entered = new_zone()
    zone = next(entered)
    for region in (HOME, AWAY):
        zone.history("orders", NIGHTS, region)
    night(zone, capture, prune)
    found = state(zone)
    entered.close()
    return found
