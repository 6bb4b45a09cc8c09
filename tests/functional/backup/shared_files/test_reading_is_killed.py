"""A trial of a shared file system dies behind each of its changes, and nothing of it stays."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from backup.evidence import Verdict
from cloud.door import Door
from simulator import backstage

MOST = 40
"""Changes of a trial, and some to spare: one that never ends must be seen."""

Shared = Any  # the fixture of conftest.py, which no test can import


class Killed(BaseException):
    """The process is gone: no handler of ours may see it."""


def dies_at_each(shared: Shared, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> set[str]:
    """Verify, dying at the first change of each kind; return the operations at which it died."""
    died: list[tuple[str, str]] = []
    change = Door.change

    def dying(door: Door, service: str, called: str, /, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        what = called, re.sub(r"[0-9.]+", "", repr(arguments))  # it is repeated later in the day
        if what in died:
            return change(door, service, called, **arguments)
        died.append(what)
        if after:
            change(door, service, called, **arguments)
        raise Killed

    def run(tried: Callable[[], object]) -> bool:
        try:
            tried()
        except Killed:
            shared.world.clock.sleep(240)
            return False
        return True

    with monkeypatch.context() as patch:
        patch.setattr(Door, "change", dying)
        run(shared.tried)
        while not run(lambda: shared.tried(begin=not shared.trials() and not shared.evidence())):
            assert len(died) < MOST
    return {called for called, _ in died}


@pytest.mark.parametrize("after", [True, False])
def test_the_next_one_goes_on_and_takes_everything_off(
    shared: Shared, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    died = dies_at_each(shared, monkeypatch, after=after)
    assert died >= {
        "StartRestoreJob",
        "CreateMountTarget",
        "CreateAccessPoint",
        "UpdateFunctionConfiguration",
        "Invoke",
        "DeleteAccessPoint",
        "DeleteMountTarget",
        "DeleteFileSystem",
    }
    [found] = shared.evidence()
    assert (found.verdict, found.why) == (Verdict.PROVEN, "")
    assert list(shared.systems()) == [shared.live]
    assert (shared.mounted(), shared.trials()) == ([], ())
    efs = backstage.client("efs", "eu-west-1")
    targets = efs.describe_mount_targets(FileSystemId=shared.live)["MountTargets"]
    assert len(targets) == 2
    assert len(efs.describe_access_points()["AccessPoints"]) == 1
