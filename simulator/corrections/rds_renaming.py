"""RDS: a renamed instance reboots, answers at another address, and frees its old name.

Tags, `DbiResourceId`, content and replication stay; ARN and endpoint follow the name. The RDS
guide calls the status meanwhile `renaming`; a rename that does not apply immediately waits for
the maintenance window. `corrections.rds_modification` calls `rename`.
"""

from moto.rds.models import DBInstance

from simulator import lifecycle
from simulator.corrections.rds_instances import source_of
from simulator.timings import Takes

RENAMING = "renaming"
REBOOT_SHARE = 0.5
"""How much of a rename is its reboot. Assumption."""


def rename(instance: DBInstance, name: str, *, at_once: bool) -> None:
    """Begin to rename an instance, or leave it to the maintenance window."""
    name = name.lower()
    if not at_once:
        pending = getattr(instance, "pending_modified_values", {})
        instance.pending_modified_values = {**pending, "DBInstanceIdentifier": name}
        return
    turn = lifecycle.begin(instance, Takes.RENAME_DATABASE)
    seconds = lifecycle.draw(instance, Takes.RENAME_DATABASE)
    instance.status = RENAMING

    def reboot() -> None:
        if lifecycle.is_turn(instance, turn):
            _move(instance, name)
            instance.status = "rebooting"
            lifecycle.after_up(instance.region, seconds * REBOOT_SHARE, done)

    def done() -> None:
        if lifecycle.is_turn(instance, turn):
            instance.parameters_pending = False
            lifecycle.end(instance, Takes.RENAME_DATABASE, status=lifecycle.AVAILABLE)

    lifecycle.after_up(instance.region, seconds * (1.0 - REBOOT_SHARE), reboot)


def _move(instance: DBInstance, name: str) -> None:
    """Let everything that names the instance name it anew."""
    followers = [instance.backend.find_db_from_id(listed) for listed in instance.replicas]
    followed = source_of(instance)
    old = {instance.db_instance_identifier, instance.db_instance_arn}
    databases = instance.backend.databases
    del databases[instance.db_instance_identifier]
    instance.db_instance_identifier = name
    databases[name] = instance
    for replica in followers:
        abroad = replica.region != instance.region
        replica.source_db_instance_identifier = instance.db_instance_arn if abroad else name
    if followed is not None:
        abroad = followed.region != instance.region
        mine = instance.db_instance_arn if abroad else name
        followed.replicas = [mine if one in old else one for one in followed.replicas]
