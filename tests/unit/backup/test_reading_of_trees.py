"""A tree is counted whole and a sample of it read: what was not touched must have come back."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from backup import file_reader, file_sample
from backup.file_sample import SAMPLE, Reading
from backup.file_tree import Disk, File
from simulator.clock import VirtualClock

START = datetime(2026, 3, 3, tzinfo=UTC)
OLD, NEW, POINT = 100.0, 300.0, 200.0


class Fake:
    """A tree of given files; what is `torn` cannot be read, and each look takes its time."""

    def __init__(
        self, files: dict[str, tuple[bytes, float]], torn: str = "", takes: float = 0.0
    ) -> None:
        self.held, self.torn, self.takes = files, torn, takes
        self.unreadable: list[str] = []
        self.clock = VirtualClock(START)

    def files(self) -> Iterator[File]:
        for path, (body, changed) in self.held.items():
            self.clock.sleep(self.takes)
            yield File(path, len(body), changed)

    def file(self, path: str) -> File | None:
        if path not in self.held:
            return None
        body, changed = self.held[path]
        return File(path, len(body), changed)

    def digest(self, path: str) -> str:
        if path == self.torn:
            raise OSError(5, "Input/output error")
        return sha256(self.held[path][0]).hexdigest()

    @property
    def reading(self) -> Reading:
        return Reading(self, self.clock)


def sampled(files: dict[str, tuple[bytes, float]], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return file_sample.live(Fake(files, **more).reading, POINT, "seed")


def compared(
    live: dict[str, tuple[bytes, float]], came: dict[str, tuple[bytes, float]], torn: str = ""
) -> dict[str, Any]:
    return file_sample.restored(Fake(came, torn).reading, sampled(live)["sample"], "seed")


LIVE = {"a": (b"one", OLD), "d/b": (b"two", OLD), "c": (b"three", NEW)}


def test_only_what_nobody_touched_since_is_drawn_and_everything_is_counted() -> None:
    found = sampled(LIVE)
    assert sorted(row[0] for row in found["sample"]) == ["a", "d/b"]
    assert (found["files"], found["bytes"], found["old_files"], found["old_bytes"]) == (3, 11, 2, 6)


@pytest.mark.parametrize(
    ("came", "missing", "differing", "alike"),
    [
        ({"a": b"one", "d/b": b"two", "c": b"other"}, [], [], 2),
        ({"a": b"one", "d/b": b"tow"}, [], ["d/b"], 1),
        ({"a": b"one", "d/b": b"tw"}, [], ["d/b"], 1),
        ({"a": b"one"}, ["d/b"], [], 1),
        ({"a": b"one", "old/b": b"two"}, [], [], 2),  # the directory was renamed since
        ({"a": b"one", "old/b": b"tow"}, ["d/b"], [], 1),
        ({"a": b"two", "d/b": b"one"}, [], [], 2),  # and another one took its name
        ({}, ["a", "d/b"], [], 0),
    ],
)
def test_what_was_not_touched_must_be_there_with_its_bytes(
    came: dict[str, bytes], missing: list[str], differing: list[str], alike: int
) -> None:
    found = compared(LIVE, {path: (body, NEW) for path, body in came.items()})
    assert (found["missing"]["names"], found["differing"]["names"]) == (missing, differing)
    assert found["alike"] == alike
    assert found["files"] == len(came)


@pytest.mark.parametrize("torn", ["a", "extra"])
def test_what_cannot_be_read_is_named_whether_it_was_drawn_or_not(torn: str) -> None:
    came = {**{path: (body, NEW) for path, (body, _) in LIVE.items()}, "extra": (b"x", NEW)}
    assert compared(LIVE, came, torn)["unreadable"] == {"count": 1, "names": [torn]}


def test_a_large_tree_gives_the_same_sample_in_whatever_order_it_is_walked() -> None:
    many = {f"{number}": (b"%d" % number, OLD) for number in range(3 * SAMPLE)}
    backwards = dict(reversed(many.items()))
    found = sampled(many)["sample"]
    assert len(found) == SAMPLE
    assert found == sampled(backwards)["sample"]
    whole = file_sample.restored(Fake(backwards).reading, found, "seed")
    assert (whole["alike"], whole["read"], whole["files"]) == (SAMPLE, SAMPLE, 3 * SAMPLE)


def test_names_that_are_too_long_leave_room_for_fewer() -> None:
    many = {f"{number:03}{'x' * 997}": (b"", OLD) for number in range(SAMPLE)}
    rows = sampled(many)["sample"]
    assert 80 < len(rows) < 100


def test_what_there_is_no_time_to_count_or_to_read_is_told() -> None:
    many = {f"{number}": (b"%d" % number, OLD) for number in range(10)}
    found = sampled(many, takes=60.0)
    assert (found["whole"], found["files"]) == (False, 4)
    slow = Fake(many)
    reading = slow.reading
    slow.clock.sleep(file_sample.READ_S)
    unread = file_sample.restored(reading, [["1", 1, "digest"], ["2", 9, ""]], "seed")
    assert (unread["by_size"], unread["read"], unread["whole"]) == (1, 0, False)
    assert unread["undecided"]["names"] == ["2"]
    assert (unread["differing"]["count"], unread["missing"]["count"]) == (0, 0)


def test_what_was_touched_between_counting_and_reading_proves_nothing() -> None:
    tree = Fake(LIVE)
    digest = tree.digest

    def touched(path: str) -> str:
        tree.held = {**tree.held, "a": (b"eno", NEW)}
        return digest(path)

    tree.digest = touched  # type: ignore[method-assign]
    found = file_sample.live(tree.reading, POINT, "seed")
    assert ([row[0] for row in found["sample"]], found["old_files"]) == (["d/b"], 2)


@pytest.mark.parametrize(("alike", "verdict"), [(5, "missing"), (50, "undecided")])
def test_a_file_that_is_one_of_very_many_of_its_size_is_not_said_to_be_missing(
    alike: int, verdict: str
) -> None:
    came = {f"{number:02}": (b"%03d" % number, NEW) for number in range(alike)}
    found = file_sample.restored(Fake(came).reading, [["a", 3, "digest"]], "seed")
    assert found[verdict]["names"] == ["a"]


def test_a_file_that_there_was_no_time_to_look_for_elsewhere_is_undecided() -> None:
    reading = Fake({"old/b": (b"two", NEW)}).reading
    reading.left = 2
    found = file_sample.restored(reading, [["d/b", 3, sha256(b"two").hexdigest()]], "seed")
    assert (found["undecided"]["names"], found["missing"]["count"]) == (["d/b"], 0)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A mounted file system such as AWS Backup leaves it: all in a directory of its own."""
    inside = tmp_path / "aws-backup-restore_2026-03-03T01-00-00Z" / "plans"
    inside.mkdir(parents=True)
    (inside / "a").write_bytes(b"old" * 9)
    (inside / "link").symlink_to(inside / "a")
    os.utime(inside / "a", (OLD, OLD))
    return tmp_path


def test_a_mounted_disk_shows_files_and_no_links(disk: Path) -> None:
    tree = Disk(str(disk), file_reader.RESTORED_INTO)
    [found] = tree.files()
    assert (found.path, found.size) == ("plans/a", 27)
    assert found.changed > OLD  # somebody set its time back, which is a change too
    assert tree.digest("plans/a") == sha256(b"old" * 9).hexdigest()
    assert (tree.file("plans/a"), tree.file("plans/link")) == (found, None)
    assert (tree.file("nowhere"), tree.unreadable) == (None, [])
    [whole] = Disk(str(disk)).files()
    assert whole.path.startswith("aws-backup-restore_")


def test_a_directory_that_goes_away_while_it_is_walked_is_named(disk: Path) -> None:
    tree = Disk(str(disk), file_reader.RESTORED_INTO)
    (disk / "aws-backup-restore_2026-03-03T01-00-00Z").rename(disk / "gone")
    assert (list(tree.files()), tree.unreadable) == ([], ["."])


@pytest.fixture
def asked(disk: Path) -> Callable[..., dict[str, Any]]:
    def ask(**event: Any) -> dict[str, Any]:  # noqa: ANN401
        clock = VirtualClock(START)
        return file_reader.found(
            clock, {"seed": "s", **event}, lambda under: Disk(str(disk), under)
        )

    return ask


def test_an_answer_says_when_it_was_read_and_why_it_proves_nothing(
    asked: Callable[..., dict[str, Any]],
) -> None:
    live = asked(before=(START + timedelta(days=36500)).isoformat(), why="nobody follows")
    assert (live["error"], live["why"], live["read_at"]) == (
        "",
        "nobody follows",
        START.isoformat(),
    )
    [row] = live["sample"]
    came = asked(sample=[[row[0].partition("/")[2], *row[1:]]])
    assert (came["alike"], came["files"], came["error"]) == (1, 1, "")


def test_what_is_not_mounted_is_an_answer_too(disk: Path) -> None:
    event = {"seed": "s", "sample": []}
    found = file_reader.found(
        VirtualClock(START), event, lambda under: Disk(f"{disk}/nowhere", under)
    )
    assert found["error"].startswith("it cannot be read: ")
