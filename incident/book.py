"""Where a zone's incidents are kept: one log in each site, read together, written one at a time.

The commands of `holdfast incident` and `failover.aws_record` open it. A new incident is written to
the site that stands by, as a run's journal is; an incident stays in the log in which it began, also
when the sites have changed their roles. Whoever writes names the next number: of two at once one
comes second, reads again, and decides again what it has to say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from cloud import incidents as store
from cloud import journals
from cloud.clients import Reach
from cloud.door import Cloud, Door
from cloud.failures import Ambiguous, Conflict
from cloud.permitted import permitted
from continuity.critical_functions import RestsOn, usual
from continuity.errors import HoldfastError, Refusal, TemporaryError
from continuity.incidents import IncidentEntry
from continuity.journal import Entry
from continuity.manifest import Manifest
from continuity.permissions import READ_INCIDENTS, READ_JOURNAL, WRITE_INCIDENTS
from continuity.zone import SiteName
from incident.declare import Words
from incident.record import Incident, incidents
from incident.timeline import Line, of_incident

TRIES = 8


@dataclass(frozen=True)
class Shelf:
    """All that could be read: a log by site, and why others could not be."""

    logs: Mapping[SiteName, tuple[IncidentEntry, ...]]
    unread: Mapping[SiteName, HoldfastError] = field(default_factory=dict)

    @property
    def known(self) -> tuple[Incident, ...]:
        """Return the incidents of all logs in the order in which they were declared."""
        found = [one for log in self.logs.values() for one in incidents(log)]
        return tuple(sorted(found, key=lambda one: (one.declared_at, one.id)))

    def site_of(self, found: Incident) -> SiteName:
        """Return the site in whose log an incident lies."""
        return next(
            site
            for site, log in self.logs.items()
            if any(entry.incident == found.id for entry in log)
        )


@dataclass(frozen=True)
class Noted:
    """What came of writing: the incident as it is now, and whether anything new was said."""

    incident: Incident
    written: tuple[IncidentEntry, ...]


@dataclass(frozen=True)
class Book:
    """A zone's logs. `reach` says how patient to be with each site; one not named is left alone."""

    cloud: Cloud
    manifest: Manifest
    reach: Mapping[SiteName, Reach]

    @property
    def functions(self) -> tuple[RestsOn, ...]:
        """Return the zone's critical functions."""
        return self.manifest.functions or usual(one.name for one in self.manifest.databases)

    @permitted(READ_INCIDENTS)
    def read(self) -> Shelf:
        """Read all logs side by side.

        Raises:
            HoldfastError: not one of them can be read; the standby's error says why.
        """
        sites = sorted(self.reach, key=lambda one: one is not self.manifest.standby)
        found = self.cloud.workers.run([partial(self._log, site) for site in sites])
        pairs = list(zip(sites, found, strict=True))
        logs = {site: log for site, log in pairs if not isinstance(log, HoldfastError)}
        unread = {site: error for site, error in pairs if isinstance(error, HoldfastError)}
        if not logs:
            raise unread[sites[0]]
        return Shelf(logs, unread)

    @permitted(READ_INCIDENTS, WRITE_INCIDENTS)
    def write(self, rule: Callable[[tuple[Incident, ...]], Words]) -> Noted:
        """Ask a rule what there is to say, and write that; ask again when others wrote meanwhile.

        Raises:
            TemporaryError: others kept coming in between, or nobody can say whether it is written.
            HoldfastError: no log can be read, or the rule refuses.
        """
        unsure: tuple[IncidentEntry, ...] = ()
        for _ in range(TRIES):
            shelf = self.read()
            found = _standing(shelf, unsure)
            if found is not None:
                return Noted(found, unsure)
            words = rule(shelf.known)
            if not words.drafts and words.incident is not None:
                return Noted(words.incident, ())
            site = next(iter(shelf.logs)) if not words.incident else shelf.site_of(words.incident)
            entries = self._numbered(site, shelf.logs[site], words)
            try:
                self._append(site, entries)
            except Conflict:
                continue
            except Ambiguous:
                if unsure:
                    raise
                unsure = entries
                continue
            log = incidents((*shelf.logs[site], *entries))
            return Noted(next(one for one in log if one.id == entries[0].incident), entries)
        zone = self.manifest.zone
        raise TemporaryError(f"Others kept writing to the incidents of {zone}: say it again.")

    @permitted(READ_JOURNAL)
    def timeline(self, found: Incident) -> tuple[tuple[Line, ...], tuple[str, ...]]:
        """Return an incident's timeline with its runs' journals, and what could not be read."""
        read, notes = self.journals(found)
        return of_incident(found.entries, read), notes

    @permitted(READ_JOURNAL)
    def journals(self, found: Incident) -> tuple[Mapping[str, tuple[Entry, ...]], tuple[str, ...]]:
        """Return the journals of an incident's runs by run, and what could not be read."""
        read: dict[str, tuple[Entry, ...]] = {}
        notes = []
        for one in found.runs:
            try:
                read[one.run] = self._journal(SiteName(one.site), one.run)
            except HoldfastError as error:
                notes.append(f"The journal of {one.run} cannot be read: {error}")
        return read, tuple(notes)

    def _journal(self, site: SiteName, run: str) -> tuple[Entry, ...]:
        table = self.manifest.sites[site].journal_table
        return journals.read(self._door(site), table, run)

    def _log(self, site: SiteName) -> tuple[IncidentEntry, ...] | HoldfastError:
        table = self.manifest.sites[site].incident_table
        if not table:
            return Refusal(
                f"The manifest of {self.manifest.zone} names no record of incidents.",
                "Deploy the zone's program once more: it makes the tables.",
            )
        try:
            return store.read(self._door(site), table, self.manifest.zone)
        except HoldfastError as error:
            return error

    def _append(self, site: SiteName, entries: Sequence[IncidentEntry]) -> None:
        table = self.manifest.sites[site].incident_table
        store.append(self._door(site), table, self.manifest.zone, entries)

    def _numbered(
        self, site: SiteName, log: Sequence[IncidentEntry], words: Words
    ) -> tuple[IncidentEntry, ...]:
        now = self.cloud.clock.now()
        first = log[-1].number + 1 if log else 1
        name = words.incident.id if words.incident else self._next_id(site, log)
        return tuple(
            draft.entry(first + place, name, now) for place, draft in enumerate(words.drafts)
        )

    def _next_id(self, site: SiteName, log: Sequence[IncidentEntry]) -> str:
        """Return `we1-away-0002`: two sites that cannot see each other give no id twice."""
        return f"{self.manifest.zone}-{site}-{len(incidents(log)) + 1:04d}"

    def _door(self, site: SiteName) -> Door:
        return self.cloud.at(self.manifest.sites[site].region, self.reach[site])


def _standing(shelf: Shelf, unsure: tuple[IncidentEntry, ...]) -> Incident | None:
    """Return the incident to which entries were added whose reply was lost; None if they were not.

    They stand in the log together or not at all.
    """
    if not unsure or not any(unsure[0] in log for log in shelf.logs.values()):
        return None
    return next(one for one in shelf.known if one.id == unsure[0].incident)


def of_zone(cloud: Cloud, manifest: Manifest) -> Book:
    """Return the book as people open it: patient with the standby, short with the other site."""
    reach = {manifest.standby: Reach.HEALTHY, manifest.active: Reach.IMPAIRED}
    return Book(cloud, manifest, reach)
