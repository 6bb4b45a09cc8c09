"""The reversal checklist: everything of a zone that has a direction, and whether it is right now.

`failover.readiness.judge` computes it from one picture and the findings about it: after roles were
swapped nobody keeps such a list by hand. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from continuity.zone import SiteName
from failover.readiness.finding import Finding
from failover.readiness.picture import Picture


@dataclass(frozen=True)
class Direction:
    """One setting of a database, a site or the zone. `right` is None where nobody knows."""

    setting: str
    subject: str
    right: bool | None


@dataclass(frozen=True)
class _Setting:
    """What findings speak of it, and what must have been read for their silence to mean anything.

    `{site}` and `{role}` in a path stand for each site's.
    """

    what: str
    findings: frozenset[str]
    paths: tuple[str, ...]

    def at(self, site: str, role: str) -> "_Setting":
        """Return the setting of one site."""
        return replace(self, paths=tuple(one.format(site=site, role=role) for one in self.paths))

    def declared(self, looked: Mapping[str, bool]) -> bool:
        """Say whether anybody had a reason to look at it."""
        return any(path in looked for path in self.paths)


_OF_DATABASES = (
    _Setting(
        "its replica follows what serves",
        frozenset({"replica-missing", "replica-standalone", "replica-of-another"}),
        ("standby instances",),
    ),
    _Setting(
        "its backups are replicated to the standby",
        frozenset({"backups-not-replicated"}),
        ("target copies",),
    ),
    _Setting(
        "tasks of each site look for it there",
        frozenset({"address-differs"}),
        ("standby addresses", "serving addresses"),
    ),
    _Setting(
        "alarms on lag",
        frozenset({"alarm-points-wrong"}),
        ("directions home lag alarms", "directions away lag alarms"),
    ),
)
_OF_SITES = (
    _Setting("schedules", frozenset({"duty-in-the-wrong-site"}), ("directions {site} duties",)),
    _Setting("replication of files", frozenset({"files-not-copied"}), ("directions {site} files",)),
    _Setting(
        "copies of points of files",
        frozenset({"points-copied-wrong"}),
        ("directions {site} vaults",),
    ),
    _Setting("copies of images", frozenset({"images-not-copied"}), ("directions {site} images",)),
    _Setting(
        "replication of the file system",
        frozenset({"file-system-points-wrong"}),
        ("directions {site} file system",),
    ),
    _Setting(
        "bounds of scaling",
        frozenset({"scaling-bounds-differ", "scaling-missing"}),
        ("{role} scaling", "{role} service"),
    ),
    _Setting(
        "latches and warrants",
        frozenset({"latch-thrown", "latch-left-behind", "warrant-missing"}),
        ("{role} latches",),
    ),
)
_OF_ZONES = (
    _Setting("records lead to what serves", frozenset({"record-differs"}), ("records",)),
    _Setting(
        "both sites hold the manifest of these roles",
        frozenset({"manifest-copies-differ", "manifest-not-current"}),
        ("standby manifest copy", "serving manifest copy"),
    ),
)


def reversal(picture: Picture, findings: Iterable[Finding]) -> tuple[Direction, ...]:
    """Return every setting that has a direction, with what the findings say of it.

    What a zone does not declare, such as a file system, is not listed.
    """
    manifest, found = picture.manifest, tuple(findings)
    looked = {path: reading.value is not None for path, reading in picture.readings()}
    said = {(one.name, one.subject.partition(" ")[0]) for one in found}
    whole = {(one.name, manifest.zone) for one in found}
    rows = [
        _direction(one, each.name, looked, said)
        for each in manifest.databases
        for one in _OF_DATABASES
    ]
    for site in SiteName:
        role = "serving" if site is manifest.active else "standby"
        settings = [one.at(str(site), role) for one in _OF_SITES]
        rows += [_direction(one, site, looked, said) for one in settings if one.declared(looked)]
    rows += [_direction(one, manifest.zone, looked, whole) for one in _OF_ZONES]
    return tuple(rows)


def _direction(
    setting: _Setting, subject: str, looked: Mapping[str, bool], said: set[tuple[str, str]]
) -> Direction:
    known = all(looked.get(path, False) for path in setting.paths)
    wrong = any((name, subject) in said for name in setting.findings)
    return Direction(setting.what, subject, not wrong if known else None)
