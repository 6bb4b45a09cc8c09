"""What the name servers answer from: a zone's records, once a change has reached them.

`corrections.route53` makes a publication of every change and runs it when the change is INSYNC;
`dns` and `corrections.acm` look at what is published.
"""

from collections.abc import Callable

from moto.route53.models import FakeZone, RecordSet, route53_backends

from simulator.inside import ACCOUNT
from simulator.record_rules import normal


def published(zone: FakeZone) -> list[RecordSet]:
    """Return the records that are answered with; in plain moto, all of them."""
    found: list[RecordSet] = getattr(zone, "published", zone.rrsets)
    return found


def has_record(name: str, kind: str, value: str) -> bool:
    """Say whether some zone's name servers answer a name with a value, among others perhaps."""
    return any(
        record.type == kind
        and normal(record.name) == normal(name)
        and normal(value) in [normal(one) for one in record.records]
        for zone in route53_backends[ACCOUNT]["aws"].zones.values()
        for record in published(zone)
    )


def publication(zone: FakeZone) -> Callable[[], None]:
    """Return what hands the zone's records of this moment to the name servers.

    Publications may run out of order; an older one never takes a newer one's place.
    """
    if not hasattr(zone, "published"):
        zone.published, zone.submitted, zone.served = [], 0, 0
    zone.submitted += 1
    serial, records = zone.submitted, list(zone.rrsets)

    def publish() -> None:
        if serial > zone.served:
            zone.served, zone.published = serial, records

    return publish
