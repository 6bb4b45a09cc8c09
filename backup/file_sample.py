"""What a tree of files holds: counted whole, and a sample of it read byte by byte.

`backup.file_reader` runs it inside the network, first over a site's own file system and then over
what was restored. Of the own one the sample is drawn among files that nobody touched since the
point was begun: those must have come back. What is drawn is the same for the same seed, whichever
order a tree is walked in. A tree may be larger than a function has time for: the answer says so.
"""

import heapq
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from backup.file_tree import File, Tree
from continuity.clock import Clock

SAMPLE = 500
"""Files that are compared, as many as of a bucket (`backup.files_evidence`)."""

SAMPLE_TEXT = 100_000
"""Characters that a sample may be written in: an event may have 256 KB, an answer's item 400."""

READ_BYTES = 2 * 1024**3
COUNT_S, READ_S = 300.0, 600.0
"""What is read at most, and until when after the begin is counted and read. Lambda ends after 900
seconds. Assumption: EFS gives a function some 100 MB and a thousand files a second."""

_NAMED, _CANDIDATES = 5, 20

Row = Sequence[Any]
"""One file of a sample: path, size, digest; the digest is empty where there was no time for it."""


@dataclass
class Count:
    """How many files there are, and how many bytes. `whole` says that all were counted."""

    files: int = 0
    bytes: int = 0
    whole: bool = True

    def add(self, file: File) -> None:
        """Count one more."""
        self.files += 1
        self.bytes += file.size


@dataclass
class Reading:
    """One tree while it is read: its clock, what time and bytes are left, what cannot be read."""

    tree: Tree
    clock: Clock
    began: float = field(init=False)
    left: int = READ_BYTES
    unreadable: list[str] = field(default_factory=list)
    read: int = 0

    def __post_init__(self) -> None:
        """Start the clock."""
        self.began = self.clock.monotonic()

    def in_time(self, seconds: float) -> bool:
        """Say whether less than this has passed."""
        return self.clock.monotonic() - self.began < seconds

    def digest(self, path: str, size: int) -> str:
        """Return a file's digest; empty where it cannot be read, or nothing is left for it."""
        if size > self.left or not self.in_time(READ_S):
            return ""
        try:
            found = self.tree.digest(path)
        except OSError:
            if path not in self.unreadable:
                self.unreadable.append(path)
            return ""
        self.left -= size
        self.read += 1
        return found

    def told(self, count: Count) -> dict[str, Any]:
        """Return what is told of every tree."""
        bad = [*self.tree.unreadable, *self.unreadable]
        return {
            "files": count.files,
            "bytes": count.bytes,
            "whole": count.whole,
            "read": self.read,
            "unreadable": named(bad),
        }


def live(reading: Reading, before: float, seed: str) -> dict[str, Any]:
    """Return what a site's own file system holds, with a sample of what is older than a moment."""
    count, old = Count(), Count()
    drawn: list[File] = []
    for file in _walked(reading, count):
        if file.changed < before:
            old.add(file)
            drawn.append(file)
            if len(drawn) > 2 * SAMPLE:
                drawn = _first(drawn, seed)
    rows = [_row(reading, one) for one in _first(drawn, seed)]
    return {
        **reading.told(count),
        "old_files": old.files,
        "old_bytes": old.bytes,
        "sample": _short([row for row in rows if row is not None]),
    }


def restored(reading: Reading, sample: Sequence[Row], seed: str) -> dict[str, Any]:
    """Return what came back, held against the sample; where that is small, other files are read."""
    count, sizes = Count(), {int(row[1]) for row in sample}
    known = {str(row[0]) for row in sample}
    alike: dict[int, list[str]] = {}
    others: list[File] = []
    for file in _walked(reading, count):
        if file.size in sizes and len(alike.setdefault(file.size, [])) < _CANDIDATES:
            alike[file.size].append(file.path)
        if file.path not in known:
            others.append(file)
            if len(others) > 2 * SAMPLE:
                others = _first(others, seed)
    verdicts = {
        str(row[0]): _compared(reading, row, alike.get(int(row[1]), ()), whole=count.whole)
        for row in sample
    }
    for one in _first(others, seed)[: SAMPLE - len(sample)]:
        reading.digest(one.path, one.size)
    found = {
        verdict: [path for path, one in verdicts.items() if one == verdict]
        for verdict in ("missing", "differing", "undecided")
    }
    same = [one for one in verdicts.values() if one in {"alike", "by size"}]
    return {
        **reading.told(count),
        **{verdict: named(paths) for verdict, paths in found.items()},
        "alike": len(same),
        "by_size": same.count("by size"),
    }


def named(paths: Sequence[str]) -> dict[str, Any]:
    """Return how many there are, and the first names."""
    return {"count": len(paths), "names": sorted(paths)[:_NAMED]}


def _row(reading: Reading, file: File) -> Row | None:
    """Return what a file holds; None where that cannot be read, or was touched since the count."""
    digest = reading.digest(file.path, file.size)
    if file.path in reading.unreadable or reading.tree.file(file.path) != file:
        return None
    return [file.path, file.size, digest]


def _walked(reading: Reading, count: Count) -> Iterator[File]:
    """Yield the files of a tree and count them, for as long as there is time."""
    for file in reading.tree.files():
        if not reading.in_time(COUNT_S):
            count.whole = False
            return
        count.add(file)
        yield file


def _first(files: Sequence[File], seed: str) -> list[File]:
    """Return the files whose paths come first once they are mixed with the seed."""
    return heapq.nsmallest(SAMPLE, files, key=lambda one: _mixed(one.path, seed))


def _mixed(path: str, seed: str) -> str:
    return sha256(f"{seed} {path}".encode(errors="surrogateescape")).hexdigest()


def _short(sample: Sequence[Row]) -> list[Row]:
    """Return as many rows as fit into an event."""
    kept, left = [], SAMPLE_TEXT
    for row in sample:
        left -= len(json.dumps(row)) + 2
        if left < 0:
            break
        kept.append(row)
    return kept


def _compared(reading: Reading, row: Row, places: Sequence[str], *, whole: bool) -> str:
    """Say what became of one file; `places` are files of its size, of a tree counted `whole`.

    Directories are renamed, and one takes the name of another: what lacks at a path, or is another
    file there, is looked for by its bytes.
    """
    path, size, digest = str(row[0]), int(row[1]), str(row[2])
    there = reading.tree.file(path)
    if there is not None and there.size == size:
        found = reading.digest(path, size) if digest else ""
        if path in reading.unreadable:
            return "unreadable"
        if not found:
            return "by size"
        if found == digest:
            return "alike"
    every = whole and len(places) < _CANDIDATES
    lacking = "missing" if there is None else "differing"
    others = [one for one in places if one != path]
    return _elsewhere(reading, row, others) or (lacking if every else "undecided")


def _elsewhere(reading: Reading, row: Row, places: Sequence[str]) -> str:
    """Say whether a file lies at one of these places; empty where it certainly does not."""
    size, digest = int(row[1]), str(row[2])
    if not digest:
        return "by size" if places else ""
    undecided = ""
    for one in places:
        found = reading.digest(one, size)
        if found == digest:
            return "alike"
        if not found:
            undecided = "undecided"
    return undecided
