"""What can be restored in a zone's standby, and what a restore must bring back, through `cloud`.

`failover.aws` answers the failover with it. No rule lives here.
"""

from dataclasses import replace

from cloud import recovery_points
from cloud.door import Door
from cloud.recovery_points import NewInstance
from continuity import naming
from continuity.manifest import Database, Manifest
from continuity.restorable import RecoveryPoints
from failover.ports import Origin


def look(door: Door, key_arn: str) -> RecoveryPoints:
    """Sweep what can be restored there, and look whether its key can be used."""
    found = recovery_points.restorable(door)
    if not any(one.key == key_arn for one in found):
        return RecoveryPoints(found)
    return RecoveryPoints(found, {key_arn: recovery_points.key_state(door, key_arn)})


def begin(
    door: Door, manifest: Manifest, database: Database, identifier: str, origin: Origin
) -> None:
    """Restore with everything that the manifest says of the instance; under way is well."""
    wanted = replace(_instance(manifest, database, origin), identifier=identifier)
    if origin.moment is None:
        recovery_points.restore_snapshot(door, wanted, origin.name)
    else:
        recovery_points.restore_to_time(door, wanted, origin.name, origin.moment)


def _instance(manifest: Manifest, database: Database, origin: Origin) -> NewInstance:
    standby, site = manifest.standby, manifest.standby_site
    member = database.members[standby]
    tags = naming.tags(manifest.zone, standby, database.name)
    return NewInstance(
        identifier=member.identifier,
        engine=database.engine,
        instance_class=member.instance_class,
        multi_az=member.multi_az,
        port=database.port,
        subnet_group=site.subnet_group,
        parameter_group=member.parameter_group,
        security_groups=(site.database_security_group,),
        storage=origin.storage,
        retention_days=max(1, database.backup_retention_days),
        backup_window=database.backup_window,
        tags={**tags, naming.TAG_RESTORED_BY: origin.restored_by},
    )
