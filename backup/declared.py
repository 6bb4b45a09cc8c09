"""The series that a zone declares: of its databases, and of what AWS Backup protects of its files.

Whoever must miss what has no point at all asks here, and not the catalogue. Pure.
"""

from backup.points import Kind, Series
from backup.vault_points import resources
from continuity.manifest import Manifest


def databases(manifest: Manifest) -> tuple[Series, ...]:
    """Return a series per database, in the order of the manifest."""
    return tuple(Series(manifest.zone, one.name, Kind.DATABASE) for one in manifest.databases)


def files(manifest: Manifest) -> tuple[Series, ...]:
    """Return a series per bucket and shared file system of both sites, by name."""
    names = sorted(resources(manifest).values())
    return tuple(Series(manifest.zone, one, Kind.FILES) for one in names)


def every(manifest: Manifest) -> tuple[Series, ...]:
    """Return all of them, databases first."""
    return (*databases(manifest), *files(manifest))
