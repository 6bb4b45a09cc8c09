"""Do tasks look for the databases where the manifest says that they are?

A failover that could not free a name leaves them looking beside it, until the zone is reconciled.
"""

from collections.abc import Iterator

from continuity.zone import SiteName
from failover.readiness.finding import Finding, degrades
from failover.readiness.picture import Picture


def addresses(picture: Picture) -> Iterator[Finding]:
    """Judge what each site's tasks are told; a failover writes the standby's anew."""
    for name in SiteName:
        told = picture.site(name).addresses.value
        for database in picture.manifest.databases if told is not None else ():
            expected, found = database.members[name].address, told and told.host(database.name)
            if found == expected:
                continue
            yield degrades(
                "address-differs",
                f"{database.name} {name}",
                f"tasks of the {name} site are told to look for it at {found or 'no address'}, the "
                f"manifest says {expected}",
                "Reconcile the zone if a failover restored it there (`holdfast failover history` "
                "tells); otherwise deploy the zone.",
            )
