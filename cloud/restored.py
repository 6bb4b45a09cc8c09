"""The verbs that finish what a restore made: its tags, who may reach it, and that it goes again.

`backup.restore` and its swap use them beside `cloud.databases`. All are safe to repeat: what is
already so is success.
"""

from collections.abc import Mapping, Sequence

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Busy, Conflict, Missing
from cloud.permitted import permitted
from continuity.permissions import (
    DELETE_DATABASE,
    MODIFY_DATABASE,
    TAG_DATABASE,
    UNTAG_DATABASE,
)

_GOING = "is already being deleted"
"""How RDS says that a deletion was asked for before (wording: assumption); its code is that of
every other state in which it does not delete."""


@permitted(DELETE_DATABASE)
def delete(door: Door, identifier: str) -> Effect:
    """Delete an instance, its automated backups with it, without a final snapshot.

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
            DeleteAutomatedBackups=True,
        )
    except Missing:
        return Effect.ALREADY
    except Conflict as conflict:
        if _GOING in str(conflict):
            return Effect.UNDERWAY
        sentence = f"{identifier} cannot be deleted now: {conflict}"
        raise Busy(conflict.call, sentence, conflict.code) from conflict
    return Effect.MADE


@permitted(TAG_DATABASE)
def mark(door: Door, arn: str, tags: Mapping[str, str]) -> None:
    """Give an instance these tags beside its own."""
    listed = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
    door.change("rds", "AddTagsToResource", ResourceName=arn, Tags=listed)


@permitted(UNTAG_DATABASE)
def unmark(door: Door, arn: str, keys: Sequence[str]) -> None:
    """Take tags off an instance."""
    door.change("rds", "RemoveTagsFromResource", ResourceName=arn, TagKeys=sorted(keys))


@permitted(MODIFY_DATABASE)
def admit(door: Door, identifier: str, security_groups: Sequence[str]) -> None:
    """Let only what these groups let in reach an instance, from now on.

    Raises:
        Conflict: it is in a state in which RDS changes nothing now.
    """
    door.change(
        "rds",
        "ModifyDBInstance",
        DBInstanceIdentifier=identifier,
        VpcSecurityGroupIds=list(security_groups),
        ApplyImmediately=True,
    )
