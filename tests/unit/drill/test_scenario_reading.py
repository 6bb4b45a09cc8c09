from datetime import timedelta

import pytest

from continuity.errors import InvalidInput
from continuity.manifest import Manifest
from continuity.zone import SiteName
from drill import library
from drill.expectation import Outcome
from drill.scenario import Ground, Scenario, check, read
from simulator.fault import Fault, FaultKind, problems
from simulator.past import Snapshots

HEAD = 'name = "x"\ntitle = "X"\n'
LOST = '[[fault]]\nat = "0s"\nkind = "region-lost"\nsite = "home"\n'


def refused(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        read(text, "x.toml")
    return [str(problem) for problem in error.value.problems]


def fault(fields: str) -> str:
    return f"{HEAD}{LOST}[[fault]]\n{fields}\n"


PROBLEMS = [
    ("name = ", ["(top level): is not TOML"]),
    ("", ["fault: is required", "name: is required", "title: is required"]),
    (HEAD + "fault = []\nsed = 4\n", ["sed: unknown key; valid here: expect, fault, name, obj"]),
    (HEAD + 'fault = []\nseed = "4"\n', ["seed: expected a whole number, found text"]),
    (HEAD + "fault = []\nseed = -1\n", ["seed: -1 is not within 0"]),
    (HEAD + "fault = 3\n", ["fault: expected a list, found a whole number"]),
    ('name = "X Y"\ntitle = "X"\nfault = []\n', ["name: 'X Y' does not have the form"]),
    (HEAD + 'fault = []\n[expect]\noutcome = "fine"\n', ["expect.outcome: 'fine' is not one of"]),
    (HEAD + 'fault = []\n[expect]\nrto = "0s"\n', ["expect.rto: must be longer than nothing"]),
    (HEAD + 'fault = []\n[expect]\nrto = "soon"\n', ["expect.rto: expected a length of time"]),
    (HEAD + "fault = []\n[expect]\nlost = 0\n", ["expect.lost: unknown key; valid here: max_data"]),
    (HEAD + "fault = []\n[expect]\nsentences = [1]\n", ["expect.sentences: expected a list of te"]),
    (HEAD + 'fault = []\n[objectives]\nrpo = "0s"\n', ["objectives.rpo: must be longer than no"]),
    (HEAD + "fault = []\n[objectives]\nrta = 1\n", ["objectives.rta: unknown key; valid here: r"]),
    (HEAD + "fault = []\n[world]\ndays = 0\n", ["world.days: 0 is not within 1 to 365"]),
    (
        HEAD + 'fault = []\n[world]\nsnapshots = "hourly"\n',
        ["world.snapshots: 'hourly' is not one"],
    ),
    (
        HEAD + "fault = []\n[world]\nweeks = 2\n",
        ["world.weeks: unknown key; valid here: channels, days, iam, s"],
    ),
    (fault('at = "0s"'), ["fault[1].kind: is required"]),
    (fault('kind = "slow"\nseconds = 3'), ["fault[1].at: is required"]),
    (fault('at = "-1s"\nkind = "denied"'), ["fault[1].at: expected a length of time"]),
    (fault('at = -5\nkind = "denied"'), ["fault[1].at: expected a length of time"]),
    (fault('at = "0s"\nkind = "fire"'), ["fault[1].kind: 'fire' is not one of region-lost"]),
    (fault('at = "0s"\nkind = "bad-release"'), ["fault[1].site: is required here: home or away"]),
    (
        fault('at = "0s"\nkind = "bad-release"\nsite = "home"\nfor = "1m"'),
        ["fault[1].for: unknown key; valid here: at, kind, region, seconds, site"],
    ),
    (fault('at = "0s"\nkind = "data-corrupted"'), ["fault[1].database: is required"]),
    (
        fault('at = "0s"\nkind = "data-corrupted"\nsite = "home"\ndatabase = "orders"'),
        ["fault[1].site: unknown key; valid here: at, database, for, kind"],
    ),
    (
        fault('at = "0s"\nkind = "database-lost"\nboth_zones = "yes"'),
        [
            "fault[1].both_zones: expected true or false",
            "fault[1].database: is required",
            "fault[1].site: is required here: home or away",
        ],
    ),
    (
        fault('at = "0s"\nkind = "tasks-lost"\nsite = "home"\ndatabase = "orders"'),
        ["fault[1].database: unknown key; valid here: at, for, kind, region, site"],
    ),
    (
        fault('at = "0s"\nkind = "snapshot-unusable"\nseconds = 1'),
        ["fault[1].seconds: unknown key; valid here: at, database, for, kind, region, site"],
    ),
    (
        fault('at = "0s"\nkind = "copy-in-flight"\nrate = 1'),
        ["fault[1].rate: unknown key; valid here: at, database, for, kind, region, site"],
    ),
    (fault('at = "0s"\nkind = "clock-skew"'), ["fault[1].seconds: is required"]),
    (
        fault('at = "0s"\nkind = "clock-skew"\nseconds = -301'),
        ["fault[1].seconds: AWS refuses every call of a clock that is off by more than 300 s"],
    ),
    (
        fault('at = "9s"\nkind = "region-flaps"\nsite = "away"\nseconds = 0'),
        ["fault[1].for: is required", "fault[1].seconds: must be more than nothing"],
    ),
    (
        fault('at = "9s"\nkind = "region-flaps"\nsite = "home"\nseconds = 9\nfor = "1m"'),
        ["fault[1].at: home is lost already"],
    ),
    (fault('at = "0s"\nkind = "key-missing"'), ["fault[1].site: is required here: home or away"]),
    (fault('at = "0s"\nkind = "controller-paused"'), ["fault[1].for: is required"]),
    (
        fault('at = "0s"\nkind = "controller-killed"\nwhen = "now"'),
        ["fault[1].when: 'now' is not one of before, after"],
    ),
    (
        fault('at = "0s"\nkind = "controller-paused"\nwhen = "after"\nfor = "1m"'),
        ["fault[1].when: unknown key; valid here: at, for, kind, operation, rate, region, s"],
    ),
    (
        fault('at = "0s"\nkind = "second-controller"\nfor = "1m"'),
        ["fault[1].for: unknown key; valid here: at, kind"],
    ),
    (
        fault('at = "0s"\nkind = "operator-silent"\ntimes = 1'),
        ["fault[1].times: unknown key; valid here: at, for, kind"],
    ),
    (
        fault('at = "0s"\nkind = "promotion-stalls"\nfor = "1m"'),
        ["fault[1].for: unknown key; valid here: at, database, kind, times"],
    ),
    (
        fault('at = "0s"\nkind = "capacity-missing"\ndatabase = "orders"'),
        ["fault[1].database: unknown key; valid here: at, for, kind, region, site"],
    ),
    (fault('at = "0s"\nkind = "region-lost"'), ["fault[1].site: is required here: home or away"]),
    (
        fault('at = "0s"\nkind = "denied"\nsite = "home"\nregion = "eu-west-1"'),
        ["fault[1].region: give either a site or a region"],
    ),
    (fault('at = "0s"\nkind = "denied"\nsite = "left"'), ["fault[1].site: 'left' is not one of"]),
    (fault('at = "0s"\nkind = "denied"\nservice = "rd"'), ["fault[1].service: 'rd' is not one o"]),
    (fault('at = "0s"\nkind = "denied"\nrate = 0'), ["fault[1].rate: 0.0 is not a share of calls"]),
    (fault('at = "0s"\nkind = "denied"\nrate = 1.5'), ["fault[1].rate: 1.5 is not a share of cal"]),
    (fault('at = "0s"\nkind = "denied"\ntimes = 0'), ["fault[1].times: 0 is not within 1"]),
    (fault('at = "0s"\nkind = "denied"\nfor = "0s"'), ["fault[1].for: must be longer than nothi"]),
    (fault('at = "0s"\nkind = "slow"'), ["fault[1].seconds: is required"]),
    (fault('at = "0s"\nkind = "replica-lag"'), ["fault[1].seconds: is required"]),
    (
        fault('at = "0s"\nkind = "promotion-fails"\nservice = "rds"'),
        ["fault[1].service: unknown key; valid here: at, database, kind, times"],
    ),
    (
        fault('at = "9s"\nkind = "region-lost"\nsite = "home"'),
        ["fault[1].at: home is lost already"],
    ),
    (
        fault('at = "9s"\nkind = "region-returns"\nsite = "away"'),
        ["fault[1].at: away is not lost at that time"],
    ),
    (
        HEAD + LOST.replace('"0s"', '"1m"') + LOST.replace("lost", "returns"),
        ["fault[1].at: home is not lost at that time"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), PROBLEMS, ids=range(len(PROBLEMS)))
def test_every_problem_is_named_with_its_place(text: str, expected: list[str]) -> None:
    found = refused(text)
    assert len(found) == len(expected), found
    for one, start in zip(found, expected, strict=True):
        assert one.startswith(start)


def test_all_problems_are_named_at_once() -> None:
    text = 'title = 3\n[[fault]]\nkind = "fire"\nat = "x"\n[[fault]]\nkind = "slow"\n'
    assert [one.split(":")[0] for one in refused(text)] == [
        "fault[0].at",
        "fault[0].kind",
        "fault[1].at",
        "fault[1].seconds",
        "name",
        "title",
    ]


def test_a_region_may_be_lost_again_once_it_has_returned() -> None:
    rows = [
        LOST + 'for = "1m"\n',
        LOST.replace('"0s"', '"2m"'),
        LOST.replace('"0s"', '"3m"').replace("lost", "returns"),
        LOST.replace('"0s"', '"4m"'),
    ]
    assert len(read(HEAD + "".join(rows), "x").faults) == 4


@pytest.mark.parametrize("kind", sorted(FaultKind))
def test_every_kind_can_be_written(kind: FaultKind, manifest: Manifest) -> None:
    needs = {"region-lost": 'site = "home"', "region-returns": 'site = "home"'}
    needs |= {"key-missing": 'site = "home"', "controller-paused": 'for = "1m"'}
    needs |= dict.fromkeys(("slow", "replica-lag", "clock-skew"), "seconds = 3")
    needs |= dict.fromkeys(("bad-release", "tasks-lost"), 'site = "home"')
    needs |= {"database-lost": 'site = "home"\ndatabase = "orders"\nboth_zones = true'}
    needs |= {"data-corrupted": 'database = "orders"'}
    needs |= {"region-flaps": 'site = "away"\nseconds = 3\nfor = "1m"'}
    row = f'[[fault]]\nat = "1m"\nkind = "{kind}"\n{needs.get(kind, "")}\n'
    first = LOST if kind == FaultKind.REGION_RETURNS else ""
    fault = read(HEAD + first + row, "x").faults[-1].fault(manifest)
    assert (fault.kind, fault.at_s) == (kind, 60.0)
    assert problems([fault]) == []


def test_a_site_becomes_the_region_of_the_zone(manifest: Manifest) -> None:
    row = '[[fault]]\nat = "5s"\nkind = "throttle"\nsite = "away"\nservice = "rds"\n'
    row += 'operation = "Describe*"\nfor = "1m"\ntimes = 3\nrate = 0.5\n'
    fault = read(HEAD + row, "x").faults[0].fault(manifest)
    assert fault.region == manifest.sites[SiteName.AWAY].region
    assert (fault.service, fault.operation) == ("rds", "Describe*")
    assert (fault.lasts_s, fault.times, fault.rate) == (60.0, 3, 0.5)


def ground(manifest: Manifest) -> Ground:
    names = tuple(database.name for database in manifest.databases)
    regions = {name: site.region for name, site in manifest.sites.items()}
    return Ground(manifest.zone, names, regions, timedelta(minutes=45))


def against(manifest: Manifest, fields: str) -> list[str]:
    scenario = read(fault(fields), "x")
    with pytest.raises(InvalidInput) as error:
        check(scenario, ground(manifest))
    return [str(problem) for problem in error.value.problems]


def test_a_database_that_the_zone_does_not_have_is_refused(manifest: Manifest) -> None:
    fields = 'at = "0s"\nkind = "replica-broken"\ndatabase = "order"'
    assert against(manifest, fields) == [
        "fault[1].database: we1 has no 'order'; it has orders, files"
    ]


def test_a_region_that_the_zone_does_not_use_is_refused(manifest: Manifest) -> None:
    assert against(manifest, 'at = "0s"\nkind = "denied"\nregion = "eu-west-3"') == [
        (
            "fault[1].region: we1 does not use 'eu-west-3'; "
            "known are eu-west-1, eu-central-1, us-east-1"
        )
    ]


def test_the_region_of_the_control_planes_may_be_lost_in_any_zone(manifest: Manifest) -> None:
    row = 'at = "0s"\nkind = "region-lost"\nregion = "us-east-1"'
    check(read(fault(row), "x"), ground(manifest))


def stopped(fields: str, manifest: Manifest) -> Fault:
    return read(fault(fields), "x").faults[-1].fault(manifest)


def test_a_controller_is_stopped_once_unless_something_else_is_said(manifest: Manifest) -> None:
    row = 'at = "0s"\nkind = "controller-killed"'
    assert stopped(row, manifest).times == 1
    assert stopped(f"{row}\nrate = 0.5", manifest).times is None
    assert stopped(f"{row}\ntimes = 4", manifest).times == 4


def test_a_controller_is_killed_after_its_call_and_paused_before_it(manifest: Manifest) -> None:
    killed = 'at = "0s"\nkind = "controller-killed"'
    assert stopped(killed, manifest).after
    assert not stopped(f'{killed}\nwhen = "before"', manifest).after
    assert not stopped('at = "0s"\nkind = "controller-paused"\nfor = "1m"', manifest).after


def test_a_site_and_its_region_are_one_place(manifest: Manifest) -> None:
    twice = 'at = "1m"\nkind = "region-lost"\nregion = "eu-west-1"'
    assert against(manifest, twice) == ["fault[1].at: eu-west-1 is lost already"]
    back = 'at = "1m"\nkind = "region-returns"\nregion = "eu-west-1"'
    check(read(fault(back), "x"), ground(manifest))


def test_one_sentence_may_be_given_without_a_list() -> None:
    text = HEAD + '[expect]\nsentence = "held"\nsentences = ["open"]\n' + LOST
    assert read(text, "x").expect.sentences == ("held", "open")


def test_a_fault_after_the_end_of_the_drill_is_refused(manifest: Manifest) -> None:
    assert against(manifest, 'at = "45m"\nkind = "denied"') == [
        "fault[1].at: the drill of we1 is over after 0:45:00"
    ]


def test_a_missed_schedule_is_refused_where_no_schedule_fires(manifest: Manifest) -> None:
    assert against(manifest, 'at = "0s"\nkind = "schedule-missed"\nfor = "1h"') == [
        "fault[1].kind: no schedule fires in a drill; play it with holdfast drill year we1"
    ]


def test_a_scenario_that_fits_the_zone_is_accepted(manifest: Manifest) -> None:
    fields = 'at = "44m"\nkind = "promotion-fails"\ndatabase = "files"'
    check(read(fault(fields), "x"), ground(manifest))


def test_a_scenario_may_promise_more_than_the_zone(manifest: Manifest) -> None:
    promise = read(HEAD + '[objectives]\nrpo = "30s"\n' + LOST, "x").objectives
    kept = promise.instead_of(manifest.objectives)
    assert (kept.rto, kept.rpo) == (manifest.objectives.rto, timedelta(seconds=30))


def test_expectations_are_read() -> None:
    expect = '[expect]\noutcome = "refused"\nrto = "1h30m"\nmax_data_loss = "90s"\n'
    found = read(HEAD + expect + 'sentences = ["no"]\n' + LOST, "x").expect
    assert (found.outcome, found.sentences) == (Outcome.REFUSED, ("no",))
    assert (found.rto, found.max_data_loss) == (timedelta(minutes=90), timedelta(seconds=90))


@pytest.mark.parametrize("name", library.names())
def test_every_shipped_scenario_can_be_read_and_says_what_it_is(name: str) -> None:
    found = library.find(name)
    assert isinstance(found, Scenario)
    assert found.name == name
    assert found.faults or found.people
    assert len(found.title) > 20


def test_the_default_scenario_is_shipped() -> None:
    assert library.DEFAULT in library.names()


def test_an_unknown_scenario_names_the_shipped_ones() -> None:
    with pytest.raises(InvalidInput, match=r"there is no 'x'; give FILE\.toml or one of denied, "):
        library.find("x")


def test_a_zone_has_run_for_a_month_unless_something_else_is_said() -> None:
    usual = read(f"{HEAD}fault = []\n", "x").past
    assert (usual.days, usual.snapshots) == (30, Snapshots.NONE)
    told = read(f'{HEAD}fault = []\n[world]\ndays = 3\nsnapshots = "daily"\n', "x").past
    assert (told.days, told.snapshots) == (3, Snapshots.DAILY)
