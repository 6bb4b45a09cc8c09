"""The code that the zone's functions run: this repository's own rooms, and what they stand on.

`stacks.backup_function` and its kin hand it to Lambda. Everything is taken from where Python finds
it in the environment that runs Pulumi, so a fresh clone needs no build step; boto3 is in Lambda's
runtime. Which files there are and what they say is all that counts: no caches, no times, no order;
and nothing compiled, which is for the machine that runs Pulumi and not for Lambda's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import pulumi


@dataclass(frozen=True)
class Contents:
    """Which rooms a function has, and what they import, with what that imports, of libraries.

    What Lambda's runtime has is left out. `asking` are those that look for their own version.
    """

    rooms: tuple[str, ...]
    libraries: tuple[str, ...]
    asking: tuple[str, ...] = ()


BACKUP = Contents(
    ("backup", "cloud", "continuity"),
    ("asn1crypto", "pg8000", "scramp", "tenacity"),
    ("pg8000", "scramp"),
)
INCIDENT = Contents(("cloud", "continuity", "incident"), ("jinja2", "markupsafe", "tenacity"))
"""Tests run both with nothing else."""

_COMPILED = frozenset({".so", ".pyd"})
_TIME_ZONES = "tzdata"
_DISTRIBUTION = "holdfast"


def archive(timezone: str, contents: Contents = BACKUP) -> pulumi.AssetArchive:
    """Return the code as Lambda unpacks it, with the one time zone that the function lives by."""
    packages = [(one, _files(one)) for one in (*contents.rooms, *contents.libraries)]
    zones = set(_of_zone(timezone))
    packages.append((_TIME_ZONES, tuple(one for one in _files(_TIME_ZONES) if one[0] in zones)))
    files: dict[str, pulumi.Asset | pulumi.Archive] = {
        f"{package}/{inside}": pulumi.FileAsset(str(path))
        for package, found in packages
        for inside, path in found
    }
    return pulumi.AssetArchive({**files, **_about(contents.asking)})


def _about(asking: tuple[str, ...]) -> dict[str, pulumi.Asset]:
    """Return what makes packages known by name and version.

    Our calls to AWS carry our own; some libraries ask for theirs when they are imported.
    """
    found: dict[str, pulumi.Asset] = {}
    for name in (_DISTRIBUTION, *asking):
        version = metadata.version(name)
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        found[f"{name}-{version}.dist-info/METADATA"] = pulumi.StringAsset(text)
    return found


def _of_zone(timezone: str) -> Iterator[str]:
    """Yield the list of all zones, and one zone with the packages that it lies in."""
    yield from ("__init__.py", "zones")
    place = PurePosixPath("zoneinfo") / timezone
    yield str(place)
    yield from (str(folder / "__init__.py") for folder in place.parents if folder.name)


@cache
def _files(package: str) -> tuple[tuple[str, Path], ...]:
    """Return a package's files: looked up once, for a zone has several functions in two sites."""
    return tuple(_found(package))


def _found(package: str) -> Iterator[tuple[str, Path]]:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"{package} is needed by a function of the zone; install it first"
        )
    root = Path(next(iter(spec.submodule_search_locations)))
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and "__pycache__" not in inside.parts and path.suffix not in _COMPILED:
            yield inside.as_posix(), path
