"""Where a zone's notices are kept: in the table of its incidents, in a log of their own.

`cli.maintenance_command` writes it and `cli.change_command` reads it. Both sites are read; a new
notice goes to the site that stands by, or to the other one if that cannot be read.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from cloud import incidents as store
from cloud.clients import Reach
from cloud.door import Cloud
from cloud.failures import Conflict
from cloud.permitted import permitted
from continuity.errors import HoldfastError, Refusal, TemporaryError
from continuity.incidents import IncidentEntry, Source
from continuity.manifest import Manifest
from continuity.permissions import READ_INCIDENTS, WRITE_INCIDENTS
from continuity.zone import SiteName
from incident.draft import Draft
from maintenance.board import Board, Log, Said
from maintenance.notice import Notice, notices

TRIES = 8
Come = TypeVar("Come")


@dataclass(frozen=True)
class Notices:
    """A zone's notices within reach of one caller, whose ARN is `actor`."""

    cloud: Cloud
    manifest: Manifest
    actor: str

    @permitted(READ_INCIDENTS)
    def read(self) -> Board:
        """Read both sites side by side.

        Raises:
            HoldfastError: neither can be read; the standby's error says why.
        """
        sites = (self.manifest.standby, self.manifest.active)
        found = self.cloud.workers.run([partial(self._log, site) for site in sites])
        pairs = list(zip(sites, found, strict=True))
        logs = {site: log for site, log in pairs if not isinstance(log, HoldfastError)}
        unread = {site: error for site, error in pairs if isinstance(error, HoldfastError)}
        if not logs:
            raise unread[sites[0]]
        return Board(logs, unread)

    @permitted(READ_INCIDENTS, WRITE_INCIDENTS)
    def write(self, rule: Callable[[Board], Said | Notice]) -> Notice:
        """Ask a rule what there is to say, and note it; ask again when others wrote meanwhile.

        A rule returns the notice itself where all is said already.

        Raises:
            TemporaryError: others kept coming in between.
            HoldfastError: no log can be read, or the rule refuses.
        """

        def once(board: Board) -> Notice:
            said = rule(board)
            if isinstance(said, Notice):
                return said
            entry = self._numbered(board, said)
            self._append(board.site_of(entry.incident), [entry])
            return _noted(board, entry)

        return self._unless_disturbed(once)

    @permitted(READ_INCIDENTS, WRITE_INCIDENTS)
    def add(self, notice: str, rule: Callable[[Board], Sequence[Draft]]) -> Log:
        """Note what a rule says of the messages of a notice; ask again when others wrote meanwhile.

        Raises:
            TemporaryError: others kept coming in between, or the site of the notice is silent.
            HoldfastError: no log can be read.
        """

        def once(board: Board) -> Log:
            if not board.entries(notice):
                raise TemporaryError(f"The log of {notice} cannot be read now: say it again.")
            site, now = board.site_of(notice), self.cloud.clock.now()
            first = board.logs[site][-1].number + 1
            new = tuple(one.entry(first + n, notice, now) for n, one in enumerate(rule(board)))
            if new:
                self._append(site, new)
            return new

        return self._unless_disturbed(once)

    def _unless_disturbed(self, once: Callable[[Board], Come]) -> Come:
        for _ in range(TRIES):
            with suppress(Conflict):
                return once(self.read())
        zone = self.manifest.zone
        raise TemporaryError(f"Others kept writing to the notices of {zone}: say it again.")

    def _numbered(self, board: Board, said: Said) -> IncidentEntry:
        site = board.site_of(said.notice)
        log: Sequence[IncidentEntry] = board.logs[site]
        number = log[-1].number + 1 if log else 1
        name = said.notice or f"{self.manifest.zone}-{site}-notice-{len(notices(log)) + 1:04d}"
        now = self.cloud.clock.now()
        return IncidentEntry(
            number, name, now, Source.PERSON, self.actor, said.kind, said.text, said.data
        )

    def _log(self, site: SiteName) -> Log | HoldfastError:
        place = self.manifest.sites[site]
        if not place.incident_table:
            return Refusal(
                f"The manifest of {self.manifest.zone} names no table for notices.",
                "Deploy the zone's program once more: it makes the tables.",
            )
        reach = Reach.HEALTHY if site is self.manifest.standby else Reach.IMPAIRED
        door = self.cloud.at(place.region, reach)
        try:
            return store.read(door, place.incident_table, log_of(self.manifest.zone))
        except HoldfastError as error:
            return error

    def _append(self, site: SiteName, entries: Sequence[IncidentEntry]) -> None:
        place = self.manifest.sites[site]
        door = self.cloud.at(place.region, Reach.HEALTHY)
        store.append(door, place.incident_table, log_of(self.manifest.zone), entries)


def log_of(zone: str) -> str:
    """Return the key under which a zone's notices lie beside its incidents."""
    return f"{zone}/maintenance"


def _noted(board: Board, entry: IncidentEntry) -> Notice:
    log = (*board.entries(entry.incident), entry)
    return notices(log)[0]
