"""The code that the backup function runs: this repository's own rooms, and what they stand on.

`stacks.backup_function` hands it to Lambda. Everything is taken from where Python finds it in the
environment that runs Pulumi, so a fresh clone needs no build step; boto3 is in Lambda's runtime.
Which files there are and what they say is all that counts: no caches, no times, no order.
"""

from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import pulumi

ROOMS = ("backup", "cloud", "continuity")
LIBRARIES = ("asn1crypto", "pg8000", "scramp", "tenacity")
"""What the rooms import, with what that imports, and Lambda's runtime lacks; a test compares."""

_TIME_ZONES = "tzdata"
_DISTRIBUTION = "holdfast"


def archive(timezone: str) -> pulumi.AssetArchive:
    """Return the code as Lambda unpacks it, with the one time zone that the function lives by."""
    packages = [(package, _files(package)) for package in (*ROOMS, *LIBRARIES)]
    zones = set(_of_zone(timezone))
    packages.append((_TIME_ZONES, (each for each in _files(_TIME_ZONES) if each[0] in zones)))
    files: dict[str, pulumi.Asset | pulumi.Archive] = {
        f"{package}/{inside}": pulumi.FileAsset(str(path))
        for package, found in packages
        for inside, path in found
    }
    return pulumi.AssetArchive({**files, **_about()})


def _about() -> dict[str, pulumi.Asset]:
    """Return what makes packages known by name and version.

    Our calls to AWS carry our own, and two libraries ask for theirs when they are imported.
    """
    found: dict[str, pulumi.Asset] = {}
    for name in (_DISTRIBUTION, "pg8000", "scramp"):
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


def _files(package: str) -> Iterator[tuple[str, Path]]:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is needed by the backup function; install it first")
    root = Path(next(iter(spec.submodule_search_locations)))
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and "__pycache__" not in inside.parts:
            yield inside.as_posix(), path
