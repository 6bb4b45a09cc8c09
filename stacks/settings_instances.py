"""Instances that are not called by their site's incarnation, read and checked.

`stacks.settings_databases` calls `read_instances` for each database. `holdfast reconcile` writes
them: a restore that found its name taken stands under another one, and a replica that was promoted
for nothing is built anew alone.
"""

import re
from collections.abc import Mapping, Sequence

from continuity.naming import LONGEST_IDENTIFIER
from continuity.reading import Reader
from continuity.zone import SiteName

_FORM = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
"""Of an instance's identifier (RDS API reference, DBInstanceIdentifier), in lower case."""


def read_instances(reader: Reader, zone: str) -> Mapping[SiteName, str]:
    """Read `instances`, by site; nothing where every instance is called as usual."""
    if not reader.has("instances"):
        return {}
    section = reader.section("instances")
    found = {site: _identifier(section, site, zone) for site in SiteName if section.has(site)}
    if not found:
        reader.note("instances", f"names no site; they are {' and '.join(SiteName)}")
    section.finish()
    return found


def _identifier(reader: Reader, site: SiteName, zone: str) -> str:
    """Read one identifier; without the zone in front no role of the zone may touch it."""
    identifier = reader.text(site)
    well_formed = re.fullmatch(_FORM, identifier) and len(identifier) <= LONGEST_IDENTIFIER
    if identifier and not (well_formed and identifier.startswith(f"{zone}-")):
        reader.note(site, f"{identifier!r} does not look like {zone}-orders-{site}-2")
    return identifier


def refuse_taken(rows: Sequence[Reader], instances: Sequence[Mapping[SiteName, str]]) -> None:
    """Note every identifier that another database has in the same site."""
    seen: dict[tuple[SiteName, str], int] = {}
    for index, (row, named) in enumerate(zip(rows, instances, strict=True)):
        for site, identifier in named.items():
            first = seen.setdefault((site, identifier), index)
            if first != index:
                row.note(f"instances.{site}", f"{identifier} is also that of databases[{first}]")
