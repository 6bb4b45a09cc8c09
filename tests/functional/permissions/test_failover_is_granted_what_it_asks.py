"""What each look and each change of a failover declares is enough, and all of it is needed."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.backends import get_backend

from backup import evidence_store
from backup.points import Kind, Series
from cloud import identity
from cloud.failures import Denied, Missing, Rejected
from cloud.leases import Lease
from cloud.permitted import permissions_of
from continuity import naming
from continuity.errors import HoldfastError, PermanentError
from continuity.grants import FAILOVER
from continuity.incidents import DELIVERY
from continuity.journal import Entry, EntryKind
from continuity.permissions import READ_WARRANT, READ_WITNESS, WHO_AM_I, Permission
from continuity.restorable import Storage
from failover import aws, aws_record, find_manifest
from failover.find_manifest import Whereabouts, find
from failover.ports import Origin
from failover.recorder import Begun

Zone = Any  # the fixture of conftest.py, which no test can import
Method = Callable[..., object]


def replica(zone: Zone, number: int) -> str:
    return str(zone.manifest.databases[number].members[zone.manifest.standby].identifier)


def entry(zone: Zone) -> Entry:
    return Entry(1, zone.world.clock.now(), EntryKind.DONE, "Done.")


def fence(zone: Zone) -> bool:
    """Fence a site whose databases admit its application, as they do before."""
    ec2, group = zone.aws("ec2", zone.home.region), zone.home.database_security_group
    [found] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    pair = {"GroupId": zone.home.application_security_group}
    pairs = [one for rule in found["IpPermissions"] for one in rule["UserIdGroupPairs"]]
    if not any(one["GroupId"] == pair["GroupId"] for one in pairs):
        rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [pair]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    return bool(zone.hands.fence())


def manifest(zone: Zone) -> object:
    regions = {name: site.region for name, site in zone.manifest.sites.items()}
    where = Whereabouts("sa1", zone.manifest.account, regions, zone.manifest.active)
    return find(zone.cloud, where)


def rename(zone: Zone) -> None:
    """Ask for a name that is taken, of an instance that restarts: neither changes anything."""
    busy, taken = replica(zone, 2), replica(zone, 1)
    with suppress(ClientError):
        zone.aws("rds").reboot_db_instance(DBInstanceIdentifier=busy)
    zone.hands.rename(busy, taken)


def reboot(zone: Zone) -> None:
    """Ask for a restart of what restarts already, however long ago another test had it restart."""
    with suppress(ClientError):
        zone.aws("rds").reboot_db_instance(DBInstanceIdentifier=replica(zone, 2))
    zone.hands.reboot(replica(zone, 2))


def points(zone: Zone) -> None:
    found = zone.sites.recovery_points()
    for state in found.keys.values():
        if state != "Enabled":
            raise PermanentError(state)


def restore(zone: Zone) -> None:
    """Ask for both kinds of restores, under a name that is taken: nothing is made."""
    rds, database = zone.aws("rds"), zone.manifest.databases[0]
    [kept, *_] = rds.describe_db_instance_automated_backups(
        DBInstanceIdentifier=database.members[zone.manifest.active].identifier
    )["DBInstanceAutomatedBackups"]
    backups, moment = kept["DBInstanceAutomatedBackupsArn"], zone.world.clock.now()
    for name, when in ((backups, moment), ("sa1-nothing", None)):
        with suppress(Rejected, Missing):
            origin = Origin(name, when, Storage(100), "sa1-0001/restore")
            zone.hands.restore(database, replica(zone, 0), origin)


def measured(zone: Zone) -> object:
    """Read how long restores took; `failover.trials` does without it where this is refused."""
    series = [Series("sa1", one.name, Kind.DATABASE) for one in zone.manifest.databases]
    door = zone.cloud.at(zone.away.region)
    return evidence_store.read(door, zone.away.lease_table, series)


def revoke(zone: Zone) -> None:
    """Revoke warrants that are valid, as they are before."""
    key, body = naming.warrant_key(zone.manifest.active), naming.WARRANTED.encode()
    s3 = get_backend("s3")[zone.manifest.account]["aws"]  # its policy admits nobody else
    for bucket in (zone.away.latch.bucket, zone.manifest.witness.bucket):
        s3.put_object(bucket, key, body)
    zone.hands.revoke_warrant("sa1-0001", at_witness=False)
    zone.hands.revoke_warrant("sa1-0001", at_witness=True)


def rearm(zone: Zone) -> None:
    """Warrant a site that an earlier move had left, in both places."""
    s3 = get_backend("s3")[zone.manifest.account]["aws"]
    key, latch = naming.warrant_key(zone.manifest.standby), zone.home.latch
    for bucket in (latch.bucket, zone.manifest.witness.bucket):
        s3.put_object(bucket, key, b"revoked")
    s3.put_object(latch.bucket, latch.open_key, b"")
    zone.hands.rearm(at_witness=False)
    zone.hands.rearm(at_witness=True)


def mark_left(zone: Zone) -> None:
    """Mark the old primaries as left, and take the tag off a replica that is the zone's own."""
    primaries = [each.members[zone.manifest.active].identifier for each in zone.manifest.databases]
    kept = [replica(zone, number) for number in range(len(primaries))]
    tag = {"Key": naming.TAG_FENCED, "Value": "sa1-0001@away"}
    zone.aws("rds").add_tags_to_resource(ResourceName=arn(zone, zone.away, kept[0]), Tags=[tag])
    for one in primaries:
        zone.aws("rds", zone.home.region).remove_tags_from_resource(
            ResourceName=arn(zone, zone.home, one), TagKeys=[naming.TAG_FENCED]
        )
    zone.hands.mark_left("sa1-0001@away", frozenset(kept))


def arn(zone: Zone, site: Any, identifier: str) -> str:  # noqa: ANN401 - a site of the manifest
    return f"arn:aws:rds:{site.region}:{zone.manifest.account}:db:{identifier}"


def position(zone: Zone) -> None:
    """Ask a database, each time in another run's name: one answer stands."""
    zone.world.clock.sleep(1)
    run = f"sa1-{zone.world.clock.now():%H%M%S}"
    zone.hands.position(run, zone.manifest.active, zone.manifest.databases[0])


def alarms(zone: Zone) -> None:
    """Read both sites' alarms; what keeps one from being read is told and not raised."""
    for one in zone.sites.alarms().values():
        if one.error:
            raise PermanentError(one.error)


def tell(zone: Zone) -> None:
    """Put a run on record, each time another one: what is told twice is written once."""
    now = zone.world.clock.now()
    zone.world.clock.sleep(1)
    run = f"sa1-{now:%H%M%S}"
    begun = Begun(run, "region lost", (), now, now, "It is lost.")
    aws_record.AwsRecord(zone.manifest, zone.cloud).tell(begun, ())


LEASE = Lease("test", 1, "sa1-0001", 30)
MADE: Mapping[Method, Callable[[Zone], object]] = {
    aws.AwsSites.serving_region_answers: lambda zone: zone.sites.serving_region_answers(),
    aws.AwsSites.instances: lambda zone: zone.sites.instances([replica(zone, 0)]),
    aws.AwsSites.lags: lambda zone: zone.sites.lags(
        [replica(zone, 0)], zone.world.clock.now() - timedelta(minutes=15)
    ),
    aws.AwsSites.recovery_points: points,
    aws.AwsSites.fence_state: lambda zone: zone.sites.fence_state(),
    aws.AwsSites.witness_warrants: lambda zone: zone.sites.witness_warrants(),
    aws.AwsSites.hosting: lambda zone: zone.sites.hosting(),
    aws.AwsSites.latches: lambda zone: zone.sites.latches(),
    aws.AwsSites.serving_instances: lambda zone: zone.sites.serving_instances(["sa1-gone"]),
    aws.AwsSites.serving_hosting: lambda zone: zone.sites.serving_hosting(),
    aws.AwsSites.alarms: alarms,
    aws.AwsSites.addresses: lambda zone: zone.sites.addresses(),
    aws.AwsSites.releases: lambda zone: zone.sites.releases(),
    aws.AwsHands.hold_recovery_points: lambda zone: zone.hands.hold_recovery_points("run", "x"),
    aws.AwsHands.put_latch: lambda zone: zone.hands.put_latch(zone.away.latch.closed_key),
    aws.AwsHands.fence: fence,
    aws.AwsHands.revoke_warrant: revoke,
    aws.AwsHands.promote: lambda zone: zone.hands.promote(replica(zone, 0), 7, "03:00-03:30"),
    aws.AwsHands.rename: rename,
    aws.AwsHands.restore: restore,
    aws.AwsHands.protect: lambda zone: zone.hands.protect(
        zone.manifest.databases[1], replica(zone, 1)
    ),
    aws.AwsHands.tell_addresses: lambda zone: zone.hands.tell_addresses("", '"as nobody saw it"'),
    aws.AwsHands.renew_tasks: lambda zone: zone.hands.renew_tasks(zone.world.clock.now()),
    aws.AwsHands.reboot: reboot,
    aws.AwsHands.widen_scaling: lambda zone: zone.hands.widen_scaling(2, 8),
    aws.AwsHands.run_tasks: lambda zone: zone.hands.run_tasks(2),
    aws.AwsHands.redeploy: lambda zone: zone.hands.redeploy(zone.home.hosting.task_definition),
    aws.AwsHands.restart_serving: lambda zone: zone.hands.restart_serving(2, 8, 4),
    aws.AwsHands.quiet_serving: lambda zone: zone.hands.quiet_serving(),
    aws.AwsHands.wake_serving: lambda zone: zone.hands.wake_serving(2, 8, 4),
    aws.AwsHands.position: position,
    aws.AwsHands.forget_position: lambda zone: zone.hands.forget_position(
        "sa1-0001", zone.manifest.active, zone.manifest.databases[0]
    ),
    aws.AwsHands.lift_latch: lambda zone: zone.hands.lift_latch(zone.away.latch.closed_key),
    aws.AwsHands.rearm: rearm,
    aws.AwsHands.mark_left: mark_left,
    aws.AwsMemory.read_lease: lambda zone: zone.memory.read_lease(),
    aws.AwsMemory.take_lease: lambda zone: zone.memory.take_lease(LEASE),
    aws.AwsMemory.read_journal: lambda zone: zone.memory.read_journal("sa1-0001"),
    aws.AwsMemory.append: lambda zone: zone.memory.append("sa1-0001", LEASE, [entry(zone)]),
    aws_record.AwsRecord.tell: tell,
    find_manifest.find: manifest,
    evidence_store.read: measured,
}
"""How each is made in the deployed zone."""

NEVER_CALLED = {"each", "write"}
"""These reach AWS through others, or not at all: a row is written through the platform."""


def asking() -> Iterator[Method]:
    for room in (aws.AwsSites, aws.AwsHands, aws.AwsMemory, aws_record.AwsRecord):
        for name, method in inspect.getmembers(room, inspect.isfunction):
            if not name.startswith("_") and name not in NEVER_CALLED:
                yield method


def named(method: Method) -> str:
    return method.__name__


def test_every_look_and_change_declares_what_it_needs() -> None:
    assert set(MADE) == {*asking(), find_manifest.find, evidence_store.read}
    assert [named(method) for method in MADE if not permissions_of(method)] == []


def test_the_role_is_granted_the_sum_of_what_is_declared() -> None:
    declared = {one for method in MADE for one in permissions_of(method)}
    assert declared | {WHO_AM_I, *DELIVERY} == set(FAILOVER)


@pytest.mark.parametrize("method", MADE, ids=named)
def test_what_it_declares_is_enough(zone: Zone, method: Method) -> None:
    zone.may(permissions_of(method))
    for _ in range(2):  # what is so already is looked at in another way
        assert not lacks(_outcome(zone, method)), named(method)


TO_EVERYBODY = {READ_WARRANT, READ_WITNESS}
"""The buckets' own policies let anybody read warrants, as health checkers do: IAM may deny it."""

EACH = [
    (method, one) for method in MADE for one in permissions_of(method) if one not in TO_EVERYBODY
]


@pytest.mark.parametrize(
    ("method", "permission"), EACH, ids=[f"{named(method)}-{one.action}" for method, one in EACH]
)
def test_what_is_not_granted_is_missed_and_named(
    zone: Zone, method: Method, permission: Permission
) -> None:
    zone.may_all()
    assert [lacks(_outcome(zone, method)) for _ in range(2)] == ["", ""]
    zone.may([one for one in FAILOVER if one != permission])
    error = _outcome(zone, method)
    if method is aws.AwsSites.serving_region_answers:
        assert error is None  # a refusal of AWS is an answer: the region is there
        return
    assert f"holdfast-sa1-failover may not {permission.action}." in lacks(error)


def lacks(error: HoldfastError | None) -> str:
    """Return what an error says of a right that is missing; empty where it is another one."""
    told = str(error)
    return told if isinstance(error, Denied) or " may not " in told else ""


def _outcome(zone: Zone, method: Method) -> HoldfastError | None:
    try:
        MADE[method](zone)
    except HoldfastError as error:
        return error
    return None


def test_who_am_i_is_answered_to_everybody(zone: Zone) -> None:
    zone.may([])
    who = identity.who_am_i(zone.cloud.at(zone.away.region))
    assert who.role == "holdfast-sa1-failover"
