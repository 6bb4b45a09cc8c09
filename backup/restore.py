"""Restore: one source under one identifier into one place; begin, look, wait, and take away again.

`backup.restore_run` does it for people, `backup.verify` for tests of recovery points. What a
restore made carries a tag of whoever asked and from what, so that a repeat goes on with its own
instance; one that bears the name and not the tag is somebody else's and is never touched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backup.restore_source import Source, SourceKind
from cloud import databases, recovery_points, restored
from cloud.databases import BROKEN, InstanceState, Settings
from cloud.door import Cloud
from cloud.effects import Effect
from cloud.failures import Busy, Conflict
from cloud.permitted import permitted
from cloud.recovery_points import NewInstance
from continuity import naming
from continuity.errors import PermanentError, Refusal, TemporaryError
from continuity.manifest import Database, Manifest
from continuity.permissions import (
    DELETE_DATABASE,
    DESCRIBE_DATABASES,
    DESCRIBE_KEY,
    GRANT_KEY,
    MODIFY_DATABASE,
    RESTORE_SNAPSHOT,
    RESTORE_TO_TIME,
    TAG_DATABASE,
)
from continuity.zone import SiteName

POLL_S = 30.0
WRITABLE = frozenset({"available", "backing-up", "storage-optimization"})
"""Statuses in which a standalone instance takes writes (RDS user guide, DB instance status)."""

Told = Callable[[InstanceState | None], None]
"""Takes each look at the instance while it is waited for; None before it is to be seen."""


@dataclass(frozen=True)
class Place:
    """Where a restored instance stands, and who may reach it."""

    subnet_group: str
    security_groups: tuple[str, ...]


@dataclass(frozen=True)
class Restoration:
    """One restore: what from, and every setting of the instance that it makes."""

    source: Source
    wanted: NewInstance

    @property
    def region(self) -> str:
        """Return where it takes place: where the source lies."""
        return self.source.region

    @property
    def identifier(self) -> str:
        """Return the name of the instance."""
        return self.wanted.identifier

    @property
    def mark(self) -> str:
        """Return the tag by which the instance is known as this restore's."""
        return self.wanted.tags[naming.TAG_RESTORED_BY]


def scratch(
    manifest: Manifest, source: Source, place: Place, identifier: str, by: str
) -> Restoration:
    """Return a restore to look at and throw away: no backups, one zone, deletable.

    `by` is the verb that asks.
    """
    database, site = _declared(manifest, source)
    member = database.members[site]
    return Restoration(
        source,
        NewInstance(
            identifier=identifier,
            engine=database.engine,
            instance_class=member.instance_class,
            multi_az=False,
            port=database.port,
            subnet_group=place.subnet_group,
            parameter_group=member.parameter_group,
            security_groups=place.security_groups,
            storage=source.storage,
            retention_days=0,
            backup_window=database.backup_window,
            tags=_tags(manifest, site, source, by),
            protected=False,
        ),
    )


def lasting(manifest: Manifest, source: Source, identifier: str, by: str) -> Restoration:
    """Return a restore that may serve: everything as the site's own instance is declared."""
    database, site = _declared(manifest, source)
    member, place = database.members[site], manifest.sites[site]
    return Restoration(
        source,
        NewInstance(
            identifier=identifier,
            engine=database.engine,
            instance_class=member.instance_class,
            multi_az=member.multi_az,
            port=database.port,
            subnet_group=place.subnet_group,
            parameter_group=member.parameter_group,
            security_groups=(place.database_security_group,),
            storage=source.storage,
            retention_days=max(1, database.backup_retention_days),
            backup_window=database.backup_window,
            tags=_tags(manifest, site, source, by),
        ),
    )


def mark(by: str, source: Source) -> str:
    """Return who restores what: `restore/orders/we1-orders-2026-03-03`."""
    return f"{by}/{source.series.resource}/{source.label}"


@permitted(DESCRIBE_DATABASES)
def look(cloud: Cloud, one: Restoration) -> InstanceState | None:
    """Return the instance that this restore made; None while it is not to be seen.

    Raises:
        Refusal: the name belongs to an instance that this restore did not make.
    """
    found = databases.describe(cloud.at(one.region), [one.identifier]).get(one.identifier)
    if found is None or found.tags.get(naming.TAG_RESTORED_BY) == one.mark:
        return found
    told = found.tags.get(naming.TAG_RESTORED_BY)
    raise Refusal(
        f"{one.identifier} exists in {one.region} and was not restored from {one.source.label}"
        f"{f' but by {told}' if told else ''}: nothing is overwritten.",
        "Restore under another identifier.",
    )


@permitted(
    DESCRIBE_DATABASES, RESTORE_SNAPSHOT, RESTORE_TO_TIME, TAG_DATABASE, DESCRIBE_KEY, GRANT_KEY
)
def begin(cloud: Cloud, one: Restoration) -> Effect:
    """Begin the restore, or find that it was begun before.

    Raises:
        Refusal: the name belongs to an instance that this restore did not make.
        Rejected: AWS does not restore this.
    """
    if look(cloud, one) is not None:
        return Effect.ALREADY
    effect = _ask(cloud, one)
    if effect is Effect.UNDERWAY:
        look(cloud, one)  # somebody was faster: let it be this restore
    return effect


@permitted(DESCRIBE_DATABASES)
def watch(cloud: Cloud, one: Restoration, patience_s: float) -> Iterator[InstanceState | None]:
    """Yield each look at the instance until it takes writes, None before it is to be seen.

    Raises:
        PermanentError: it is in a status that no waiting ends.
        TemporaryError: it is not there after `patience_s`; the restore goes on in AWS.
    """
    until = cloud.clock.monotonic() + patience_s
    while True:
        state = look(cloud, one)
        yield state
        if state is not None and state.status in WRITABLE:
            return
        demand_hope(one, state)
        _demand_patience(cloud, one, state, until)
        cloud.clock.sleep(POLL_S)


@permitted(DESCRIBE_DATABASES)
def wait(cloud: Cloud, one: Restoration, patience_s: float, told: Told) -> InstanceState:
    """Return the instance as soon as it takes writes; `told` sees each look on the way.

    Raises:
        PermanentError: it is in a status that no waiting ends.
        TemporaryError: it is not there after `patience_s`; the restore goes on in AWS.
    """
    last: InstanceState | None = None
    for last in watch(cloud, one, patience_s):
        told(last)
    if last is None:
        raise PermanentError(f"{one.identifier} was not waited for.")
    return last


@permitted(DESCRIBE_DATABASES, MODIFY_DATABASE, DELETE_DATABASE)
def discard(cloud: Cloud, one: Restoration, patience_s: float) -> None:
    """Delete what this restore made, in whatever state, and return when it is gone.

    Raises:
        Refusal: the name belongs to an instance that this restore did not make.
        TemporaryError: it is still there after `patience_s`.
    """
    door = cloud.at(one.region)
    until = cloud.clock.monotonic() + patience_s
    while True:
        state = look(cloud, one)
        if state is None:
            return
        if state.status != "deleting":
            _delete(cloud, one, state)
        if cloud.clock.monotonic() >= until:
            raise TemporaryError(
                f"{one.identifier} is still {state.status} in {door.region}: delete it later, it "
                "costs money as long as it is there.",
                POLL_S,
            )
        cloud.clock.sleep(POLL_S)


def _delete(cloud: Cloud, one: Restoration, state: InstanceState) -> None:
    """Ask for the deletion; what RDS does not take in this state is asked again later."""
    door = cloud.at(one.region)
    try:
        if state.deletion_protection:
            databases.modify(door, one.identifier, Settings(deletion_protection=False))
        restored.delete(door, one.identifier)
    except (Busy, Conflict):
        return


def _ask(cloud: Cloud, one: Restoration) -> Effect:
    door, source = cloud.at(one.region), one.source
    if source.kind is SourceKind.SNAPSHOT:
        return recovery_points.restore_snapshot(door, one.wanted, source.name)
    if source.kind is SourceKind.OWN_BACKUPS:
        return recovery_points.restore_own_to_time(door, one.wanted, source.name, source.moment)
    return recovery_points.restore_to_time(door, one.wanted, source.name, source.moment)


def demand_hope(one: Restoration, state: InstanceState | None) -> None:
    """Raise PermanentError where waiting for an instance is useless."""
    if state is None or state.status not in BROKEN | {"deleting"}:
        return
    raise PermanentError(
        f"{one.identifier} is {state.status}: no waiting ends that. Look at its events in "
        f"{one.region}, take its deletion protection off and delete it, and restore another point."
    )


def _demand_patience(
    cloud: Cloud, one: Restoration, state: InstanceState | None, until: float
) -> None:
    """Raise TemporaryError where it was waited long enough for an instance that still comes."""
    if cloud.clock.monotonic() < until:
        return
    status = "not to be seen" if state is None else state.status
    raise TemporaryError(
        f"{one.identifier} is still {status}. AWS goes on with it: run the same command again to "
        "go on waiting.",
        POLL_S,
    )


def _tags(manifest: Manifest, site: SiteName, source: Source, by: str) -> dict[str, str]:
    """Return the tags of what is restored: no database's, or its snapshots would be taken for its.

    Only what bears a database's name belongs to its series.
    """
    return {
        **naming.tags(manifest.zone, site),
        naming.TAG_RESTORED_BY: mark(by, source),
        naming.TAG_RESTORED_TO: source.moment.isoformat(),
    }


def _declared(manifest: Manifest, source: Source) -> tuple[Database, SiteName]:
    """Return the declared database of a source, and the site in whose region it lies."""
    database = next(one for one in manifest.databases if one.name == source.series.resource)
    site = next(name for name, one in manifest.sites.items() if one.region == source.region)
    return database, site
