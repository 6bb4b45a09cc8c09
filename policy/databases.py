"""Databases: private, encrypted, hard to delete, backed up, and alive in a second region.

Pulumi's engine sees every rule of one instance before it touches AWS. Whether there is a replica is
known once the program has run.
"""

from collections.abc import Iterator

from policy.declared import Declared
from policy.rule import ResourceRule, StackRule, Wrong
from policy.stack import INSTANCE, Resource, Stack

_OTHERS = ("aws:rds/cluster", "aws:rds/globalCluster", "aws:docdb/", "aws:neptune/")


def _private(instance: Resource, _: Declared) -> Iterator[str]:
    if instance.is_not("publiclyAccessible", False):
        yield "can be reached from the internet; set publicly_accessible to False."


def _encrypted(instance: Resource, _: Declared) -> Iterator[str]:
    if instance.is_not("storageEncrypted", True):
        yield "is not encrypted, which can never be changed later; set storage_encrypted to True."
    if instance.get("kmsKeyId") is None:
        yield (
            "has AWS's own key, under which no snapshot can be copied to the other region; "
            "set kms_key_id to the key of its site."
        )


def _undeletable(instance: Resource, _: Declared) -> Iterator[str]:
    if instance.is_not("deletionProtection", True):
        yield "can be deleted with one call; set deletion_protection to True."
    if instance.is_not("deleteAutomatedBackups", False):
        yield "would take its backups along if deleted; set delete_automated_backups to False."
    if not instance.is_replica and instance.is_not("skipFinalSnapshot", False):
        yield "could be deleted without a last snapshot; set skip_final_snapshot to False."


def _backed_up(instance: Resource, declared: Declared) -> Iterator[str]:
    """A replica takes none by design: RDS refuses to promote while a backup is being taken."""
    if instance.is_replica or not instance.is_known("backupRetentionPeriod"):
        return
    days, wanted = instance.get("backupRetentionPeriod") or 0, _days(instance, declared)
    if days < wanted:
        yield (
            f"can be restored to any second of the last {days} days, but {wanted} are promised; "
            f"set backup_retention_period to {wanted}."
        )


def _days(instance: Resource, declared: Declared) -> int:
    return max(1, declared.databases.get(instance.database, 1))


def _two_places(instance: Resource, _: Declared) -> Iterator[str]:
    if not instance.is_replica and instance.is_not("multiAz", True):
        yield "lives in one availability zone, whose loss would be an outage; set multi_az to True."


def _in_its_window(instance: Resource, _: Declared) -> Iterator[str]:
    if instance.is_not("applyImmediately", False):
        yield "would restart whenever somebody deploys; set apply_immediately to False."
    if instance.is_not("autoMinorVersionUpgrade", False):
        yield (
            "changes its version by itself, and not in both sites at once; "
            "set auto_minor_version_upgrade to False."
        )


def _known(resource: Resource, _: Declared) -> Iterator[str]:
    if resource.type.startswith(_OTHERS):
        yield (
            f"is a {resource.type}, which no rule of this pack can judge and no step of a failover "
            "can move; declare an RDS instance, or teach both first."
        )


def _replicated(stack: Stack) -> Iterator[Wrong]:
    for primary in (one for one in stack.of(INSTANCE) if not one.is_replica):
        if not any(_follows(replica, primary) for replica in stack.of(INSTANCE)):
            yield Wrong(
                "has no replica in another region, so that a lost region is restored from backups "
                "for hours; declare a replica in the other site.",
                primary,
            )


def _follows(replica: Resource, primary: Resource) -> bool:
    if not replica.is_replica or replica.region == primary.region:
        return False
    source = replica.text("replicateSourceDb")
    identifier = primary.text("identifier")
    named = bool(identifier) and source.rpartition(":")[2] == identifier
    return named or primary.urn in replica.references.get("replicateSourceDb", ())


RULES = (
    ResourceRule(
        "database-private", "No database can be reached from the internet.", (INSTANCE,), _private
    ),
    ResourceRule(
        "database-encrypted",
        "Every database is encrypted with a key of the zone, so that its snapshots can be copied.",
        (INSTANCE,),
        _encrypted,
    ),
    ResourceRule(
        "database-undeletable",
        "No single call deletes a database, or its backups along with it.",
        (INSTANCE,),
        _undeletable,
    ),
    ResourceRule(
        "database-backed-up",
        "Any second of the promised days of a primary can be restored.",
        (INSTANCE,),
        _backed_up,
    ),
    ResourceRule(
        "database-in-two-places",
        "A primary survives the loss of an availability zone by itself.",
        (INSTANCE,),
        _two_places,
    ),
    ResourceRule(
        "database-changes-in-its-window",
        "What restarts a database waits for the maintenance window.",
        (INSTANCE,),
        _in_its_window,
    ),
    ResourceRule(
        "database-of-a-known-kind",
        "Every database is of a kind that failover and these rules understand.",
        (),
        _known,
    ),
    StackRule(
        "database-replicated", "Every primary has a replica in the other region.", _replicated
    ),
)
