"""What both answers show together, and when a site's own file system says nothing of a point."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backup.files_shared_answers import incomparable, results
from cloud.file_systems import Following

HOUR = timedelta(hours=1)
NONE = {"count": 0, "names": []}

LIVE: dict[str, Any] = {
    "files": 9, "bytes": 90, "whole": True, "old_files": 4, "old_bytes": 40, "why": "",
    "sample": [["a", 10, "x"]] * 4,
}  # fmt: skip
CAME: dict[str, Any] = {
    "files": 8, "bytes": 80, "whole": True, "read": 8, "unreadable": NONE, "missing": NONE,
    "differing": NONE, "undecided": NONE, "alike": 4, "by_size": 0,
}  # fmt: skip
SOME = {"count": 1, "names": ["a"]}
NOTHING = {"files": 0, "bytes": 0, "read": 0, "alike": 0}
FRESH = {"old_files": 0, "old_bytes": 0, "sample": []}


@pytest.mark.parametrize(
    ("live", "came", "name", "met", "told"),
    [
        ({}, {}, "files", True, "8 of 80 bytes"),
        ({}, {}, "content", True, "4 alike"),
        ({}, {"by_size": 2}, "content", True, "4 alike (2 by size alone)"),
        ({}, {"files": 3}, "files", False, "3 of 80 bytes"),
        ({}, {"bytes": 39}, "files", False, "8 of 39 bytes"),
        ({}, {"files": 3, "whole": False}, "files", True, "counted until time was up"),
        ({}, NOTHING, "files", False, "none at all"),
        ({}, {**NOTHING, "whole": False}, "files", None, "0 of 0 bytes counted until time was up"),
        ({}, {"undecided": SOME, "alike": 3}, "content", True, "3 alike, undecided about a"),
        ({}, {"undecided": SOME, "alike": 0}, "content", None, "0 alike, undecided about a"),
        ({}, {"undecided": SOME, "missing": SOME}, "content", False, ", lacking a, undecided"),
        (FRESH, NOTHING, "files", None, "none at all"),  # all of it may be younger than the point
        ({**FRESH, "files": 0}, NOTHING, "files", True, "none at all"),
        ({**FRESH, "files": 0, "whole": False}, NOTHING, "files", None, "none at all"),
        ({**FRESH, "why": "it followed nobody"}, {}, "files", True, "8 of 80 bytes"),
        ({}, {"unreadable": {"count": 7, "names": ["b"]}}, "readable", False, "but not b and 6 mo"),
        ({}, {"missing": {"count": 1, "names": ["a"]}}, "content", False, ", lacking a"),
        ({}, {"differing": {"count": 1, "names": ["a"]}}, "content", False, "other bytes in a"),
    ],
)
def test_what_is_certain_refutes_and_what_is_not_never_does(
    live: dict[str, Any], came: dict[str, Any], name: str, met: bool | None, told: str
) -> None:
    found = {one.name: one for one in results({**LIVE, **live}, {**CAME, **came})}
    assert (found[name].met, told in found[name].found) == (met, True)


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        ({}, "4 alike, all that nobody touched since"),
        ({"whole": False}, "4 alike, all that nobody touched since, as far as time was"),
        ({"old_files": 900}, "4 alike, drawn from 900 that nobody touched since"),
        ({"why": "x", "sample": []}, "0 alike, nothing being compared"),
    ],
)
def test_the_evidence_says_of_what_the_sample_was_drawn(
    live: dict[str, Any], expected: str
) -> None:
    [content] = [one for one in results({**LIVE, **live}, CAME) if one.name == "content"]
    assert content.expected == expected


@pytest.mark.parametrize(
    ("mine", "since", "synced", "why"),
    [
        ("fs-source", -HOUR, None, ""),
        ("fs-follows", -HOUR, HOUR, ""),
        ("fs-follows", -HOUR, -HOUR, "and not up to the point"),
        ("fs-follows", -HOUR, None, "has received nothing"),
        ("fs-source", HOUR, None, "after the point"),
        ("fs-other", -HOUR, HOUR, "does not follow"),
    ],
)
def test_a_file_system_is_compared_only_where_it_held_what_the_point_took(
    mine: str, since: timedelta, synced: timedelta | None, why: str, now: datetime
) -> None:
    moment = None if synced is None else now + synced
    following = Following("fs-source", ("fs-follows",), now + since, moment)
    found = incomparable(mine, "fs-source", now, following)
    assert (why in found) if why else found == ""


def test_without_a_replication_or_the_other_way_round_nothing_is_compared(now: datetime) -> None:
    other_way = Following("fs-follows", ("fs-source",), now - HOUR, now + HOUR)
    for following in (None, other_way):
        assert "has not been the one" in incomparable("fs-source", "fs-source", now, following)
