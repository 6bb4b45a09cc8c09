from datetime import timedelta

import pytest

from continuity.errors import InvalidInput
from continuity.manifest import Manifest
from drill.people import FIELDS, Deed, PersonRow
from drill.scenario import Ground, Scenario, check, read

HEAD = 'name = "x"\ntitle = "X"\nfault = []\n'
FIRST = '[[person]]\nat = "1m"\ndoes = "order-move"\nreason = "no room"\n'
GOOD = 'at = "5m"\nreason = "why"\ndatabase = "orders"\n'
DEEDS = "accept-data-loss, declare-corrupted, order-move"


def scenario(fields: str) -> Scenario:
    return read(f"{HEAD}{FIRST}[[person]]\n{fields}\n", "x.toml")


def refused(fields: str) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        scenario(fields)
    return [str(problem) for problem in error.value.problems]


PROBLEMS = [
    ('does = "order-move"\nreason = "why"', ["person[1].at: is required"]),
    ('at = "-1m"\ndoes = "order-move"\nreason = "why"', ["person[1].at: expected a length of ti"]),
    ('at = "1m"\nreason = "why"', ["person[1].does: is required"]),
    (GOOD + 'does = "pray"', [f"person[1].does: 'pray' is not one of {DEEDS}"]),
    ('at = "1m"\ndoes = "order-move"', ["person[1].reason: is required"]),
    ('at = "1m"\ndoes = "order-move"\nreason = " "', ["person[1].reason: must not be empty"]),
    (
        GOOD + 'does = "order-move"',
        ["person[1].database: unknown key; valid here: at, does, reason"],
    ),
    (
        GOOD + 'does = "accept-data-loss"\nmoment = "1m"',
        ["person[1].moment: unknown key; valid here: at, database, does, reason"],
    ),
    (GOOD + 'does = "declare-corrupted"', ["person[1].moment: is required"]),
    (
        GOOD + 'does = "declare-corrupted"\nmoment = "6m"',
        ["person[1].moment: 0:06:00 lies ahead: it is said at 0:05:00"],
    ),
    (
        'at = "1m"\nreason = ""\ndoes = "declare-corrupted"',
        [
            "person[1].database: is required",
            "person[1].moment: is required",
            "person[1].reason: must not be empty",
        ],
    ),
]


@pytest.mark.parametrize(("fields", "expected"), PROBLEMS)
def test_what_is_wrong_with_a_persons_word_is_named_with_its_place(
    fields: str, expected: list[str]
) -> None:
    found = sorted(refused(fields))
    assert len(found) == len(expected)
    for one, start in zip(found, expected, strict=True):
        assert one.startswith(start)


def test_people_who_are_no_list_are_refused() -> None:
    with pytest.raises(InvalidInput, match="person: expected a list, found a whole number"):
        read(f"{HEAD}person = 3\n", "x.toml")


def test_a_word_is_read_with_its_times_from_the_drills_start() -> None:
    row = scenario(GOOD + 'does = "declare-corrupted"\nmoment = "4m"').people[1]
    minutes = timedelta(minutes=1)
    assert row == PersonRow(Deed.DECLARE_CORRUPTED, 5 * minutes, "why", "orders", 4 * minutes)


@pytest.mark.parametrize("deed", sorted(Deed))
def test_every_deed_can_be_written(deed: Deed) -> None:
    given = {"database": 'database = "orders"', "moment": 'moment = "1m"'}
    fields = "\n".join(given[name] for name in FIELDS[deed])
    row = scenario(f'at = "1m"\nreason = "why"\ndoes = "{deed}"\n{fields}').people[1]
    assert row.does is deed


def test_a_scenario_without_people_has_none() -> None:
    assert read(HEAD, "x.toml").people == ()


def ground(manifest: Manifest) -> Ground:
    names = tuple(database.name for database in manifest.databases)
    regions = {name: site.region for name, site in manifest.sites.items()}
    return Ground(manifest.zone, names, regions, timedelta(minutes=45))


def test_a_word_must_fit_the_zone_and_the_time_of_its_drill(manifest: Manifest) -> None:
    row = 'at = "45m"\nreason = "why"\ndoes = "accept-data-loss"\ndatabase = "order"'
    with pytest.raises(InvalidInput) as error:
        check(scenario(row), ground(manifest))
    assert [str(problem) for problem in error.value.problems] == [
        "person[1].database: we1 has no 'order'; it has orders, files",
        "person[1].at: the drill of we1 is over after 0:45:00",
    ]


def test_people_who_fit_the_zone_are_accepted(manifest: Manifest) -> None:
    check(scenario(GOOD + 'does = "accept-data-loss"'), ground(manifest))
