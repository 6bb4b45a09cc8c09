"""What lies in the shared file system of a zone that has run for weeks, where it has one.

`simulator.settled` calls `lie` before it leaves any points: all of them hold it. Assumption: a
few small documents, which nobody changes; scenes and tests write what else they need.
"""

from datetime import datetime

from continuity.manifest import Manifest
from simulator import shared_files

DOCUMENTS = 12


def lie(manifest: Manifest, began: datetime) -> None:
    """Let the serving site's file system hold documents, as old as the zone; the other follows."""
    site = manifest.serving_site
    system = site.safekeeping.file_system
    if not system:
        return
    for number in range(DOCUMENTS):
        path = f"/documents/{number:02}.txt"
        shared_files.write(site.region, system, path, path.encode() * (number + 1))
    shared_files.age(site.region, system, began)
