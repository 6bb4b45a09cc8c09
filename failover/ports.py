"""What the failover asks of the world, in its own words: the rules and steps know nothing else.

`failover.aws` answers with AWS through `cloud`; tests answer from memory. Every method raises a
`HoldfastError` when it fails.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from continuity.addresses import AddressFile
from continuity.errors import HoldfastError
from continuity.manifest import Database
from continuity.outside import Written
from continuity.restorable import RecoveryPoints, Storage
from continuity.zone import SiteName
from failover.barrier import Barrier
from failover.observation import Alarms, Instance, LagPoint, Service
from failover.positions import Position

T = TypeVar("T")


class Sight(Protocol):
    """Reads. What does not say otherwise asks the standby site."""

    def serving_region_answers(self) -> bool:
        """Make one short call to the serving region; an error code is an answer, too."""

    def instances(self, identifiers: Sequence[str]) -> Mapping[str, Instance]:
        """Return the instances that exist, one call per hundred."""

    def lags(
        self, identifiers: Sequence[str], since: datetime
    ) -> Mapping[str, tuple[LagPoint, ...]]:
        """Return the datapoints of replica lag from a moment until now."""

    def recovery_points(self) -> RecoveryPoints:
        """Return everything there that a database can be restored from."""

    def hosting(self) -> Service:
        """Return the state of the platform."""

    def latches(self) -> frozenset[str]:
        """Return the keys of the latch objects that are there."""

    def serving_instances(self, identifiers: Sequence[str]) -> Mapping[str, Instance]:
        """Return the serving site's instances that exist; one short attempt a call."""

    def serving_hosting(self) -> Service:
        """Return the platform's service in the serving site; one short attempt."""

    def alarms(self) -> Mapping[SiteName, Alarms]:
        """Return the alarms that have gone off, by site; one silent site hides no other."""

    def releases(self) -> tuple[str, ...]:
        """Return the task definitions that the serving site could deploy, newest first."""

    def addresses(self) -> AddressFile:
        """Return the file that tells tasks at their start where the databases are."""

    def fence_state(self) -> Barrier:
        """Return how far the serving site is fenced: three short calls to its region."""

    def witness_warrants(self) -> bool:
        """Say whether the witness still warrants the serving site: one short call."""


@dataclass(frozen=True)
class Origin:
    """What an instance is restored from: backups, with the moment, or a snapshot without one.

    `restored_by` is written on the instance, so that anybody can tell it from what was there.
    """

    name: str
    moment: datetime | None
    storage: Storage
    restored_by: str


@dataclass(frozen=True)
class Marks:
    """What came of marking old instances, by identifier; `unseen` are regions without an answer."""

    marked: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    def and_also(self, other: "Marks") -> "Marks":
        """Return what came of both."""
        return Marks(
            self.marked + other.marked, self.cleared + other.cleared, self.unseen + other.unseen
        )


class Hands(Protocol):
    """Changes. All are idempotent: what is already so is no error."""

    def hold_recovery_points(self, run: str, reason: str) -> None:
        """Keep every recovery point of the zone, and read back that it is so."""

    def put_latch(self, key: str) -> None:
        """Put a latch object of the standby site in its place."""

    def fence(self) -> bool:
        """Stop the serving site's platform and cut it off its databases: one short attempt.

        False when the region did not answer.
        """

    def revoke_warrant(self, run: str, *, at_witness: bool) -> bool:
        """Take the serving site's warrant away, in the standby's latch or in the witness's.

        The witness gets one short attempt: False when its region did not answer.
        """

    def promote(self, identifier: str, retention_days: int, backup_window: str) -> None:
        """Make a replica its own primary."""

    def rename(self, identifier: str, wanted: str) -> None:
        """Move an instance out of the way of its own name."""

    def restore(self, database: Database, identifier: str, origin: Origin) -> None:
        """Begin to restore a database under a name that is free."""

    def protect(self, database: Database, identifier: str) -> None:
        """Give an instance of a database its backups, deletion protection and parameter group."""

    def tell_addresses(self, text: str, replaced: str) -> None:
        """Replace the file of addresses that bears this tag; any other one is left alone."""

    def renew_tasks(self, since: datetime) -> None:
        """Replace every task by one that starts now, unless that was begun since a moment."""

    def reboot(self, identifier: str) -> None:
        """Restart an instance, which applies its parameter group."""

    def widen_scaling(self, minimum: int, maximum: int) -> None:
        """Set the limits of automatic scaling, so that scaling in undoes nothing."""

    def run_tasks(self, tasks: int) -> None:
        """Ask for this many tasks."""

    def redeploy(self, task_definition: str) -> None:
        """Deploy a release of the platform in the serving site."""

    def restart_serving(self, minimum: int, maximum: int, tasks: int) -> None:
        """Set limits and count of the serving site's tasks, and replace every one of them."""

    def quiet_serving(self) -> None:
        """Have no task of the serving site run, and let nothing start one."""

    def wake_serving(self, minimum: int, maximum: int, tasks: int) -> None:
        """Set limits and count of the serving site's tasks."""

    def position(self, run: str, site: SiteName, database: Database) -> Position | None:
        """Return what a database of a site said where its log ends; None while nothing is known.

        The first question sends somebody to ask. One answer stands until it is forgotten. One of no
        use raises TemporaryError, and the database is asked once more.
        """

    def forget_position(self, run: str, site: SiteName, database: Database) -> None:
        """Forget what a database said."""

    def lift_latch(self, key: str) -> None:
        """Take a latch object of the standby site away."""

    def rearm(self, *, at_witness: bool) -> bool:
        """Warrant the standby site, in the serving site's latch or in the witness's.

        In the latch, take away what an earlier move put there. False where all was so already.
        """

    def mark_left(self, by: str, kept: frozenset[str]) -> Marks:
        """Have every old instance of both sites say that a run left it; `kept` are the zone's own.

        What says so already stays as it is, and what is kept says it no more. The serving site gets
        one short attempt a call.
        """

    def write(self, address: str, database: str) -> Written:
        """Write and read a row through the platform behind an address, as a client does."""


@dataclass(frozen=True)
class Attempt(Generic[T]):
    """What came of one task: a value, or an error; `started` is False when time ran out before."""

    value: T | None = None
    error: HoldfastError | None = None
    started: bool = True


class Crew(Protocol):
    """Many hands at once."""

    def each(
        self, tasks: Mapping[str, Callable[[Hands], T]], within_s: float
    ) -> Mapping[str, Attempt[T]]:
        """Run tasks side by side, none starting after `within_s`; only bugs are raised."""
