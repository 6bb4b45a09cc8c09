"""Whether a zone's recovery points are held, asked of both sites.

A hold lies beside the lease of the site that stood by when it was placed; after a failover that
is the one that serves. `backup.prune` asks before each deletion: what does not answer is held.
"""

from functools import partial
from itertools import chain

from backup import hold
from backup.hold import Record
from backup.hold_rules import Hold, Standing
from cloud.door import Cloud, Door
from cloud.effects import Effect
from cloud.permitted import permitted
from continuity.errors import HoldfastError, InvalidInput, Problem, Refusal
from continuity.manifest import Manifest, Site
from continuity.permissions import READ_LEASE, WRITE_HOLD

_UNREAD = (HoldfastError, ValueError, KeyError, TypeError, AttributeError)
"""A table that does not answer, and an item in which something else lies than holds."""


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
        Refusal: a table cannot be read; the hold may be on there.
        HoldfastError: a table takes no change.
    """
    effects = [
        hold.lift(cloud.at(site.region), site.lease_table, identifier, by=by, reason=reason)
        for site in where(cloud, manifest, identifier)
    ]
    return Effect.MADE if Effect.MADE in effects else Effect.ALREADY


@permitted(READ_LEASE)
def where(cloud: Cloud, manifest: Manifest, identifier: str) -> tuple[Site, ...]:
    """Return the sites beside whose lease a hold is on.

    Raises:
        InvalidInput: there is no hold of this name; the error names those there are.
        Refusal: a table cannot be read; the hold may be on there.
    """
    sites = tuple(manifest.sites.values())
    on = [_names(cloud.at(site.region), site, identifier) for site in sites]
    if not any(identifier in names for names in on):
        known = f"holds that are on: {', '.join(sorted({*chain(*on)})) or 'none'}"
        problem = Problem("HOLD", f"there is no hold {identifier}; {known}")
        raise InvalidInput("The command", [problem])
    return tuple(site for site, names in zip(sites, on, strict=True) if identifier in names)


def _names(door: Door, site: Site, identifier: str) -> list[str]:
    try:
        return [one.identifier for one in hold.holds(door, site.lease_table)]
    except _UNREAD as error:
        raise Refusal(
            f"{identifier} is not released: the holds in {site.region} cannot be read, and what "
            f"cannot be read is held ({error!s:.300}).",
            f"Release it once {site.region} answers. Where it answers and this stays, let the role "
            f"read the item {hold.KEY} of {site.lease_table} there, and take out of that item "
            "what is no hold.",
        ) from error


def _record(door: Door, site: Site) -> Record | None:
    try:
        return hold.recorded(door, site.lease_table)
    except _UNREAD:
        return None
