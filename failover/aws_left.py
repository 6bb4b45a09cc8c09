"""What a move that is over has still to do to the site that it left, answered by AWS.

`failover.aws.AwsHands` is one of these. The region that was left may be silent: it gets one short
attempt a call.
"""

from contextlib import suppress
from dataclasses import dataclass
from functools import reduce

from cloud import databases, restored
from cloud.clients import Reach
from cloud.databases import InstanceState
from cloud.door import Door
from cloud.failures import Ambiguous, Missing, Unreachable
from cloud.permitted import permitted
from continuity import naming
from continuity.permissions import DESCRIBE_DATABASES, TAG_DATABASE, UNTAG_DATABASE
from continuity.zone import SiteName
from failover import leftovers
from failover.aws_switch import AwsSwitch
from failover.ports import Marks


@dataclass(frozen=True)
class AwsLeft(AwsSwitch):
    """Hands that mark what was left, in both regions."""

    @permitted(DESCRIBE_DATABASES, TAG_DATABASE, UNTAG_DATABASE)
    def mark_left(self, by: str, kept: frozenset[str]) -> Marks:
        """Look at every instance of the zone, and write or remove the tag where it is wrong."""
        found = [self._marked(site, by, kept) for site in SiteName]
        return reduce(Marks.and_also, found)

    def _marked(self, site: SiteName, by: str, kept: frozenset[str]) -> Marks:
        near = site is self.manifest.standby
        region = self.manifest.sites[site].region
        door = self.door if near else self.door.cloud.at(region, Reach.IMPAIRED)
        try:
            there = databases.of_zone(door, self.manifest.zone)
            wrong = [one for one in there if self._is_left(site, one, kept)]
            right = [one for one in there if one.identifier in kept]
            return Marks(_mark(door, wrong, by), _clear(door, right))
        except (Unreachable, Ambiguous):
            if near:
                raise
            return Marks(unseen=(region,))

    def _is_left(self, site: SiteName, one: InstanceState, kept: frozenset[str]) -> bool:
        return leftovers.is_left(self.manifest, site, one.identifier, one.tags, kept)


def _mark(door: Door, found: list[InstanceState], by: str) -> tuple[str, ...]:
    """Give the tag to those that lack it: the first one says when."""
    missing = [one for one in found if naming.TAG_FENCED not in one.tags]
    for one in missing:
        with suppress(Missing):  # it was being deleted
            tags = {naming.TAG_FENCED: naming.fenced(by, door.clock.now())}
            restored.mark(door, one.arn, tags)
    return tuple(one.identifier for one in missing)


def _clear(door: Door, found: list[InstanceState]) -> tuple[str, ...]:
    """Take the tag off what is the zone's own again."""
    marked = [one for one in found if naming.TAG_FENCED in one.tags]
    for one in marked:
        restored.unmark(door, one.arn, [naming.TAG_FENCED])
    return tuple(one.identifier for one in marked)
