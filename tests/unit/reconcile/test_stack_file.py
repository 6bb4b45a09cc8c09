from dataclasses import asdict
from pathlib import Path

import pytest

from continuity.errors import InvalidInput
from continuity.zone import SiteName
from reconcile import stack_file
from reconcile.role_data import RoleData
from simulator.project import parsed_config

STACKS = Path(__file__).parents[3] / "stacks"
ZONES = ["ops", "sa1", "we1", "we2"]


def text_of(zone: str) -> str:
    return (STACKS / f"Pulumi.{zone}.yaml").read_text("utf-8")


def read(zone: str, text: str) -> RoleData:
    return stack_file.read(zone, parsed_config(f"Pulumi.{zone}.yaml", text))


def lines(zone: str, after: str) -> list[str]:
    told = stack_file.difference(zone, text_of(zone), after).splitlines()[2:]
    return [line for line in told if line[:1] in "+-"]


@pytest.mark.parametrize("zone", ZONES)
def test_writing_what_is_there_changes_no_byte(zone: str) -> None:
    text = text_of(zone)
    assert stack_file.written(text, read(zone, text)) == text


@pytest.mark.parametrize("zone", ZONES)
def test_only_the_lines_of_the_roles_change(zone: str) -> None:
    text = text_of(zone)
    before = read(zone, text)
    numbers = {SiteName.HOME: 2, SiteName.AWAY: 1}
    after = stack_file.written(text, RoleData(zone, SiteName.AWAY, numbers, before.works_from))
    comment = "# which site serves; a failover changes this word and no code"
    assert lines(zone, after) == [
        f"-    active: home                  {comment}",
        f"+    active: away                  {comment}",
        "-        incarnation: 1",
        "+        incarnation: 2",
    ]
    assert read(zone, after).active is SiteName.AWAY


def test_an_instance_is_named_beside_its_database_and_unnamed_again() -> None:
    text = text_of("sa1")
    before = read("sa1", text)
    named = {"orders": {SiteName.AWAY: "sa1-orders-away-1-by-sa1-0001"}}
    data = RoleData("sa1", before.active, before.incarnations, before.works_from, named)
    after = stack_file.written(text, data)
    assert lines("sa1", after) == ["+        instances: {away: sa1-orders-away-1-by-sa1-0001}"]
    assert read("sa1", after) == data
    assert stack_file.written(after, before) == text


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_said_of_the_next_thing_stays_above_it(zone: str) -> None:
    text = text_of(zone)
    before = read(zone, text)
    rows = parsed_config(f"Pulumi.{zone}.yaml", text)["holdfast:zone"]["databases"]
    named = {rows[-1]["name"]: {SiteName.AWAY: "renamed"}}
    data = RoleData(zone, before.active, before.incarnations, before.works_from, named)
    written = stack_file.written(text, data).splitlines()
    [place] = [number for number, line in enumerate(written) if "instances: {" in line]
    assert written[place - 1].strip().startswith(f"- name: {rows[-1]['name']}")
    again = {rows[-1]["name"]: {SiteName.AWAY: "renamed-again"}}
    data = RoleData(zone, before.active, before.incarnations, before.works_from, again)
    twice = stack_file.written("\n".join(written) + "\n", data).splitlines()
    assert [line for line in twice if line not in written] == [
        "        instances: {away: renamed-again}"
    ]


def test_pulumi_may_work_from_another_region() -> None:
    text = text_of("we1")
    before = read("we1", text)
    moved = RoleData("we1", before.active, before.incarnations, "eu-west-1")
    assert lines("we1", stack_file.written(text, moved)) == [
        "-  aws:region: eu-central-1",
        "+  aws:region: eu-west-1",
    ]


def test_a_file_without_roles_is_refused_with_every_path() -> None:
    with pytest.raises(InvalidInput, match="active"):
        stack_file.read("we1", {"holdfast:zone": {"databases": []}})


@pytest.mark.parametrize("zone", ZONES)
def test_what_stands_by_is_read_as_it_is_declared(zone: str) -> None:
    config = parsed_config(f"Pulumi.{zone}.yaml", text_of(zone))
    declared = config["holdfast:zone"]["hosting"]["standby"]
    assert asdict(stack_file.standing_by(config)) == declared
