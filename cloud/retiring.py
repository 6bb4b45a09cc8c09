"""Deletes a database instance for good and keeps what there is of it: `failover.retiring` asks.

Unlike `cloud.restored.delete`, which clears away what was restored only to be looked at.
"""

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Busy, Conflict, Missing
from cloud.permitted import permitted
from continuity.permissions import DELETE_DATABASE


@permitted(DELETE_DATABASE)
def delete_keeping(door: Door, identifier: str) -> Effect:
    """Delete an instance whose final snapshot was taken; its automated backups stay.

    RDS would take the snapshot itself, and delete the instance whether or not it can be used
    (API reference, DeleteDBInstance, FinalDBSnapshotIdentifier and DeleteAutomatedBackups).

    Raises:
        Busy: it is in a state in which RDS deletes nothing now.
        Rejected: it is protected from deletion.
    """
    try:
        door.change(
            "rds",
            "DeleteDBInstance",
            DBInstanceIdentifier=identifier,
            SkipFinalSnapshot=True,
            DeleteAutomatedBackups=False,
        )
    except Missing:
        return Effect.ALREADY
    except Conflict as conflict:
        if "already being deleted" in str(conflict):
            return Effect.UNDERWAY
        sentence = f"{identifier} cannot be deleted now: {conflict}"
        raise Busy(conflict.call, sentence, conflict.code) from conflict
    return Effect.MADE
