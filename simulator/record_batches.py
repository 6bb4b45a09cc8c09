"""A batch of record changes: all of it or nothing.

`corrections.route53` hands a zone's records and a batch to `after`, and stores what comes back.
Pure: nothing is changed when a batch is refused. `simulator.record_rules` judges single records.

Sources: ChangeResourceRecordSets, and messages as they are quoted in public issues (boto3#1347,
zonify#23: a DELETE has to repeat every value).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from moto.route53.models import RecordSet

from simulator.record_rules import Surroundings, normal, record_problems

Key = tuple[str, str, str | None]
"""Name, type and SetIdentifier: what makes a record set that record set."""

Change = Mapping[str, Any]

_ROUTING = ("Failover", "Weight", "Region", "GeoLocation", "MultiValueAnswer")


@dataclass
class Refused(Exception):
    """A batch that Route 53 does not take: its error code, and every sentence."""

    code: str
    sentences: list[str] = field(default_factory=list)


def after(
    records: Sequence[RecordSet], changes: Iterable[Change], around: Surroundings
) -> list[RecordSet]:
    """Return the zone's records after a batch.

    Raises:
        Refused: with InvalidInput, NoSuchHealthCheck or InvalidChangeBatch.
    """
    found = {_key(record): record for record in records}
    sentences: list[str] = []
    touched: list[RecordSet] = []
    for change in changes:
        row = change["ResourceRecordSet"]
        _check_form(change["Action"], row)
        record = _record(row)
        problem = _step(found, change["Action"], record)
        if problem is not None:
            sentences.append(problem)
        elif change["Action"] != "DELETE":
            touched.append(record)
    _check_health_checks(touched, around)
    for record in touched:
        if found.get(_key(record)) is record:
            sentences += record_problems(record, list(found.values()), around)
    if sentences:
        raise Refused("InvalidChangeBatch", sentences)
    return list(found.values())


def _step(found: dict[Key, RecordSet], action: str, record: RecordSet) -> str | None:
    """Apply one change to the records, or return why it cannot be."""
    key = _key(record)
    if action == "CREATE" and key in found:
        return f"Tried to create resource record set {_named(key)} but it already exists"
    if action == "DELETE":
        if key not in found:
            return f"Tried to delete resource record set {_named(key)} but it was not found"
        if _values(found[key]) != _values(record):
            return (
                f"Tried to delete resource record set {_named(key)} but the values provided "
                "do not match the current values"
            )
        del found[key]
        return None
    found[key] = record
    return None


def _check_form(action: str, row: Mapping[str, Any]) -> None:
    identifier = row.get("SetIdentifier")
    where = (
        f"in Change with [Action={action}, Name={normal(row['Name'])}, Type={row['Type']}, "
        f"SetIdentifier={identifier or 'null'}]"
    )
    complete = bool(row.get("ResourceRecords")) and row.get("TTL") is not None
    if complete == bool(row.get("AliasTarget")):
        raise Refused(
            "InvalidInput",
            [
                (
                    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
                    "ResourceRecords], or TrafficPolicyInstanceId], but found "
                    f"{'more than one' if complete else 'none'} {where}"
                )
            ],
        )
    routed = any(row.get(kind) is not None for kind in _ROUTING)
    if routed and not identifier:
        raise Refused("InvalidInput", [f"Invalid request: Missing field 'SetIdentifier' {where}"])
    if identifier and not routed:
        raise Refused(
            "InvalidInput",
            [
                (
                    "Invalid request: Expected exactly one of [Weight, Region, Failover, "
                    "GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], "
                    f"but found none {where}"
                )
            ],
        )


def _check_health_checks(touched: Iterable[RecordSet], around: Surroundings) -> None:
    for record in touched:
        wanted = record.health_check_id
        if wanted and wanted not in around.health_checks:
            raise Refused("NoSuchHealthCheck", [f"Health check {wanted} does not exist."])


def _record(row: Mapping[str, Any]) -> RecordSet:
    values = [one["Value"] for one in row.get("ResourceRecords") or []]
    return RecordSet(dict(row) | {"Name": normal(row["Name"]), "ResourceRecords": values})


def _key(record: RecordSet) -> Key:
    return normal(record.name), record.type, record.set_identifier


def _named(key: Key) -> str:
    name, kind, identifier = key
    tail = f", set-identifier='{identifier}'" if identifier else ""
    return f"[name='{name}', type='{kind}'{tail}]"


def _values(record: RecordSet) -> dict[str, object]:
    """Return everything of a record that a DELETE has to repeat exactly."""
    alias = record.alias_target
    return {
        "ttl": int(record.ttl) if record.ttl is not None else None,
        "records": sorted(record.records or []),
        "alias": alias
        and (alias["HostedZoneId"], normal(alias["DNSName"]), alias["EvaluateTargetHealth"]),
        "routing": (record.failover, record.weight, record.region, record.geo_location),
        "health check": record.health_check_id or None,
    }
