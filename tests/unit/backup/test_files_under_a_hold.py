"""Points of files behave under a hold as those of databases do, though nobody can tag them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backup.hold_rules import GRACE, Hold, Release, Standing
from backup.keep import Terms, plan
from backup.points import Kind, Point, Series, Store, taken
from backup.release_rules import Recovered, conditions

Make = Callable[..., Any]
RPO = timedelta(hours=24)
FILES = Series("we1", "home-private", Kind.FILES)
SHARED = Series("we1", "home-file-system", Kind.FILES)


@pytest.fixture
def nights(shelf: Make) -> Callable[[int], list[Point]]:
    """Return so many points of files, the newest of this night first."""
    return lambda count: [replace(one, series=FILES, store=Store.VAULT) for one in shelf(count)]


def released(points: list[Point], count: int) -> Standing:
    """Return a hold that is over, on while the `count` points before the newest came."""
    return Standing(releases=(Release("INC-7", taken(points[count]), taken(points[1]), "ana"),))


def reasons(catalogue: Make, points: list[Point], standing: Standing, terms: Terms) -> list[str]:
    found = plan(catalogue(*points, at=taken(points[0]) + GRACE), standing, terms)
    return [one.reason for one in found.decisions]


def test_what_was_taken_under_a_hold_takes_no_place_until_it_is_tried(
    nights: Make, catalogue: Make, terms: Terms
) -> None:
    points = nights(12)
    held = released(points, 5)
    terms = replace(terms, rpo=GRACE)
    said = reasons(catalogue, points, held, terms)
    assert said[:2] == ["daily 1/5", "taken in INC-7 and never verified"]
    assert said[5:7] == ["taken in INC-7 and never verified", "daily 2/5"]
    points[1] = replace(points[1], verified="2026-03-03")
    assert reasons(catalogue, points, held, terms)[1] == "daily 2/5"


def test_while_a_hold_is_on_every_point_since_waits_for_a_trial(
    nights: Make, catalogue: Make, terms: Terms
) -> None:
    points = nights(12)
    held = Standing((Hold("INC-8", "", taken(points[3])),))
    found = plan(catalogue(*points), held, terms)
    assert [one.point.incident for one in found.decisions[:5]] == ["INC-8"] * 4 + [""]
    assert [one.placed for one in found.decisions[:5]] == [False] * 4 + [True]
    assert found.deletions == ()


def test_a_shared_file_system_waits_for_a_trial_like_a_bucket(
    nights: Make, catalogue: Make, terms: Terms
) -> None:
    points = [replace(one, series=SHARED) for one in nights(12)]
    standing = Standing((Hold("INC-8", "", taken(points[3])),))
    found = plan(catalogue(*points), standing, terms)
    assert [one.point.incident for one in found.decisions[:5]] == ["INC-8"] * 4 + [""]


def test_a_release_waits_for_a_trial_of_the_files_too(shelf: Make, now: datetime) -> None:
    newest = shelf(1)[0]
    moment = newest.taken_at
    hold = Hold("INC-7", "", now - timedelta(days=2))
    files = {str(FILES): replace(newest, series=FILES), str(SHARED): replace(newest, series=SHARED)}
    found = Recovered(
        now - timedelta(days=2), {"orders": newest}, (), files=files, proven={"orders": moment}
    )
    unmet = [one for one in conditions(hold, Standing((hold,)), found, RPO, now) if not one.met]
    assert [one.name for one in unmet] == ["verified"]
    assert unmet[0].sentence.endswith("(not so: home-file-system (files), home-private (files))")
    proven = dict.fromkeys(("orders", str(FILES), str(SHARED)), moment)
    whole = replace(found, proven=proven)
    assert all(one.met for one in conditions(hold, Standing((hold,)), whole, RPO, now))
