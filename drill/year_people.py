"""What people do in a year of nights without being part of it: they look once a day, at noon.

`drill.year` lets them. AWS says that a database whose key was disabled stays stopped until somebody
starts it again, and nobody fails over in a year: so somebody does, once the key is back. And where
the alarm says that room for snapshots runs out, somebody asks AWS for more, as its text says.
"""

from continuity.manifest import Manifest
from simulator import backstage, inside, limits
from simulator.alarm_history import Told
from simulator.fault import FaultKind
from simulator.missing_keys import INACCESSIBLE
from simulator.world import World

MORE_SNAPSHOTS = 500
"""What an account asks for. Assumption: AWS grants it within the day."""

_ROOM = "-snapshot-room in "


def look(world: World, manifest: Manifest, told: tuple[Told, ...]) -> None:
    """Start what AWS stopped for a key that is back, and ask for room where an alarm says so."""
    for instance in list(inside.all_instances()):
        region = instance.region
        missing = world.faults.active(FaultKind.KEY_MISSING, region=region) is not None
        if instance.status == INACCESSIBLE and not missing and not world.faults.region_lost(region):
            rds = backstage.client("rds", region)
            rds.start_db_instance(DBInstanceIdentifier=instance.db_instance_identifier)
    if any(one.until is None and _ROOM in one.alarm for one in told):
        for site in manifest.sites.values():
            limits.change(world, site.region, limits.MANUAL_SNAPSHOTS, MORE_SNAPSHOTS)
