"""What the invariants look at: one zone of a world, with everything that a rule may ask.

`simulator.invariants` makes one and hands it to the rules of `simulator.effect_rules` and
`simulator.traffic_rules`.
"""

from collections import Counter

from continuity import naming
from continuity.manifest import Database, Manifest, Site
from continuity.zone import SiteName
from simulator import health_checks, inside
from simulator.call_log import Call
from simulator.content import Content
from simulator.platform import Platform
from simulator.records import Journal
from simulator.world import World


class Scene:
    """One zone, seen from outside the engine; `standby` is where a run of it takes place."""

    def __init__(self, world: World, manifest: Manifest) -> None:
        self.world = world
        self.manifest = manifest
        self.content = Content.of(world)
        self.platform = Platform(world, manifest)
        self.journal = Journal(manifest.standby_site)
        self.effects: Counter[tuple[str, ...]] = Counter()
        self._members = {
            (manifest.sites[site].region, member.identifier): database
            for database in manifest.databases
            for site, member in database.members.items()
        }

    @property
    def standby(self) -> Site:
        """Return the site that a run moves to."""
        return self.manifest.standby_site

    def database(self, call: Call) -> Database | None:
        """Return the zone's database whose instance a call names, by its name or by its tags."""
        named = str(instance_named(call))
        return self._members.get((call.region, named)) or self._tagged(call.region, named)

    def _tagged(self, region: str, named: str) -> Database | None:
        """Return the database of an instance that stands beside the one of the manifest."""
        found = inside.instance(region, named)
        tags = {} if found is None else inside.tags_of(found)
        if tags.get(naming.TAG_ZONE) != self.manifest.zone:
            return None
        name = tags.get(naming.TAG_DATABASE)
        return next((one for one in self.manifest.databases if one.name == name), None)

    def is_left(self, call: Call) -> bool:
        """Say whether a call is about an instance that a failover left and marked as fenced."""
        found = inside.instance(call.region, str(instance_named(call)))
        return found is not None and naming.TAG_FENCED in inside.tags_of(found)

    def latch(self, call: Call) -> str | None:
        """Return the key of the zone's latch that a call names; all lie in the standby site."""
        latch, key = self.standby.latch, call.parameters.get("Key")
        if call.parameters.get("Bucket") != latch.bucket:
            return None
        return str(key) if key in (latch.open_key, latch.closed_key) else None

    def warrant(self, call: Call) -> str | None:
        """Return the bucket where a call writes a warrant of the serving site."""
        witness = self.manifest.witness
        holders = {self.standby.latch.bucket, witness.bucket if witness is not None else ""}
        bucket, key = str(call.parameters.get("Bucket")), call.parameters.get("Key")
        wanted = naming.warrant_key(self.manifest.active)
        return bucket if bucket in holders and key == wanted else None

    def warranted(self, bucket: str) -> bool:
        """Say whether a bucket warrants the serving site now."""
        said = health_checks.text(bucket, naming.warrant_key(self.manifest.active))
        return naming.WARRANTED.encode() in said

    def writable_if_up(self, site: SiteName, database: Database) -> bool:
        """Say whether clients at a site could write, or could as soon as its region returned."""
        return self.platform.has_tasks(site) and not self.platform.refusal(site, database)


def instance_named(call: Call) -> object:
    """Return the identifier of the instance that a call changes or makes."""
    target = call.parameters.get("TargetDBInstanceIdentifier")
    return target or call.parameters.get("DBInstanceIdentifier")
