"""What Route 53 accepts as a record beside the other records of its zone.

`simulator.record_batches` asks for each record that a batch leaves behind. Pure: sentences out.

Sources: Route 53 developer guide ("ResourceRecordSets: values") and messages as they are quoted in
public issues (external-dns#2362). The sentence about two primaries is ours; AWS's own is not on
record.
"""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moto.route53.models import RecordSet


@dataclass(frozen=True)
class Surroundings:
    """What a batch is judged against, beside the zone's own records.

    `find_target` takes an alias target outside the zone (hosted zone id, DNS name) and returns
    what is wrong with it, or None.
    """

    zone_id: str
    zone_name: str
    health_checks: frozenset[str]
    find_target: Callable[[str, str], str | None]


def normal(name: str) -> str:
    """Return a DNS name as Route 53 keeps it: lower case, with the final dot."""
    return name.lower().rstrip(".") + "."


def record_problems(
    record: RecordSet, records: Sequence[RecordSet], around: Surroundings
) -> list[str]:
    """Return every sentence that Route 53 would say about one of a zone's records."""
    found = [
        _outside_zone(record, around),
        _clashing_names(record, records, around),
        _clashing_routing(record, records),
        _without_check(record),
        _lost_target(record, records, around),
        *(_bad_value(record.type, value) for value in record.records),
    ]
    return [sentence for sentence in found if sentence is not None]


def _outside_zone(record: RecordSet, around: Surroundings) -> str | None:
    name, zone = normal(record.name), normal(around.zone_name)
    if name == zone or name.endswith("." + zone):
        return None
    return f"RRSet with DNS name {name} is not permitted in zone {zone}"


def _clashing_names(
    record: RecordSet, records: Sequence[RecordSet], around: Surroundings
) -> str | None:
    name, zone = normal(record.name), normal(around.zone_name)
    others = [one for one in records if normal(one.name) == name and one.type != record.type]
    if record.type == "CNAME" and name == zone:
        return f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone}"
    if record.type == "CNAME" and others:
        return (
            f"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with "
            f"other records with the same DNS name in zone {zone}"
        )
    if any(one.type == "CNAME" for one in others):
        return (
            f"RRSet of type {record.type} with DNS name {name} is not permitted because a "
            f"conflicting RRSet of type CNAME with the same DNS name already exists in zone {zone}"
        )
    return None


def _clashing_routing(record: RecordSet, records: Sequence[RecordSet]) -> str | None:
    name = normal(record.name)
    others = [
        one
        for one in records
        if one is not record and normal(one.name) == name and one.type == record.type
    ]
    label = f"RRSet with DNS name {name}, type {record.type}"
    if any(bool(one.failover) != bool(record.failover) for one in others) or any(
        (one.set_identifier is None) != (record.set_identifier is None) for one in others
    ):
        return (
            f"{label}, SetIdentifier {record.set_identifier or 'null'} cannot be created as "
            "other RRSets exist with the same name and type."
        )
    if record.failover and any(one.failover == record.failover for one in others):
        return (
            f"{label}, SetIdentifier {record.set_identifier} cannot be created as another "
            f"failover {record.failover} RRSet exists with the same name and type."
        )
    return None


def _without_check(record: RecordSet) -> str | None:
    if record.failover == "PRIMARY" and not record.alias_target and not record.health_check_id:
        return "A non-alias primary ResourceRecordSet must have an associated health check."
    return None


def _lost_target(
    record: RecordSet, records: Sequence[RecordSet], around: Surroundings
) -> str | None:
    if not record.alias_target:
        return None
    zone_id = record.alias_target["HostedZoneId"].split("/")[-1]
    target = normal(record.alias_target["DNSName"])
    problem: str | None
    if zone_id != around.zone_id.split("/")[-1]:
        problem = around.find_target(zone_id, target)
    elif _outside_zone(RecordSet({"Name": target}), around):
        problem = "but the alias target name does not lie within the target zone"
    elif any(normal(one.name) == target and one.type == record.type for one in records):
        problem = None
    else:
        problem = "but that target was not found"
    if problem is None:
        return None
    return (
        f"Tried to create an alias that targets {target}, type {record.type} in zone {zone_id}, "
        f"{problem}"
    )


def _bad_value(kind: str, value: str) -> str | None:
    if kind in ("A", "AAAA"):
        version = 4 if kind == "A" else 6
        try:
            fits = ipaddress.ip_address(value).version == version
        except ValueError:
            fits = False
        if not fits:
            return (
                f"Invalid Resource Record: 'FATAL problem: {kind}RRDATAIllegalIPv{version}Address "
                f"(Value is not a valid IPv{version} address) encountered with '{value}''"
            )
    if kind == "TXT" and not (value.startswith('"') and value.endswith('"')):
        return (
            "Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be "
            f"enclosed in quotation marks) encountered with '{value}''"
        )
    return None
