"""What the rules need to know of a zone's settings, read from the value of `holdfast:zone`.

`stacks.settings` has judged that value before the program declared anything: what is read here is
sound, and only the part that a resource can contradict.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from continuity.reading import Reader
from continuity.zone import Retention, SiteName, ZoneKind

KEY = "holdfast:zone"


@dataclass(frozen=True)
class Declared:
    """One zone: `databases` are names with the days that any second can be restored from."""

    zone: str
    kind: ZoneKind
    active: SiteName
    regions: Mapping[SiteName, str]
    witness: str
    rpo: timedelta
    retention: Retention
    databases: Mapping[str, int]

    @property
    def places(self) -> frozenset[str]:
        """Return every region in which the zone may have anything."""
        return frozenset((*self.regions.values(), self.witness))


def read(zone: str, value: object) -> Declared:
    """Read a zone's settings.

    Raises:
        InvalidInput: something that the rules need is missing; names every path.
    """
    reader = Reader(value)
    objectives, kept = reader.section("objectives"), reader.section("retention")
    sites, witness = reader.section("sites"), reader.section("witness")
    declared = Declared(
        zone=zone,
        kind=reader.choice("kind", ZoneKind),
        active=reader.choice("active", SiteName),
        regions={site: sites.section(site).text("region") for site in SiteName},
        witness=witness.text("region"),
        rpo=objectives.duration("rpo"),
        retention=Retention(kept.integer("daily"), kept.integer("weekly"), kept.integer("monthly")),
        databases={
            row.text("name"): row.integer("backup_days") for row in reader.rows("databases")
        },
    )
    reader.check(f"The configuration of zone {zone}")
    return declared
