"""KMS keys that are disabled, and everything in their region that they open.

A drill calls `watch` before its first fault; from then on `key-missing` means what it means in
AWS: databases stop, tables refuse, tasks do not start (`task_counts`), and KMS itself says no.

Sources: RDS guide and knowledge center "rds-aurora-inaccessible-state" (the instance is stopped in
`inaccessible-encryption-credentials-recoverable`, and stays so until somebody enables the key and
starts the instance); DynamoDB guide, "Encryption at rest: usage notes" (a table key is cached for
up to five minutes, then the table is out of reach; a table under a key that AWS owns has none that
anybody could disable). Assumptions: how soon RDS notices, and the
code and wording with which DynamoDB refuses.
"""

from collections.abc import Iterator
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.kms.models import kms_backends
from moto.rds.models import DBInstance

from simulator import attempt, inside, lifecycle
from simulator.call_log import Call
from simulator.faults import FaultKind
from simulator.operations import Stage
from simulator.timings import Takes
from simulator.wire_errors import WireError
from simulator.world import World

INACCESSIBLE = "inaccessible-encryption-credentials-recoverable"
CACHED_S = 300.0
_DATA = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "TransactGetItems",
        "TransactWriteItems",
        "UpdateItem",
    }
)


class MissingKeys:
    """The disabled keys of one world, by region, and since when."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._since: dict[str, float] = {}
        world.faults.on_change(self._look)
        attempt.REFUSER.give(world, self.refusal)

    def refusal(self, call: Call) -> WireError | None:
        """Return how a call is refused because its data cannot be decrypted; None if it is not."""
        since = self._since.get(call.region)
        if since is None or call.service != "dynamodb" or call.operation not in _DATA:
            return None
        keys = [key for name in _tables(call) if (key := _key(call.region, name))]
        if not keys or self._world.clock.monotonic() - since <= CACHED_S:
            return None
        said = f"The KMS key {keys[0]} of the table is disabled."
        return WireError(400, "AccessDeniedException", said)

    def _look(self) -> None:
        for region in list(kms_backends[inside.ACCOUNT]):
            missing = self._world.faults.active(FaultKind.KEY_MISSING, region=region) is not None
            if missing and region not in self._since:
                self._since[region] = self._world.clock.monotonic()
                self._turn_keys(region, enabled=False)
                self._lock_databases(region)
            elif not missing and self._since.pop(region, None) is not None:
                self._turn_keys(region, enabled=True)

    def _turn_keys(self, region: str, *, enabled: bool) -> None:
        for key in kms_backends[inside.ACCOUNT][region].keys.values():
            key.enabled = enabled
            key.key_state = "Enabled" if enabled else "Disabled"

    def _lock_databases(self, region: str) -> None:
        """Let RDS notice, each instance in its own time."""
        random = self._world.random("missing-keys")
        for instance in list(inside.instances(region).values()):
            seconds = self._world.timings.draw(Takes.NOTICE_MISSING_KEY, random)
            if instance.storage_encrypted:
                lifecycle.after_up(region, seconds, lambda one=instance: self._lock(one))  # type: ignore[misc]

    def _lock(self, instance: DBInstance) -> None:
        """Stop an instance; what AWS was doing with it never ends."""
        if instance.region in self._since:
            lifecycle.begin(instance, Takes.NOTICE_MISSING_KEY)
            lifecycle.end(
                instance, Takes.NOTICE_MISSING_KEY, status=INACCESSIBLE, stage=Stage.FAILED
            )


def _tables(call: Call) -> Iterator[str]:
    """Yield the tables that a call names, alone, in a batch or in a transaction."""
    if "TableName" in call.parameters:
        yield str(call.parameters["TableName"])
    batch: Any = call.parameters.get("RequestItems") or {}
    yield from batch
    together: Any = call.parameters.get("TransactItems") or ()
    for row in together:
        yield from (str(part["TableName"]) for part in row.values())


def _key(region: str, table: str) -> str:
    """Return the customer's key of a table; nothing for one under a key that AWS owns."""
    found = dynamodb_backends[inside.ACCOUNT][region].tables.get(table)
    settings = (found.sse_specification or {}) if found is not None else {}
    return str(settings.get("KMSMasterKeyId", "")) if settings.get("Enabled") else ""


def watch(world: World) -> MissingKeys:
    """Let `key-missing` strike in a world from now on."""
    return MissingKeys(world)
