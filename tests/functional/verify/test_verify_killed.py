"""A verification that dies at any of its changes is finished by the next one, and nothing stays."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from backup.evidence import Verdict
from cloud.door import Door

MOST = 30
"""Changes of a trial, and some to spare: one that never ends must be seen."""

Zone = Any  # the fixture of conftest.py, which no test can import


class Killed(BaseException):
    """The process is gone: no handler of ours may see it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, operation: str, number: int, *, after: bool) -> None:
    """Let the process die at its so-many-th change of a kind, before or after AWS made it."""
    made, change = [0], Door.change

    def killed(door: Door, service: str, called: str, /, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        made[0] += called == operation
        if made[0] != number or called != operation:
            return change(door, service, called, **arguments)
        if after:
            change(door, service, called, **arguments)
        raise Killed

    monkeypatch.setattr(Door, "change", killed)


@pytest.mark.parametrize(
    ("operation", "number", "after"),
    [
        ("UpdateItem", 1, True),  # the trial is written, nothing is restored
        ("RestoreDBInstanceFromDBSnapshot", 1, True),
        ("Invoke", 1, True),  # the prober is on its way, nobody remembers
        ("UpdateItem", 5, True),  # the evidence is kept, the point is not marked
        ("DeleteDBInstance", 1, True),
    ],
)
def test_the_next_one_goes_on_where_it_stopped(
    zone: Zone, monkeypatch: pytest.MonkeyPatch, operation: str, number: int, after: bool
) -> None:
    point, before, restored = zone.newest("catalogue"), zone.evidence("catalogue"), zone.restores()
    with monkeypatch.context() as patch:
        kill_at(patch, operation, number, after=after)
        with pytest.raises(Killed):
            zone.tried(point=point)
    assert len(zone.trials()) == 1
    zone.finish()
    assert zone.trials() == ()
    assert len(zone.evidence("catalogue")) == len(before) + 1
    assert zone.restores() == restored + 1
    zone.world.clock.sleep(3600)
    assert zone.scratches() == []
    assert "holdfast:verified" in zone.tags(point)


def test_a_trial_that_dies_behind_each_of_its_changes_ends_as_one_that_never_died(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    point, before, restored = zone.newest("accounts"), zone.evidence("accounts"), zone.restores()
    died: list[tuple[str, str]] = []
    change = Door.change

    def dying(door: Door, service: str, called: str, /, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        reply = change(door, service, called, **arguments)
        what = called, re.sub(r"[0-9.]+", "", repr(arguments))  # it is repeated later in the day
        if what in died:
            return reply
        died.append(what)
        raise Killed

    def run(tried: Callable[[], object]) -> bool:
        try:
            tried()
        except Killed:
            zone.world.clock.sleep(240)
            return False
        return True

    with monkeypatch.context() as patch:
        patch.setattr(Door, "change", dying)
        run(lambda: zone.tried(point=point))
        while not run(zone.finish):
            assert len(died) < MOST
    assert zone.trials() == ()
    [found] = set(zone.evidence("accounts")) - set(before)
    assert (found.verdict, found.point) == (Verdict.PROVEN, point)
    assert zone.restores() == restored + 1
    assert {"Invoke", "AddTagsToResource", "DeleteDBInstance"} <= {called for called, _ in died}
    assert "holdfast:verified" in zone.tags(point)
    zone.world.clock.sleep(3600)
    assert zone.scratches() == []


def test_a_restore_that_was_never_asked_for_is_not_late_a_day_afterwards(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        kill_at(patch, "UpdateItem", 1, after=True)
        with pytest.raises(Killed):
            zone.tried(point=zone.newest("orders"))
    zone.world.clock.sleep(24 * 3600)
    [found] = zone.finish().ended
    assert (found.verdict, found.why) == (Verdict.PROVEN, "")
    assert found.restore_s < 3600 < (found.ended - found.began).total_seconds()
