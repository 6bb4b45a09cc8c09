"""A verb that dies at any of its changes and runs again ends where one that never died ends."""

from collections.abc import Callable
from typing import Any

import pytest

from backup import capture, capture_plan, catalogue, copy, copy_plan, keep, prune, standing
from backup.keep import Terms
from cloud.door import Door

HOME, AWAY = "eu-west-1", "eu-central-1"
Zone = Any
Verb = Callable[[Zone], object]


class Killed(BaseException):
    """The process is gone: no handler of ours may see it."""


def night(zone: Zone) -> None:
    """Capture, wait until it is there, copy, wait until that is there."""
    for verb in (take, copies):
        verb(zone)
        zone.world.clock.sleep(3 * 3600)


def take(zone: Zone) -> None:
    found, holds = looked(zone)
    seen = capture.instances(zone.cloud, zone.manifest)
    capture.apply(zone.cloud, capture_plan.plan(zone.manifest, found, holds, seen))


def copies(zone: Zone) -> None:
    found, holds = looked(zone)
    kept = keep.plan(found, holds, Terms.of(zone.manifest))
    copy.apply(zone.cloud, copy_plan.plan(zone.manifest, found, lambda: kept))


def pruned(zone: Zone) -> None:
    found, holds = looked(zone)
    plan = keep.plan(found, holds, Terms.of(zone.manifest, capped=False))
    assert all(prune.done(one).well for one in prune.apply(zone.cloud, zone.manifest, plan))


def looked(zone: Zone) -> Any:  # noqa: ANN401 - a catalogue and the holds
    return catalogue.read(zone.cloud, zone.manifest), standing.read(zone.cloud, zone.manifest)


def kill_at(monkeypatch: pytest.MonkeyPatch, number: int, *, after: bool) -> None:
    """Let the process die at its so-many-th change, before or after AWS made it."""
    made, change = [0], Door.change

    def killed(door: Door, *named: Any, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        made[0] += 1
        if made[0] != number:
            return change(door, *named, **arguments)
        if after:
            change(door, *named, **arguments)
        raise Killed

    monkeypatch.setattr(Door, "change", killed)


def ours(zone: Zone) -> dict[tuple[str, str], str]:
    return {
        (region, name): snapshot.status
        for region in (HOME, AWAY)
        for name, snapshot in zone.snapshots(region).items()
        if not name.startswith("rds:")
    }


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("number", [1, 4])
def test_a_night_that_dies_is_finished_by_the_next_run(
    zone: Zone, monkeypatch: pytest.MonkeyPatch, number: int, after: bool
) -> None:
    with monkeypatch.context() as patch:
        kill_at(patch, number, after=after)
        with pytest.raises(Killed):
            night(zone)
    night(zone)
    night(zone)
    names = [f"we1-{name}-2026-03-03" for name in ("accounts", "orders")]
    assert ours(zone) == {(region, name): "available" for region in (HOME, AWAY) for name in names}


@pytest.mark.parametrize("after", [False, True])
def test_a_prune_that_dies_deletes_nothing_else_when_it_runs_again(
    zone: Zone, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    zone.history("orders", 14)
    found, holds = looked(zone)
    plan = keep.plan(found, holds, Terms.of(zone.manifest, capped=False))
    kept = {one.point.identifier for one in plan.decisions if one.kept and one.point.ours}
    with monkeypatch.context() as patch:
        kill_at(patch, 3, after=after)
        with pytest.raises(Killed):
            pruned(zone)
    assert len(ours(zone)) == 14 - (3 if after else 2)
    pruned(zone)
    assert {name for _, name in ours(zone)} == kept


def test_a_deletion_costs_five_calls_and_no_sweep(zone: Zone) -> None:
    zone.history("orders", 14)
    found, holds = looked(zone)
    plan = keep.plan(found, holds, Terms.of(zone.manifest, capped=False))
    before = zone.cloud.budget.total
    done = list(prune.apply(zone.cloud, zone.manifest, plan))
    assert zone.cloud.budget.total - before == 5 * len(done)
