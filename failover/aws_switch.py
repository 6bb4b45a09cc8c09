"""What only a planned move changes and asks, answered by AWS through `cloud`.

`failover.aws.AwsHands` is one of these: in a planned move both regions answer, so that the serving
one is called like any other.
"""

from dataclasses import dataclass

from backup import answers
from cloud import latches, probers, scratches, services, warrants
from cloud.clients import Reach
from cloud.door import Door
from cloud.effects import Effect
from cloud.permitted import permissions_of, permitted
from continuity import naming
from continuity.errors import PermanentError
from continuity.manifest import Database, Manifest, Site
from continuity.permissions import (
    ASK_PROBER,
    DESCRIBE_DATABASES,
    LIFT_LATCH,
    LIST_LATCH,
    MOVE_LATCH,
    READ_WARRANT,
    READ_WITNESS,
    REGISTER_SCALING,
    REVOKE_AT_WITNESS,
    UPDATE_SERVICE,
)
from continuity.zone import SiteName
from failover import positions
from failover.positions import Position


@dataclass(frozen=True)
class AwsSwitch:
    """One door of the standby region; the serving one is reached from it."""

    manifest: Manifest
    door: Door

    @property
    def _serving(self) -> Door:
        return self.door.cloud.at(self.manifest.serving_site.region)

    @permitted(REGISTER_SCALING, UPDATE_SERVICE)
    def quiet_serving(self) -> None:
        """Set the limits first, or automatic scaling would undo the count."""
        self.wake_serving(0, 0, 0)

    @permitted(REGISTER_SCALING, UPDATE_SERVICE)
    def wake_serving(self, minimum: int, maximum: int, tasks: int) -> None:
        """Set limits and count of the serving site's service, and begin no deployment."""
        hosting, door = self.manifest.serving_site.hosting, self._serving
        services.set_scaling(door, hosting.scalable_target, services.Scaling(minimum, maximum))
        services.scale(door, hosting.cluster, hosting.service, tasks)

    @permitted(ASK_PROBER, DESCRIBE_DATABASES, *permissions_of(answers.read))
    def position(self, run: str, site: SiteName, database: Database) -> Position | None:
        """Read what the site's prober left; send it where it left nothing, or nothing of use."""
        place = self.manifest.sites[site]
        door, token = self.door.cloud.at(place.region), self._token(run, site, database)
        found = answers.read(door, place.lease_table, token)
        if found is None or not positions.tells(found):
            probers.ask(door, place.scratch.prober, self._event(door, token, site, database))
        return None if found is None else positions.read(found)

    @permitted(*permissions_of(answers.drop))
    def forget_position(self, run: str, site: SiteName, database: Database) -> None:
        """Forget the answer: the next question is asked anew."""
        place = self.manifest.sites[site]
        door = self.door.cloud.at(place.region)
        answers.drop(door, place.lease_table, self._token(run, site, database))

    def _event(
        self, door: Door, token: str, site: SiteName, database: Database
    ) -> dict[str, object]:
        """Return what a prober must know: how to get in, what to ask, where to answer."""
        place, member = self.manifest.sites[site], database.members[site]
        there = scratches.look(door, member.identifier)
        if there is None or not place.scratch.prober:
            raise PermanentError(
                f"Nobody can ask {member.identifier} in {place.region}: it does not exist, or the "
                "manifest names no function that asks. Deploy the zone again."
            )
        return {
            "scratch": token,
            "table": place.lease_table,
            "secret": member.secret_arn,
            "host": there.address,
            "port": there.port,
            "user": there.user,
            "database": there.database or naming.schema(database.name),
            "checks": positions.questions(primary=site is self.manifest.active),
        }

    def _token(self, run: str, site: SiteName, database: Database) -> str:
        """Return the name of an answer; both sites may have a run of one number."""
        return f"{naming.run_in(run, self.manifest.standby)}:{site}:{database.name}"

    @permitted(LIFT_LATCH)
    def lift_latch(self, key: str) -> None:
        """Delete the object."""
        latches.lift(self.door, self.manifest.standby_site.latch.bucket, key)

    @permitted(LIST_LATCH, LIFT_LATCH, READ_WARRANT, READ_WITNESS, MOVE_LATCH, REVOKE_AT_WITNESS)
    def rearm(self, *, at_witness: bool) -> bool:
        """Give the warrant last: until then nothing of it leads anybody anywhere."""
        manifest, old, key = (
            self.manifest,
            self.manifest.serving_site,
            naming.warrant_key(self.manifest.standby),
        )
        if not at_witness:
            cleared = _clear(self._serving, old)
            given = warrants.give(self._serving, old.latch.bucket, key)
            return cleared or given is Effect.MADE
        if manifest.witness is None:
            return False
        door = self.door.cloud.at(manifest.witness.region, Reach.IMPAIRED)
        return warrants.give(door, manifest.witness.bucket, key) is Effect.MADE


def _clear(door: Door, old: Site) -> bool:
    """Take away what an earlier move, the other way, put into a site's latch."""
    there = latches.present(door, old.latch.bucket)
    left = sorted({old.latch.closed_key, old.latch.open_key} & there)
    for key in left:
        latches.lift(door, old.latch.bucket, key)
    return bool(left)
