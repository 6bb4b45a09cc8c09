"""The role data of a zone: which site serves, and what its database instances are called.

`reconcile.stack_file` reads it from the stack's file and writes it there; `reconcile.decision`
says what it must be after a run. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from continuity import naming
from continuity.zone import SiteName

Named = Mapping[str, Mapping[SiteName, str]]


@dataclass(frozen=True)
class RoleData:
    """What a failover changes of a zone's declaration.

    `works_from` is the region from which Pulumi itself works (`aws:region`). `instances` names, by
    database and site, those that are not called by their site's incarnation.
    """

    zone: str
    active: SiteName
    incarnations: Mapping[SiteName, int]
    works_from: str
    instances: Named = field(default_factory=dict)

    def identifier(self, database: str, site: SiteName) -> str:
        """Return the identifier of a database's instance in a site."""
        named = self.instances.get(database, {}).get(site)
        return named or naming.instance(self.zone, database, site, self.incarnations[site])


def named(
    zone: str, incarnations: Mapping[SiteName, int], wanted: Mapping[str, Mapping[SiteName, str]]
) -> Named:
    """Return those identifiers that do not follow from the incarnations: what must be written."""
    found: dict[str, dict[SiteName, str]] = {}
    for database, sites in wanted.items():
        for site, identifier in sites.items():
            if identifier != naming.instance(zone, database, site, incarnations[site]):
                found.setdefault(database, {})[site] = identifier
    return found


def free_incarnation(
    zone: str, site: SiteName, present: int, identifiers: Mapping[str, Iterable[str]]
) -> int:
    """Return the next number under which no database of a site ever had an instance.

    `identifiers` are, by database, the names in use. One that was restored beside its name, or
    built anew alone, may carry a higher number than the site.
    """
    numbers = [present]
    for database, used in identifiers.items():
        pattern = re.compile(re.escape(f"{zone}-{database}-{site}-") + r"(\d+)")
        numbers += [int(found[1]) for one in used if (found := pattern.match(one))]
    return max(numbers) + 1
