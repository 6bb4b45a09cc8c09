"""Finds a zone's recovery manifest when it is needed: the standby's copy, or else the other one.

The CLI calls it before anything else. What it has to know beforehand fits into a line: the
account, and which region each site is in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cloud import manifests
from cloud.clients import Reach
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity import naming
from continuity.errors import HoldfastError, InvalidInput
from continuity.manifest import Manifest
from continuity.permissions import READ_MANIFEST
from continuity.zone import SiteName


@dataclass(frozen=True)
class Whereabouts:
    """Where a zone is said to live: its account, the sites' regions, and who serves."""

    zone: str
    account: str
    regions: Mapping[SiteName, str]
    active: SiteName


@dataclass(frozen=True)
class Found:
    """A manifest, where it was read, and what a person should know about that."""

    manifest: Manifest
    source: str
    notes: tuple[str, ...] = ()


@permitted(READ_MANIFEST)
def find(cloud: Cloud, where: Whereabouts) -> Found:
    """Read the standby's copy; take the serving site's where that one is missing or wrong.

    Raises:
        InvalidInput: no copy can be used, and at least one was altered or is another zone's.
        HoldfastError: no copy can be read.
    """
    failures: list[HoldfastError] = []
    notes: list[str] = []
    for site in (where.active.other, where.active):
        reach = Reach.IMPAIRED if site is where.active else Reach.HEALTHY
        bucket = naming.bucket(where.account, where.zone, site, "manifest")
        door = cloud.at(where.regions[site], reach)
        try:
            found = manifests.read(door, bucket, naming.MANIFEST_KEY, where.zone)
        except HoldfastError as error:
            failures.append(error)
            notes.append(f"The copy in {site} ({where.regions[site]}) was passed over: {error}")
        else:
            return Found(found, f"s3://{bucket}/{naming.MANIFEST_KEY}", tuple(notes))
    raise _worst(failures)


def _worst(failures: list[HoldfastError]) -> HoldfastError:
    """Prefer what is wrong with a copy over why another could not be read."""
    wrong = [one for one in failures if isinstance(one, InvalidInput)]
    return wrong[0] if wrong else failures[0]
