from pathlib import Path
from typing import Any

import pytest
import yaml

from continuity.errors import InvalidInput
from continuity.proving import Comparison
from continuity.zone import SiteName
from simulator.project import project, stack_config
from stacks.settings import parse

PROJECT = Path(__file__).parents[3]


def problems(zone: object, stack: str = "t1") -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        parse(stack, zone)
    return [str(problem) for problem in caught.value.problems]


def changed(zone: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Set the value at `sites.home.region` or `databases.1.name`; `REMOVED` takes it away."""
    *parents, last = path.split(".")
    place: Any = zone
    for key in parents:
        place = place[int(key)] if key.isdigit() else place[key]
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    return zone


REMOVED = object()
BAD = yaml.safe_load((Path(__file__).parent / "bad_zones.yaml").read_text())


@pytest.mark.parametrize("row", BAD, ids=[row["line"][:50] for row in BAD])
def test_what_aws_would_refuse_late_is_one_line_with_its_path(
    zone: dict[str, Any], row: dict[str, Any]
) -> None:
    assert problems(changed(zone, row["set"], row.get("to", REMOVED))) == [row["line"]]


def test_the_zone_that_the_bad_inputs_start_from_is_sound(zone: dict[str, Any]) -> None:
    settings = parse("t1", zone)
    assert settings.sites[SiteName.AWAY].region == "eu-west-1"
    assert [database.name for database in settings.databases] == ["orders", "order-lines"]
    assert settings.standby is SiteName.AWAY


def test_one_region_for_both_sites_is_refused(zone: dict[str, Any]) -> None:
    zone["sites"]["away"].update(zone["sites"]["home"], cidr="10.2.0.0/16")
    assert problems(zone) == [
        "sites.away.region: is eu-west-2 like home's: one lost region takes both"
    ]


@pytest.mark.parametrize("site", SiteName)
def test_a_zone_never_depends_on_the_region_of_the_global_control_planes(
    zone: dict[str, Any], site: SiteName
) -> None:
    zone["sites"][site]["region"] = "us-east-1"
    zone["sites"][site]["availability_zones"] = ["us-east-1a", "us-east-1b"]
    reason = (
        "us-east-1 hosts the control planes of IAM and Route 53: losing it would take the zone "
        "and the means to repair it at once; choose another region"
    )
    assert problems(zone) == [f"sites.{site}.region: {reason}"]


@pytest.mark.parametrize("site", SiteName)
def test_a_site_of_the_zone_is_no_witness_of_it(zone: dict[str, Any], site: SiteName) -> None:
    region = zone["sites"][site]["region"]
    zone["witness"] = {"region": region}
    assert problems(zone) == [
        f"witness.region: is {region} like {site}'s: a witness stands somewhere else"
    ]


def test_another_partition_of_aws_is_refused(zone: dict[str, Any]) -> None:
    zone["sites"]["away"]["region"] = "cn-north-1"
    zone["sites"]["away"]["availability_zones"] = ["cn-north-1a", "cn-north-1b"]
    assert problems(zone) == [
        "sites.away.region: cn-north-1 is another partition of AWS, with other accounts"
    ]


def test_every_problem_is_reported_at_once_in_order_of_path(zone: dict[str, Any]) -> None:
    for path, value in (
        ("timezone", "WET"),
        ("databases.1.storage_gb", 5),
        ("databases.0.backup_days", 0),
        ("hosting.image", "latest"),
        ("sites.home.cidr", "nonsense"),
    ):
        changed(zone, path, value)
    assert [line.partition(":")[0] for line in problems(zone)] == [
        "databases[0].backup_days",
        "databases[1].storage_gb",
        "hosting.image",
        "sites.home.cidr",
        "timezone",
    ]


def test_an_empty_configuration_names_everything_that_is_required() -> None:
    lines = problems({})
    assert {line.removesuffix(": is required") for line in lines} == {
        "active",
        "approvers",
        "databases",
        "domain",
        "files",
        "hosting",
        "kind",
        "logs",
        "objectives",
        "retention",
        "sites",
        "timezone",
        "window",
        "witness",
    }


def test_a_configuration_that_is_no_table_is_one_problem() -> None:
    assert problems(["home"]) == ["(top level): expected a table of keys, found a list"]


def test_a_stack_name_that_aws_would_not_take_is_refused(zone: dict[str, Any]) -> None:
    assert problems(zone, stack="we-1") == [
        "(stack name): 'we-1' does not have the form [a-z][a-z0-9]{1,11}"
    ]


@pytest.mark.parametrize(("stack", "refused"), [("sg", "sg-"), ("internal", "internal-")])
def test_a_stack_name_that_aws_keeps_for_itself_is_refused(
    zone: dict[str, Any], stack: str, refused: str
) -> None:
    (problem,) = problems(zone, stack=stack)
    assert problem.startswith(f"(stack name): {stack!r} cannot be used")
    assert problem.endswith(f"begin with {refused}")


def test_a_password_in_the_wrong_place_is_not_repeated(zone: dict[str, Any]) -> None:
    zone["databases"][0]["password"] = "hunter2-hunter2"  # noqa: S105 - the mistake to catch
    zone["databases"][0]["storage_gb"] = "hunter2-hunter2"
    zone["window"] = "hunter2-hunter2"
    text = "\n".join(problems(zone))
    assert "databases[0].password: unknown key" in text
    assert "hunter2" not in text


@pytest.mark.parametrize("stack", project(PROJECT).stack_names)
def test_every_shipped_zone_is_sound(stack: str) -> None:
    settings = parse(stack, stack_config(PROJECT, stack)["holdfast:zone"])
    assert len(settings.databases) >= {"we1": 4, "ops": 1}.get(stack, 3)


@pytest.mark.parametrize("stack", project(PROJECT).stack_names)
def test_every_shipped_database_has_a_check_that_sees_damaged_rows(stack: str) -> None:
    settings = parse(stack, stack_config(PROJECT, stack)["holdfast:zone"])
    for database in settings.databases:
        asked = [one for one in database.checks if " where " in one.sql]
        assert [one.comparison for one in asked] == [Comparison.AT_MOST], database.name
        assert asked[0].expected == 0


def test_the_shipped_zones_are_the_four_of_the_plan() -> None:
    assert project(PROJECT).stack_names == ("ops", "sa1", "we1", "we2")


def test_shipped_zones_share_no_network_and_no_serving_region() -> None:
    zones = [
        parse(stack, stack_config(PROJECT, stack)["holdfast:zone"])
        for stack in project(PROJECT).stack_names
    ]
    networks = [site.cidr for zone in zones for site in zone.sites.values()]
    assert all(
        not one.overlaps(other)
        for index, one in enumerate(networks)
        for other in networks[index + 1 :]
    )
    serving = [zone.sites[zone.active].region for zone in zones]
    assert len(set(serving)) == len(serving)
