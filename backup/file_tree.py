"""A tree of files as the reader sees it: every file's size and last change, and its bytes.

`backup.file_sample` walks it; `Disk` is a mounted file system, and the simulator has one of its
own. Paths are relative, their parts joined by `/`; names that are no UTF-8 stay what they are.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Protocol

_CHUNK = 4 * 1024**2


@dataclass(frozen=True)
class File:
    """One regular file. `changed` is the later of its two moments, in seconds of the epoch.

    Whoever sets a file's time of modification back changes the other moment by that.
    """

    path: str
    size: int
    changed: float


class Tree(Protocol):
    """What can be read. `unreadable` gathers directories that could not be listed."""

    unreadable: list[str]

    def files(self) -> Iterator[File]:
        """Yield every regular file, in any order."""

    def file(self, path: str) -> File | None:
        """Return a regular file as it is now, None where there is none."""

    def digest(self, path: str) -> str:
        """Return the SHA-256 of a file's bytes; raises OSError."""


class Disk:
    """A directory of a mounted file system."""

    def __init__(self, root: str, under: str = "") -> None:
        """Take the root, or the directory right below it whose name begins with `under`.

        Raises:
            OSError: the root cannot be listed.
        """
        below = [one.name for one in os.scandir(root) if one.is_dir(follow_symlinks=False)]
        found = max((name for name in below if under and name.startswith(under)), default="")
        self._root = Path(root) / found
        self.unreadable: list[str] = []

    def files(self) -> Iterator[File]:
        """Yield every regular file; links are not followed."""
        for folder, _, names in os.walk(self._root, onerror=self._note):
            below = Path(folder).relative_to(self._root)
            for name in names:
                try:
                    found = self._seen(str(below / name))
                except OSError as error:
                    self._note(error)
                    continue
                if found is not None:
                    yield found

    def file(self, path: str) -> File | None:
        """Return a regular file as it is now, None where there is none."""
        try:
            return self._seen(path)
        except OSError:
            return None

    def digest(self, path: str) -> str:
        """Return the SHA-256 of a file's bytes."""
        known = sha256()
        with (self._root / path).open("rb") as body:
            while chunk := body.read(_CHUNK):
                known.update(chunk)
        return known.hexdigest()

    def _seen(self, path: str) -> File | None:
        found = (self._root / path).lstat()
        if not S_ISREG(found.st_mode):
            return None
        return File(path, found.st_size, max(found.st_mtime, found.st_ctime))

    def _note(self, error: OSError) -> None:
        where = os.fspath(error.filename or self._root)
        self.unreadable.append(os.path.relpath(where, self._root))
