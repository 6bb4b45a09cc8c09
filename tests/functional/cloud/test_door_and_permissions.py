"""What leaves the door, against what each function says it needs."""

from collections.abc import Callable

import pytest

from cloud import (
    databases,
    drills,
    fences,
    identity,
    journals,
    latches,
    leases,
    manifests,
    metrics,
    services,
)
from cloud.clients import Reach
from cloud.door import Cloud, Door
from cloud.failures import Ambiguous, Denied, Throttled, Unreachable
from cloud.journals import Journal
from cloud.leases import Lease
from cloud.permitted import actions_of, permissions_of
from continuity.errors import HoldfastError
from continuity.journal import Entry, EntryKind
from continuity.manifest import Hosting, Latch, Site

LEASE = Lease("anna", 1, "we1-7", 30)
SITE = Site(
    region="eu-central-1",
    incarnation=1,
    key_arn="",
    vpc_id="",
    application_security_group="sg-0a",
    database_security_group="sg-0d",
    subnet_group="",
    hosting=Hosting("platform", "platform", "", "", "", "", "service/a/b", 2, 2, 4),
    latch=Latch("", "", ""),
    lease_table="",
    journal_table="",
    manifest_bucket="",
    manifest_key="",
)

CALLS = {
    databases.describe: lambda at: databases.describe(at, ["orders"]),
    databases.promote: lambda at: databases.promote(at, "orders", 7, "03:00-03:30"),
    databases.modify: lambda at: databases.modify(at, "orders", databases.Settings(multi_az=True)),
    databases.reboot: lambda at: databases.reboot(at, "orders"),
    metrics.replica_lag: lambda at: metrics.replica_lag(at, ["orders"]),
    services.describe: lambda at: services.describe(at, "platform", "platform"),
    services.scale: lambda at: services.scale(at, "platform", "platform", 1),
    services.scaling: lambda at: services.scaling(at, "service/a/b"),
    services.set_scaling: lambda at: services.set_scaling(
        at, "service/a/b", services.Scaling(0, 1)
    ),
    fences.look: lambda at: fences.look(at.cloud, SITE),
    fences.shut: lambda at: fences.shut(at.cloud, SITE),
    fences.stop: lambda at: fences.stop(at.cloud, SITE),
    latches.present: lambda at: latches.present(at, "latch"),
    latches.put: lambda at: latches.put(at, "latch", "open/away"),
    leases.read: lambda at: leases.read(at, "lease"),
    leases.take: lambda at: leases.take(at, "lease", LEASE),
    leases.renew: lambda at: leases.renew(at, "lease", LEASE),
    leases.release: lambda at: leases.release(at, "lease", LEASE),
    journals.read: lambda at: journals.read(at, "journal", "we1-7"),
    journals.append: lambda at: journals.append(
        at,
        Journal("lease", "journal", "we1-7"),
        LEASE,
        [Entry(1, at.clock.now(), EntryKind.DONE, "Done.")],
    ),
    drills.last: lambda at: drills.last(at, "lease"),
    drills.record: lambda at: drills.record(
        at, "lease", drills.LastDrill(at.clock.now(), "region-loss", 485.0, "ana")
    ),
    manifests.read: lambda at: manifests.read(at, "manifests", "manifest.json", "we1"),
    identity.who_am_i: identity.who_am_i,
    identity.who_am_i_where: lambda at: identity.who_am_i_where(at.cloud, (at.region,)),
}


@pytest.mark.parametrize("function", CALLS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_a_function_asks_for_nothing_but_what_it_declares(
    cloud: Cloud, door: Door, fail: Callable[..., None], function: Callable[..., object]
) -> None:
    fail("PromoteReadReplica", "InvalidDBInstanceState")
    fail("ModifyDBInstance", "InvalidDBInstanceState")
    fail("RebootDBInstance", "InvalidDBInstanceState")
    try:
        CALLS[function](door)
    except HoldfastError:
        assert cloud.budget.total  # what it wanted to touch does not exist, but it did ask
    asked = {action for call in cloud.budget.counts() for action in actions_of(*call.split("."))}
    assert asked
    assert asked <= {permission.action for permission in permissions_of(function)}


def test_who_am_i_is_asked_in_the_region(door: Door) -> None:
    found = identity.who_am_i(door)
    assert found.account == "123456789012"
    client = door.cloud.clients.of("sts", "eu-central-1")
    assert client.meta.endpoint_url == "https://sts.eu-central-1.amazonaws.com"


def test_the_second_region_tells_who_we_are_where_the_first_is_silent(
    cloud: Cloud, fail: Callable[..., None]
) -> None:
    fail("GetCallerIdentity", "no connection")
    found, region = identity.who_am_i_where(cloud, ("eu-west-1", "eu-central-1"))
    assert (found.account, region) == ("123456789012", "eu-central-1")
    assert cloud.budget.total == 2


def test_a_role_is_named_as_people_know_it() -> None:
    session = "arn:aws:sts::123456789012:assumed-role/holdfast-we1-failover/anna"
    assert identity.Identity("123456789012", session).role == "holdfast-we1-failover"
    root = "arn:aws:iam::123456789012:root"
    assert identity.Identity("123456789012", root).role == "root"


def test_clients_are_made_once_with_our_timeouts_and_no_retries(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")
    monkeypatch.setenv("AWS_DEFAULTS_MODE", "mobile")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for reach in Reach:
        client = cloud.clients.of("rds", "eu-central-1", reach)
        assert client is cloud.clients.of("rds", "eu-central-1", reach)
        config = client.meta.config
        assert (config.connect_timeout, config.read_timeout) == (reach.connect_s, reach.read_s)
        assert config.retries["total_max_attempts"] == 1
        assert client.meta.region_name == "eu-central-1"
        assert "holdfast/" in config.user_agent
    assert Reach.IMPAIRED.connect_s + Reach.IMPAIRED.read_s <= 5


def test_one_request_leaves_for_each_attempt_that_is_counted(
    cloud: Cloud, door: Door, fail: Callable[..., None]
) -> None:
    fail("GetCallerIdentity", "Throttling", "ServiceUnavailable", "timeout", "no connection")
    identity.who_am_i(door)
    assert cloud.budget.counts() == {"sts.GetCallerIdentity": 5}
    assert cloud.budget.throttled == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("Throttling", Throttled),
        ("ServiceUnavailable", Ambiguous),
        ("timeout", Ambiguous),
        ("lost reply", Ambiguous),
        ("no connection", Unreachable),
    ],
)
def test_an_impaired_region_gets_one_attempt(
    cloud: Cloud, fail: Callable[..., None], kind: str, error: type[Exception]
) -> None:
    fail("GetCallerIdentity", *[kind] * 3)
    with pytest.raises(error):
        identity.who_am_i(cloud.at("eu-central-1", Reach.IMPAIRED))
    assert cloud.budget.total == 1
    assert cloud.clock.monotonic() == 0


def test_nobody_signed_in_is_told_to_sign_in(cloud: Cloud, fail: Callable[..., None]) -> None:
    fail("GetCallerIdentity", "ExpiredToken")
    with pytest.raises(Denied, match="Sign in again"):
        identity.who_am_i(cloud.at("eu-central-1"))
    assert cloud.budget.total == 1
