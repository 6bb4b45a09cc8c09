"""The checklist of directions: complete, computed, and silent about nothing that nobody knows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from continuity.zone import SiteName
from failover.observation import Reading
from failover.readiness.directions import Silence
from failover.readiness.finding import Severity
from failover.readiness.judge import judge
from failover.readiness.picture import Picture

Read = Callable[[Any], Reading[Any]]


def rows(picture: Picture) -> dict[tuple[str, str], bool | None]:
    return {(one.setting, one.subject): one.right for one in judge(picture).directions}


def turned(ready: Picture, site: SiteName, **read: Reading[Any]) -> Picture:
    found = replace(ready.directions[site], **read)
    return replace(ready, directions={**ready.directions, site: found})


HOME, AWAY = SiteName.HOME, SiteName.AWAY
BILLING = Silence("we1-billing-away-1", alarms=True)
WRONG: dict[str, tuple[SiteName, str, Any, str, str]] = {
    "what deletes is done where clients are served": (
        HOME, "duties", frozenset({"capture", "prune"}), "duty-in-the-wrong-site", "home"),
    "nothing is tried in the standby": (
        AWAY, "duties", frozenset({"capture", "prune"}), "duty-in-the-wrong-site", "away"),
    "an alarm watches what was left": (
        AWAY, "lag_alarms",
        {"orders": Silence("we1-orders-away-0", alarms=True), "billing": BILLING},
        "alarm-points-wrong", "orders"),
    "a silent replica wakes nobody": (
        AWAY, "lag_alarms",
        {"orders": Silence("we1-orders-away-1", alarms=False), "billing": BILLING},
        "alarm-points-wrong", "orders"),
    "an alarm is missing": (
        AWAY, "lag_alarms", {"billing": BILLING}, "alarm-points-wrong", "orders"),
    "files go nowhere": (AWAY, "files", {"public": ""}, "files-not-copied", "away"),
    "points are still copied the other way": (
        AWAY, "vaults", frozenset({"arn:x:backup-vault:we1-home-vault"}),
        "points-copied-wrong", "away"),
    "releases are not copied": (HOME, "images", frozenset(), "images-not-copied", "home"),
    "the file system still follows the other way": (
        AWAY, "file_system", "fs-home", "file-system-points-wrong", "away"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_points_the_wrong_way_is_a_finding_and_only_that(
    ready: Picture, reading: Read, case: str
) -> None:
    site, part, value, name, subject = WRONG[case]
    found = judge(turned(ready, site, **{part: reading(value)}))
    assert [(one.name, one.severity, one.subject) for one in found.findings] == [
        (name, Severity.DEGRADES, subject)
    ]
    assert all(one.what and one.next_step for one in found.findings)


def test_in_a_ready_zone_everything_points_the_right_way(ready: Picture) -> None:
    found = rows(ready)
    assert len(found) == 4 * 2 + 7 * 2 + 2
    assert set(found.values()) == {True}


def test_what_points_the_wrong_way_is_named_and_nothing_else(ready: Picture, reading: Read) -> None:
    found = rows(turned(ready, AWAY, files=reading({"public": ""})))
    wrong = {key for key, right in found.items() if right is False}
    assert wrong == {("replication of files", "away")}


def test_what_was_not_read_is_not_known(ready: Picture) -> None:
    unread: Reading[Any] = Reading(ready.now, None, "AWS does not answer.")
    found = rows(turned(ready, HOME, duties=unread))
    assert [key for key, right in found.items() if right is None] == [("schedules", "home")]


def test_a_zone_without_a_file_system_has_no_direction_of_it(ready: Picture) -> None:
    bare = {site: replace(one, file_system=None) for site, one in ready.directions.items()}
    found = rows(replace(ready, directions=bare))
    assert not [setting for setting, _ in found if "file system" in setting]


def test_a_record_that_differs_is_the_zones(ready: Picture, reading: Read) -> None:
    found = rows(replace(ready, records=reading(frozenset())))
    assert found["records lead to what serves", "we1"] is False
