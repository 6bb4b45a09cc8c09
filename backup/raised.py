"""What holds raised, remembered where it was raised, until it is put back.

`backup.raising` remembers a value before it changes it and forgets it after it is back, each a
single conditional write on the item of the site's holds. So whoever dies in between leaves either
nothing changed or a value that is remembered; and what one hold raised, a second hold does not take
for how it was.
"""

import json

from backup import hold
from backup.hold_rules import Raised
from cloud.door import Door
from cloud.effects import Effect
from cloud.items import encode
from cloud.permitted import permitted
from continuity.permissions import READ_LEASE, WRITE_HOLD


@permitted(READ_LEASE)
def remembered(door: Door, lease_table: str) -> dict[str, Raised]:
    """Return what is remembered in a site, by name.

    Raises:
        HoldfastError: the table does not answer.
        ValueError, KeyError, TypeError: what lies there is nothing that was remembered.
    """
    return {one.name: one for one in hold.recorded(door, lease_table).raised}


@permitted(WRITE_HOLD)
def remember(door: Door, lease_table: str, wanted: Raised, seen: Raised | None) -> bool:
    """Remember a value, if what is remembered of it is still what was seen; say whether it is."""
    if wanted == seen:
        return True
    values = {":new": encode(_body(wanted))}
    condition = "attribute_not_exists(#raised)" if seen is None else "#raised = :old"
    if seen is not None:
        values[":old"] = encode(_body(seen))
    effect = hold.update(
        door,
        lease_table,
        {"#raised": f"{hold.RAISED}{wanted.name}"},
        UpdateExpression="SET #raised = :new",
        # What is remembered like this already is our own write, whose reply was lost.
        ConditionExpression=f"{condition} OR #raised = :new",
        ExpressionAttributeValues=values,
    )
    return effect is Effect.MADE


@permitted(WRITE_HOLD)
def forget(door: Door, lease_table: str, seen: Raised) -> Effect:
    """Forget a value that is back, unless another hold has raised it again meanwhile."""
    return hold.update(
        door,
        lease_table,
        {"#raised": f"{hold.RAISED}{seen.name}"},
        UpdateExpression="REMOVE #raised",
        ConditionExpression="#raised = :old",
        ExpressionAttributeValues={":old": encode(_body(seen))},
    )


def _body(one: Raised) -> str:
    return json.dumps({"was": one.was, "hold": one.hold}, sort_keys=True)
