"""What of a site points somewhere, as it was read: part of the picture of a check.

`failover.readiness.looks.directions` reads it, `failover.readiness.rules.directions` judges it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from failover.observation import Reading


@dataclass(frozen=True)
class Silence:
    """An alarm on a replica's lag: which instance it watches, and what no number means to it."""

    instance: str
    alarms: bool


@dataclass(frozen=True)
class Directions:
    """What one site does for, or towards, the other one.

    `duties` are the schedules of backups that are on, by duty; `lag_alarms` by database. `files`
    say by purpose into which bucket a bucket is replicated, empty for none. `vaults` are the ARNs
    to which points of files are copied, `images` the regions that get what is pushed here.
    `file_system` is the identifier of what follows the site's own, empty for nothing; None where
    the zone declares none.
    """

    duties: Reading[frozenset[str]] = field(default_factory=Reading)
    lag_alarms: Reading[Mapping[str, Silence]] = field(default_factory=Reading)
    files: Reading[Mapping[str, str]] = field(default_factory=Reading)
    vaults: Reading[frozenset[str]] = field(default_factory=Reading)
    images: Reading[frozenset[str]] = field(default_factory=Reading)
    file_system: Reading[str] | None = None
