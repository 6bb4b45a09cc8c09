"""Holds that people place, wherever one can: for a restore, or because they say so.

`backup.restore_run` places one for a database, `holdfast backup restore-files` one for files, and
`holdfast backup hold` the one that is asked for: nothing is deleted meanwhile. A restore's is
released when the restore is there; one that stopped on the way leaves it on, for AWS may go on with
what it was asked for, and so does a repeat of the command, which finds the hold by its name.
"""

from backup import hold, standing
from backup.hold_rules import Hold
from cloud.door import Cloud
from cloud.effects import Effect
from cloud.permitted import permitted
from continuity.errors import TemporaryError
from continuity.manifest import Manifest
from continuity.permissions import READ_LEASE, WRITE_HOLD


@permitted(WRITE_HOLD, READ_LEASE)
def place(cloud: Cloud, manifest: Manifest, wanted: Hold) -> Effect:
    """Put a hold where the other site reads it; without that site, where this one does.

    Raises:
        HoldfastError: it can be placed nowhere. Nothing may be restored.
    """
    try:
        return standing.place(cloud, manifest, wanted)
    except TemporaryError:
        site = manifest.serving_site
        return hold.place(cloud.at(site.region), site.lease_table, wanted)


@permitted(WRITE_HOLD, READ_LEASE)
def release(cloud: Cloud, manifest: Manifest, name: str, *, by: str, reason: str) -> str:
    """Take a hold off wherever it is on; return a sentence, which says where nobody can know it."""
    silent = []
    for site in manifest.sites.values():
        try:
            hold.lift(cloud.at(site.region), site.lease_table, name, by=by, reason=reason)
        except TemporaryError:
            silent.append(site.region)
    left = f", but {', '.join(silent)} does not answer: look there later" if silent else ""
    return f"the hold {name} is released{left}"
