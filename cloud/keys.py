"""The state of keys: nothing that a key encrypts is restored unless it is enabled.

`backup.catalogue` asks once per key, not once per recovery point: a region has one or two.
"""

from collections.abc import Iterable

from cloud.door import Door
from cloud.failures import Denied, Missing
from cloud.permitted import permitted
from continuity.permissions import DESCRIBE_KEY

ENABLED = "Enabled"


@permitted(DESCRIBE_KEY)
def key_states(door: Door, arns: Iterable[str]) -> dict[str, str]:
    """Return the state of each key by ARN: `Enabled`, `Disabled`, `PendingDeletion`, ...

    A key that is gone is `missing`, one that nobody may look at is `hidden`: neither is usable.
    """
    return {arn: _state(door, arn) for arn in sorted(set(arns))}


def _state(door: Door, arn: str) -> str:
    try:
        return str(door.read("kms", "DescribeKey", KeyId=arn)["KeyMetadata"]["KeyState"])
    except Missing:
        return "missing"
    except Denied:
        return "hidden"
