"""What could be read of a zone's notices, and what is to be noted of one: the values. Pure.

`maintenance.notices` reads and writes them; `maintenance.announce` decides from the one upon the
other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from continuity.errors import HoldfastError
from continuity.incidents import IncidentEntry, Kind
from continuity.journal import Fact
from continuity.zone import SiteName
from maintenance.notice import Notice, notices

Log = tuple[IncidentEntry, ...]


@dataclass(frozen=True)
class Said:
    """What is to be noted of a notice. An empty `notice` begins one."""

    kind: Kind
    text: str
    notice: str = ""
    data: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """All that could be read: a log by site, and why others could not be."""

    logs: Mapping[SiteName, Log]
    unread: Mapping[SiteName, HoldfastError]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return the notices of both sites by when their work begins."""
        found = [one for log in self.logs.values() for one in notices(log)]
        return tuple(sorted(found, key=lambda one: (one.work.starts, one.id)))

    def entries(self, notice: str) -> Log:
        """Return what was said of one notice."""
        every = (entry for log in self.logs.values() for entry in log)
        return tuple(entry for entry in every if entry.incident == notice)

    def site_of(self, notice: str) -> SiteName:
        """Return the site in whose log a notice lies; of a new one, the first that was read."""
        lying = (
            site
            for site, log in self.logs.items()
            if any(entry.incident == notice for entry in log)
        )
        return next(lying, next(iter(self.logs)))
