"""Step: let the file of addresses say where the databases of the standby site are by now.

Built by `failover.region_loss`. Usually it says so already and one look ends this step; a database
that was restored beside its own name is somewhere else. `renew` comes next: running tasks hear
nothing of the file. See docs/decisions/0020.
"""

from dataclasses import dataclass

from continuity import addresses
from continuity.addresses import AddressFile
from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    READ_ADDRESSES,
    WRITE_ADDRESSES,
)
from failover import estimates, whereabouts
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.retold import POINTED
from failover.step import Step

NAME = POINTED

_PERMISSIONS = (READ_ADDRESSES, DESCRIBE_SERVICES, DESCRIBE_SCALING, WRITE_ADDRESSES)


@dataclass(frozen=True, kw_only=True)
class Point(Step):
    """One write for all databases, and only in the place of the file that was seen."""

    def done(self, seen: Observation) -> bool:
        """Answer from the file; one that cannot be read holds nobody up for whom nothing moved."""
        file = seen.addresses.value
        if file is None:
            return not whereabouts.moved(seen.run)
        wanted = whereabouts.wanted(seen.run, seen.manifest)
        return all(file.host(name) == host for name, host in wanted.items())

    def do(self, hands: Hands, seen: Observation) -> None:
        """Write what is wanted and leave alone what it says of anything else."""
        file = seen.addresses.value or AddressFile()
        wanted = whereabouts.wanted(seen.run, seen.manifest)
        text = addresses.changed(file.text, wanted)
        if text != file.text:
            hands.tell_addresses(text, file.tag)

    def announce(self, seen: Observation) -> str:
        """Say what moved, and where to."""
        file = seen.addresses.value or AddressFile()
        wanted = whereabouts.wanted(seen.run, seen.manifest)
        told = [f"{name} at {host}" for name, host in wanted.items() if file.host(name) != host]
        return f"About to tell the tasks of the {self.site} site: {', '.join(told)}."

    def report(self, seen: Observation) -> str:
        """Say whether anything had to be told."""
        if self.name in seen.run.intents:
            return f"Tasks that start in the {self.site} site now are told where the databases are."
        if seen.addresses.asked and seen.addresses.value is None:
            return f"No database moved; what tasks are told is unknown: {seen.addresses.error}"
        return "Every database is where the tasks know it."


def point(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step for the standby site; `needs` names the first source of each database."""
    told = bool(manifest.standby_site.hosting.addresses_key)
    return Point(
        name=NAME,
        what=f"tell the tasks of the {manifest.standby} site where the databases are",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.POINT,
        deadline_s=900,
        permissions=(READ_ADDRESSES, DESCRIBE_SERVICES, DESCRIBE_SCALING, WRITE_ADDRESSES)
        if told
        else (),
        # What `renew` asks is asked with it: otherwise it would cost every recovery a tick.
        looks=frozenset({Look.ADDRESSES, Look.HOSTING}) if told else frozenset(),
        poll_s=5.0,
    )
