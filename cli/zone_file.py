"""Where a zone lives, from its stack file: what `holdfast failover` must know beforehand.

Only the two regions and the role are read. On the day this file is all that the machine needs,
and nobody's state; everything else is in the manifest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from continuity.reading import Reader
from continuity.zone import SiteName
from simulator.project import stack_config


@dataclass(frozen=True)
class ZoneFile:
    """The regions of a zone's sites, and the site that serves by the file."""

    regions: Mapping[SiteName, str]
    active: SiteName


def read_zone_file(project: Path, zone: str) -> ZoneFile:
    """Read `stacks/Pulumi.<zone>.yaml`.

    Raises:
        InvalidInput: there is no such zone (the error names all), or the file lacks its regions.
    """
    reader = Reader(stack_config(project, zone), "config")
    declared = reader.section("holdfast:zone")
    sites = declared.section("sites")
    found = ZoneFile(
        {site: sites.section(site).text("region") for site in SiteName},
        declared.choice("active", SiteName),
    )
    reader.check(f"stacks/Pulumi.{zone}.yaml")
    return found
