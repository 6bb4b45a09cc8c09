"""Whether a zone's recovery points are held, asked of both sites.

A hold lies beside the lease of the site that stood by when it was placed; after a failover that
is the one that serves. `backup.prune` asks before each deletion: what does not answer is held.
"""

from functools import partial

from backup import hold
from backup.hold import Record
from backup.hold_rules import Hold, Standing
from cloud.door import Cloud, Door
from cloud.effects import Effect
from cloud.permitted import permitted
from continuity.errors import HoldfastError, InvalidInput, Problem
from continuity.manifest import Manifest, Site
from continuity.permissions import READ_LEASE, WRITE_HOLD


@permitted(READ_LEASE)
def read(cloud: Cloud, manifest: Manifest) -> Standing:
    """Return the zone's holds. Never raises: a table that cannot be read counts as held."""
    places = [manifest.sites[name] for name in sorted(manifest.sites)]
    found = cloud.workers.run([partial(_record, cloud.at(one.region), one) for one in places])
    known = [one for one in found if one is not None]
    pairs = zip(places, found, strict=True)
    return Standing(
        holds=tuple(one for record in known for one in record.holds),
        releases=tuple(one for record in known for one in record.releases),
        raised=tuple(one for record in known for one in record.raised),
        unreadable=tuple(place.region for place, record in pairs if record is None),
        trials=tuple(name for record in known for name in record.trials),
    )


@permitted(WRITE_HOLD, READ_LEASE)
def place(cloud: Cloud, manifest: Manifest, wanted: Hold) -> Effect:
    """Put a hold on in the site that stands by, as a failover does, and read it back."""
    site = manifest.standby_site
    return hold.place(cloud.at(site.region), site.lease_table, wanted)


@permitted(WRITE_HOLD, READ_LEASE)
def release(cloud: Cloud, manifest: Manifest, identifier: str, *, by: str, reason: str) -> Effect:
    """Take a hold off wherever it is on.

    Raises:
        InvalidInput: there is no hold of this name; the error names those there are.
        HoldfastError: a table cannot be read; the hold may be on there.
    """
    doors = [(cloud.at(site.region), site.lease_table) for site in manifest.sites.values()]
    on = {door.region: hold.holds(door, table) for door, table in doors}
    names = sorted({one.identifier for found in on.values() for one in found})
    if identifier not in names:
        known = f"holds that are on: {', '.join(names) or 'none'}"
        problem = Problem("HOLD", f"there is no hold {identifier}; {known}")
        raise InvalidInput("The command", [problem])
    effects = [
        hold.lift(door, table, identifier, by=by, reason=reason)
        for door, table in doors
        if identifier in {one.identifier for one in on[door.region]}
    ]
    return Effect.MADE if Effect.MADE in effects else Effect.ALREADY


def _record(door: Door, site: Site) -> Record | None:
    try:
        return hold.recorded(door, site.lease_table)
    except (HoldfastError, ValueError, KeyError, TypeError, AttributeError):
        return None
