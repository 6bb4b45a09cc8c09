"""What a zone's own tables say of its holds and of trials of its files, read behind AWS's back.

`simulator.shelves` asks once a shelf is not what counting alone would leave: what was taken under a
hold takes no place until it is proven, and while one is on nothing goes. A region that is lost does
not answer the zone; here it does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from backup import evidence_store, hold
from backup.evidence import Evidence, Verdict
from backup.hold_rules import DETECTED_AFTER, Standing, is_damage
from backup.incident_points import spans, under
from backup.points import Kind, Series
from continuity.manifest import Manifest
from simulator import backstage


@dataclass(frozen=True)
class Said:
    """What the tables say. `proven` and `refuted` are the moments of points, by files' series."""

    standing: Standing
    proven: Mapping[str, frozenset[datetime]] = field(default_factory=dict)
    refuted: Mapping[str, frozenset[datetime]] = field(default_factory=dict)

    def holds(self, now: datetime) -> bool:
        """Say whether nothing may be deleted just now."""
        return bool(self.standing.why(now))

    def uncounted(self, series: Series, moments: set[datetime]) -> set[datetime]:
        """Return those of the moments of files' points that take no place."""
        proven = self.proven.get(series.resource, frozenset())
        return (self.under_holds(moments) - proven) | self.wrong(series, moments)

    def wrong(self, series: Series, moments: set[datetime]) -> set[datetime]:
        """Return those of the moments of files' points that a trial refuted last."""
        return moments & self.refuted.get(series.resource, frozenset())

    def under_holds(self, moments: set[datetime]) -> set[datetime]:
        """Return those of the moments at which a hold was on."""
        on = list(spans(self.standing))
        return {one for one in moments if under(one, on)}

    def pinned(self, moments: set[datetime], good: set[datetime]) -> set[datetime]:
        """Return the last known good one before each hold, of moments that count.

        `good` are those that a trial proved: of what was held for damage they come first.
        """
        found = set()
        for since, _, identifier in spans(self.standing):
            before = {one for one in moments if one <= since - DETECTED_AFTER}
            if is_damage(identifier):
                before = (before & good) or before
            found |= {max(before)} if before else set()
        return found


def read(manifest: Manifest) -> Said:
    """Return what the tables of both sites say now."""
    items = list(_items(manifest))
    records = [hold.record_of(one) for one in items if one["name"]["S"] == hold.KEY]
    tried = [one for item in items for one in evidence_store.evidence_of(item)]
    return Said(
        Standing(
            holds=tuple(chain.from_iterable(one.holds for one in records)),
            releases=tuple(chain.from_iterable(one.releases for one in records)),
        ),
        proven=_last(tried, Verdict.PROVEN),
        refuted=_last(tried, Verdict.REFUTED),
    )


def _items(manifest: Manifest) -> Iterator[dict[str, Any]]:
    for site in manifest.sites.values():
        pages = backstage.client("dynamodb", site.region).get_paginator("scan")
        for page in pages.paginate(TableName=site.lease_table):
            yield from page["Items"]


def _last(tried: list[Evidence], wanted: Verdict) -> dict[str, frozenset[datetime]]:
    """Return the points of files of which the newest trial that says anything says this."""
    newest: dict[tuple[str, datetime], Verdict] = {}
    for one in sorted(tried, key=lambda one: one.ended):
        if one.verdict is not Verdict.UNPROVEN and one.series.kind is Kind.FILES:
            newest[one.series.resource, one.taken_at] = one.verdict
    found: dict[str, set[datetime]] = {}
    for (resource, moment), verdict in newest.items():
        if verdict is wanted:
            found.setdefault(resource, set()).add(moment)
    return {resource: frozenset(moments) for resource, moments in found.items()}
