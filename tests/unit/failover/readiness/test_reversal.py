"""The checklist of directions: complete, computed, and silent about nothing that nobody knows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from continuity.zone import SiteName
from failover.observation import Reading
from failover.readiness.judge import judge
from failover.readiness.picture import Picture

Read = Callable[[Any], Reading[Any]]


def rows(picture: Picture) -> dict[tuple[str, str], bool | None]:
    return {(one.setting, one.subject): one.right for one in judge(picture).directions}


def test_in_a_ready_zone_everything_points_the_right_way(ready: Picture) -> None:
    found = rows(ready)
    assert len(found) == 4 * 2 + 7 * 2 + 2
    assert set(found.values()) == {True}


def test_what_points_the_wrong_way_is_named_and_nothing_else(ready: Picture, reading: Read) -> None:
    away = replace(ready.directions[SiteName.AWAY], files=reading({"public": ""}))
    turned = replace(ready, directions={**ready.directions, SiteName.AWAY: away})
    wrong = {key for key, right in rows(turned).items() if right is False}
    assert wrong == {("replication of files", "away")}


def test_what_was_not_read_is_not_known(ready: Picture) -> None:
    unread: Reading[Any] = Reading(ready.now, None, "AWS does not answer.")
    home = replace(ready.directions[SiteName.HOME], duties=unread)
    found = rows(replace(ready, directions={**ready.directions, SiteName.HOME: home}))
    assert [key for key, right in found.items() if right is None] == [("schedules", "home")]


def test_a_zone_without_a_file_system_has_no_direction_of_it(ready: Picture) -> None:
    bare = {site: replace(one, file_system=None) for site, one in ready.directions.items()}
    found = rows(replace(ready, directions=bare))
    assert not [setting for setting, _ in found if "file system" in setting]


def test_a_record_that_differs_is_the_zones(ready: Picture, reading: Read) -> None:
    found = rows(replace(ready, records=reading(frozenset())))
    assert found["records lead to what serves", "we1"] is False
