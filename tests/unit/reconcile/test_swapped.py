"""A restore that took a database's name without a run is told, and what the state lacks with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from continuity.manifest import Manifest
from failover.observation import Instance
from failover.surroundings import Surroundings
from reconcile import swapped
from reconcile.operations import Import, Rename, Unprotect

LIVE = Instance("available", None, 7, "03:00-04:00", True, "pg", True, resource="db-NEW")


@dataclass
class Serving:
    """What the serving site has."""

    there: Mapping[str, Instance]

    def serving_instances(self, identifiers: Sequence[str]) -> Mapping[str, Instance]:
        return {name: one for name, one in self.there.items() if name in identifiers}


def around(manifest: Manifest, **marks: str) -> Surroundings:
    there = {
        one.members[manifest.active].identifier: replace(LIVE, restored_by=marks.get(one.name, ""))
        for one in manifest.databases
    }
    nothing: Any = None
    sight = cast("Any", Serving(there))
    return Surroundings(manifest, sight, nothing, nothing, nothing, nothing)


def test_only_what_a_restore_named_is_told_and_never_what_a_run_restored(
    manifest: Manifest,
) -> None:
    marks = {"orders": "restore/orders/we1-orders-1", "billing": "we1-0001/restore-billing"}
    assert set(swapped.look(around(manifest, **marks))) == {"orders"}
    assert swapped.operations({}, manifest) == ()


def test_the_old_entry_makes_room_and_the_new_instance_is_imported(manifest: Manifest) -> None:
    found = swapped.operations({"orders": LIVE}, manifest)
    rename, unprotect, taken = found
    assert isinstance(rename, Rename)
    assert isinstance(unprotect, Unprotect)
    assert isinstance(taken, Import)
    assert (rename.name, rename.unless) == ("we1-orders-home-1-aside-before-restore", "db-NEW")
    assert unprotect.urn.endswith("::we1-orders-home-1-aside-before-restore")
    assert taken.urn == rename.urn
    assert (taken.identity, taken.region) == (
        "we1-orders-home-1",
        manifest.serving_site.region,
    )
