"""Looking at a zone: what it may, what it costs, and that it never raises."""

import importlib
import inspect
import pkgutil
from dataclasses import replace
from typing import Any

from cloud.permitted import actions_of, permissions_of
from continuity.grants import FAILOVER, READINESS
from continuity.manifest import Manifest
from continuity.permissions import DESCRIBE_FILE_SYSTEM_COPIES, Scope
from failover.readiness import look, looks
from failover.readiness.looks import permissions
from simulator.faults import Fault, FaultKind

Zone = Any  # the fixture of conftest.py, which no test can import


def test_a_zone_after_its_deployment_is_ready(zone: Zone) -> None:
    found = zone.check()
    assert (found.ready, found.findings) == (True, ())
    assert found.looked_at > 60


def test_every_call_is_one_that_the_readiness_role_may_make(zone: Zone) -> None:
    zone.check()
    names = [name.split(".") for name in zone.cloud.budget.counts()]
    asked = {action for service, operation in names for action in actions_of(service, operation)}
    # The zone declares no file system; in `ops`, which does, the whole circle asks about it.
    assert asked | {DESCRIBE_FILE_SYSTEM_COPIES.action} == {one.action for one in READINESS}


def test_the_role_has_what_the_looks_declare_and_nothing_more() -> None:
    declared = {
        permission
        for module in pkgutil.iter_modules(looks.__path__, f"{looks.__name__}.")
        for _, function in inspect.getmembers(
            importlib.import_module(module.name), inspect.isfunction
        )
        for permission in permissions_of(function)
    }
    assert declared == set(READINESS)


def test_nothing_is_changed_by_looking(zone: Zone) -> None:
    before = len(zone.world.calls)
    zone.check()
    assert [call.name for call in list(zone.world.calls)[before:] if call.effect] == []


def test_a_zone_that_cannot_be_reached_is_not_ready_and_nothing_is_raised(zone: Zone) -> None:
    for region in (zone.home.region, zone.away.region):
        zone.fault(Fault(FaultKind.REGION_LOST, 0, region=region, lasts_s=300))
    zone.world.clock.sleep(1)
    found = zone.check()
    assert not found.ready
    unread = {one.subject for one in found.findings if one.name == "unreadable"}
    assert {"standby instances", "serving instances", "target lags", "target lease"} <= unread
    zone.world.clock.sleep(1200)


def test_what_an_older_manifest_does_not_name_is_unreadable_and_not_a_pass(zone: Zone) -> None:
    found = zone.check(old(zone.manifest))
    unread = {one.subject for one in found.findings if one.name == "unreadable"}
    assert {"checks away opened", "standby secrets orders"} <= unread
    assert "older program" in found.findings[0].what


def old(manifest: Manifest) -> Manifest:
    """Return a manifest as it was written before readiness needed more of it."""
    sites = {
        name: replace(site, not_closed_check="", open_check="")
        for name, site in manifest.sites.items()
    }
    databases = tuple(
        replace(
            database,
            members={
                name: replace(member, secret_arn="") for name, member in database.members.items()
            },
        )
        for database in manifest.databases
    )
    return replace(manifest, sites=sites, databases=databases)


def test_every_scope_of_a_failover_is_asked_about_by_what_it_touches(zone: Zone) -> None:
    scopes = {permission.scope for permission in FAILOVER} - {Scope.ANY}
    vague = [scope for scope in scopes if permissions.touched(zone.manifest, scope) == ("*",)]
    assert vague == []


def test_every_reading_has_a_moment(zone: Zone) -> None:
    picture = look.take(zone.cloud, zone.manifest)
    ages = [reading.age_s(picture.now) for _, reading in picture.readings()]
    assert all(age is not None and 0 <= age < 60 for age in ages)
