"""Files that a program hands to AWS: code for a function, known by what they say.

`simulator.values` reads them off the wire, `simulator.resources.functions` packs them. Two archives
are equal when their contents are, wherever the files lie: as Pulumi compares them.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
"""The wire's marks of both (pulumi.runtime.rpc)."""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file can tell


@dataclass(frozen=True)
class Asset:
    """One file: where it lies, or what it says."""

    path: str = ""
    text: str = ""

    def content(self) -> bytes:
        """Return what the file says."""
        if not self.path:
            return self.text.encode()
        found = Path(self.path).stat()
        return _read(self.path, found.st_mtime_ns, found.st_size)


@dataclass(frozen=True)
class Archive:
    """Files by their name in the archive, and the digest of all of them."""

    digest: str
    files: Mapping[str, Asset] = field(compare=False, repr=False)

    def packed(self) -> bytes:
        """Return a ZIP file, the same for the same contents."""
        return _packed(self)


def archive(files: Mapping[str, Asset]) -> Archive:
    """Return files as one value."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0".encode())
        whole.update(hashlib.sha256(files[name].content()).digest())
    return Archive(f"sha256:{whole.hexdigest()}", dict(files))


@lru_cache(maxsize=16)
def _packed(archive: Archive) -> bytes:
    """Pack an archive once, and small: it travels as text in a request for each function."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name in sorted(archive.files):
            info = zipfile.ZipInfo(name, _EPOCH)
            packed.writestr(info, archive.files[name].content(), zipfile.ZIP_DEFLATED, 1)
    return target.getvalue()


@lru_cache(maxsize=2048)
def _read(path: str, _changed_ns: int, _size: int) -> bytes:
    """Read a file once for as long as it does not change."""
    return Path(path).read_bytes()
