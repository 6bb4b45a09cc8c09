"""What a failover remembers, kept in DynamoDB: `failover.memory.Memory` on AWS."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cloud import journals, leases
from cloud.door import Cloud, Door
from cloud.leases import Lease
from cloud.permitted import permitted
from continuity.journal import Entry
from continuity.manifest import Manifest
from continuity.permissions import (
    CHECK_LEASE,
    READ_JOURNAL,
    READ_LEASE,
    WRITE_JOURNAL,
    WRITE_LEASE,
)


@dataclass(frozen=True)
class AwsMemory:
    """Lease and journal in the standby site's tables.

    What was read of a journal once is not read again: it only ever grows.
    """

    manifest: Manifest
    cloud: Cloud
    _read: dict[str, tuple[Entry, ...]] = field(default_factory=dict)

    @property
    def _door(self) -> Door:
        return self.cloud.at(self.manifest.standby_site.region)

    @permitted(READ_LEASE)
    def read_lease(self) -> Lease | None:
        """Read the lease, strongly consistent."""
        return leases.read(self._door, self.manifest.standby_site.lease_table)

    @permitted(WRITE_LEASE)
    def take_lease(self, wanted: Lease) -> Lease:
        """Put the lease on condition of the version before."""
        return leases.take(self._door, self.manifest.standby_site.lease_table, wanted)

    @permitted(READ_JOURNAL)
    def read_journal(self, run: str) -> tuple[Entry, ...]:
        """Query the run's new entries, strongly consistent."""
        known = self._read.get(run, ())
        after = known[-1].sequence if known else 0
        table = self.manifest.standby_site.journal_table
        found = known + journals.read(self._door, table, run, after)
        self._read.clear()
        self._read[run] = found
        return found

    @permitted(CHECK_LEASE, WRITE_JOURNAL)
    def append(self, run: str, held: Lease, entries: Sequence[Entry]) -> None:
        """Write entries and check the lease in one transaction."""
        site = self.manifest.standby_site
        journal = journals.Journal(site.lease_table, site.journal_table, run)
        journals.append(self._door, journal, held, entries)
