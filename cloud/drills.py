"""When a zone was last drilled, written down where its readiness is looked at.

`holdfast drill --record` writes the item beside the standby's lease, `failover.readiness` reads it.
A drill runs in a simulated AWS: that it took place is a fact about people and programs, and the
zone itself is where everybody finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cloud.door import Door
from cloud.items import decode_all, encode, encode_all
from cloud.permitted import permitted
from continuity.permissions import READ_LEASE, WRITE_LEASE

KEY = "drill"
_DIGEST = "digest_"


@dataclass(frozen=True)
class LastDrill:
    """A drill that met its objectives: when, what was played, how long recovery took, for whom.

    `digests` say what the zone was like then (`continuity.significant`); empty in older records.
    """

    at: datetime
    scenario: str
    recovery_s: float
    by: str
    digests: Mapping[str, str] = field(default_factory=dict)


@permitted(WRITE_LEASE)
def record(door: Door, lease_table: str, drill: LastDrill) -> None:
    """Write a drill down in the place of the one before. Repeating it changes nothing."""
    item = encode_all(
        {
            "name": KEY,
            "at": drill.at.isoformat(),
            "scenario": drill.scenario,
            "recovery_s": drill.recovery_s,
            "by": drill.by,
            **{f"{_DIGEST}{subject}": text for subject, text in drill.digests.items()},
        }
    )
    door.change("dynamodb", "PutItem", TableName=lease_table, Item=item)


@permitted(READ_LEASE)
def last(door: Door, lease_table: str) -> LastDrill | None:
    """Return the last drill that was written down; None if none ever was."""
    key = {"name": encode(KEY)}
    reply = door.read("dynamodb", "GetItem", TableName=lease_table, Key=key, ConsistentRead=True)
    item = reply.get("Item")
    if not item:
        return None
    facts = decode_all(item)
    return LastDrill(
        at=datetime.fromisoformat(str(facts["at"])),
        scenario=str(facts["scenario"]),
        recovery_s=float(facts["recovery_s"] or 0.0),
        by=str(facts["by"]),
        digests={
            name.removeprefix(_DIGEST): str(text)
            for name, text in facts.items()
            if name.startswith(_DIGEST)
        },
    )
