"""What a status of a database instance means to a recovery.

RDS user guide, "Viewing Amazon RDS DB instance status". `failover.sources` and the steps on
instances ask it.
"""

WRITABLE = frozenset({"available", "backing-up", "storage-optimization"})
"""Whoever is its own primary in one of these takes writes."""

TERMINAL = frozenset(
    {
        "failed",
        "storage-full",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",  # a person enables the key and starts it
        "restore-error",
        "deleting",
    }
)
"""Statuses that no waiting heals. A waiter of boto3 does not know all of them."""

RENAMABLE = frozenset({"available", "stopped", "storage-full", "storage-optimization"})
"""In which RDS takes a new identifier. It documents no list; assumption: as any modification."""

PASSING = frozenset({"renaming", "rebooting", "backing-up", "deleting"})
"""What ends by itself in minutes, and leaves a name that is free or can be freed. What a promotion
leaves that failed or stalled, `failed` and `modifying`, is in neither."""
