"""Where restored files go: a prefix of their own, another bucket, a new file system. Pure.

`cli` reads `--to` with it. A restore never writes where live files are: in a bucket of files it has
the prefix `restored/` alone, and the role that restores may write nowhere else.
"""

import re
from dataclasses import dataclass

from continuity import naming
from continuity.errors import InvalidInput, Problem
from continuity.manifest import Manifest
from continuity.zone import SiteName

_SCHEME, _NEW = "s3://", "efs://"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Place:
    """A bucket and a prefix in it, empty for all of it. `made` says that a restore may make it."""

    bucket: str
    prefix: str
    made: bool = False

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}/{self.prefix}"


@dataclass(frozen=True)
class NewFileSystem:
    """A file system that AWS Backup is to make. `token` is what EFS takes once, for its creation.

    `items` are the paths that are restored; without any everything is.
    """

    name: str
    token: str
    items: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{_NEW}{self.name}"


def new_file_system(manifest: Manifest, site: SiteName, given: str, under: str) -> NewFileSystem:
    """Return the file system that `--to` means: `efs://NAME`; `under` is a path in the point.

    Raises:
        InvalidInput: the name does not do, or the site declares no shared file system.
    """
    if not manifest.sites[site].safekeeping.file_system:
        raise _wrong("BUCKET", f"{manifest.zone} declares no shared file system")
    name = given.removeprefix(_NEW)
    token = naming.restored_files(manifest.zone, site, name)
    if not given.startswith(_NEW) or _NAME.fullmatch(name) is None:
        message = f"{given} is no new file system: give {_NEW}NAME, of a-z, 0-9 and hyphens"
        raise _wrong("--to", message)
    if len(token) > naming.LONGEST_TOKEN:
        spare = naming.LONGEST_TOKEN - len(token) + len(name)
        raise _wrong("--to", f"{name} is too long: at most {spare} characters")
    items = (f"/{under.strip('/')}",) if under.strip("/") else ()
    return NewFileSystem(name, token, items)


def place(manifest: Manifest, site: SiteName, purpose: str, given: str) -> Place:
    """Return the place that `--to` means: `restored/NAME`, or `s3://BUCKET[/PREFIX]`.

    Raises:
        InvalidInput: it would lie among live files, or there is no such bucket of files.
    """
    source(manifest, site, purpose)
    kept = manifest.sites[site].safekeeping
    if given.startswith(_SCHEME):
        bucket, _, prefix = given.removeprefix(_SCHEME).partition("/")
    else:
        bucket, prefix = kept.bucket(purpose), given
    prefix = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
    if not bucket:
        raise _wrong("--to", f"{given} names no bucket")
    live = {one.name for here in manifest.sites.values() for one in here.safekeeping.buckets}
    apart = prefix.startswith(naming.RESTORED) and prefix != naming.RESTORED
    if bucket in live and not apart:
        raise _wrong("--to", f"{bucket} has live files: give a prefix like {naming.RESTORED}NAME/")
    return Place(bucket, prefix, made=bucket.startswith(_restored(manifest, site)))


def missing(manifest: Manifest, site: SiteName, bucket: str) -> InvalidInput:
    """Return what to say of a bucket that is not there, and that no restore makes."""
    made = f"{_SCHEME}{_restored(manifest, site)}NAME"
    return _wrong("--to", f"there is no bucket {bucket}; name one that is, or {made}")


def source(manifest: Manifest, site: SiteName, purpose: str) -> str:
    """Return the name of a bucket of files.

    Raises:
        InvalidInput: the site has none for this purpose; the error names those there are.
    """
    found = manifest.sites[site].safekeeping.bucket(purpose)
    if not found:
        known = ", ".join(one.purpose for one in manifest.sites[site].safekeeping.buckets)
        raise _wrong("BUCKET", f"{purpose} is no bucket of files here; there are: {known or '-'}")
    return found


def _restored(manifest: Manifest, site: SiteName) -> str:
    return naming.restored_bucket(manifest.account, manifest.zone, site, "")


def _wrong(path: str, message: str) -> InvalidInput:
    return InvalidInput("The command", [Problem(path, message)])
