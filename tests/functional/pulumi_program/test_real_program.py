"""The real `__main__.py` in the simulated world: deployed, deployed again, changed, taken away."""

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from continuity import manifest_json
from continuity.zone import SiteName
from policy.judge import judge, stated_exceptions
from simulator import told_once
from simulator.backstage import client
from simulator.deployment import deploy
from simulator.judging import stack_of
from simulator.preview import loses_database
from simulator.program import Outcome, ProgramFailed, run_program
from simulator.project import project, stack_config
from simulator.world import World

ZONES = project(Path(__file__).parents[3]).stack_names
ZONE = "holdfast:zone"


def counts(outcome: Outcome) -> Counter[str]:
    return Counter(str(change.operation) for change in outcome.changes)


def settings(project_dir: Path, zone: str) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(stack_config(project_dir, zone)[ZONE])
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_every_zone_deploys_in_no_virtual_time_and_deploys_again_to_nothing(
    world: World, project_dir: Path, zone: str
) -> None:
    start = world.clock.now()
    manifest, state = deploy(world, zone, project_dir)
    assert world.clock.now() == start
    assert manifest.zone == zone
    for database in manifest.databases:
        for site, member in database.members.items():
            rds = client("rds", manifest.sites[site].region)
            (found,) = rds.describe_db_instances(DBInstanceIdentifier=member.identifier)[
                "DBInstances"
            ]
            assert (found["DBInstanceArn"], found["DBInstanceStatus"]) == (member.arn, "available")
            assert found["Endpoint"]["Address"] == member.address
    again = run_program(project_dir, zone, state=state)
    assert set(counts(again)) == {"same"}
    stack = stack_of(project_dir, zone, again.resources)
    assert [str(finding) for finding in judge(stack, stated_exceptions())] == []


def test_the_manifest_lies_in_both_sites_as_it_was_exported(
    world: World, project_dir: Path
) -> None:
    manifest, _ = deploy(world, "we1", project_dir)
    for site in manifest.sites.values():
        copied = client("s3", site.region).get_object(
            Bucket=site.manifest_bucket, Key=site.manifest_key
        )
        assert manifest_json.load(copied["Body"].read().decode(), "we1") == manifest


def test_the_same_seed_gives_the_same_zone(project_dir: Path) -> None:
    states: list[str] = []
    for _ in range(2):
        told_once.forget()  # two runs are compared, and not one with itself
        with World(seed=1) as world:
            states.append(repr(deploy(world, "ops", project_dir)[1]))
    assert states[0] == states[1]


def test_another_class_is_an_update_that_reaches_the_database(
    world: World, project_dir: Path
) -> None:
    manifest, state = deploy(world, "ops", project_dir)
    config = settings(project_dir, "ops")
    config["databases"][0]["class"] = "db.r6g.4xlarge"
    with world.instantly():
        outcome = run_program(project_dir, "ops", state=state, config={ZONE: config})
    assert set(counts(outcome)) <= {"same", "update"}
    member = manifest.databases[0].members[SiteName.HOME]
    found = client("rds", manifest.sites[SiteName.HOME].region).describe_db_instances(
        DBInstanceIdentifier=member.identifier
    )["DBInstances"][0]
    # The program lets what restarts a database wait for the maintenance window.
    assert found["PendingModifiedValues"]["DBInstanceClass"] == "db.r6g.4xlarge"


def test_a_swap_of_the_serving_site_replaces_no_database_and_deletes_none(
    world: World, project_dir: Path
) -> None:
    manifest, state = deploy(world, "we1", project_dir)
    config = settings(project_dir, "we1")
    config["active"] = "away"
    outcome = run_program(project_dir, "we1", state=state, config={ZONE: config}, preview=True)
    assert [change for change in outcome.changes if loses_database(change)] == []
    # The provider never makes a replica of what is none: the old primaries have to be rebuilt.
    assert len(outcome.refusals) == len(manifest.databases)
    for database, sentence in zip(manifest.databases, outcome.refusals, strict=True):
        assert f"{database.members[SiteName.HOME].identifier}: cannot elect new" in sentence
    updated = {change.name for change in outcome.changes if change.operation == "update"}
    assert "we1-dns-serving" in updated


def test_a_database_that_the_settings_drop_is_refused_because_it_is_protected(
    world: World, project_dir: Path
) -> None:
    manifest, state = deploy(world, "we2", project_dir)
    config = settings(project_dir, "we2")
    dropped = config["databases"].pop()["name"]
    for rests_on in config["critical_functions"].values():
        rests_on[:] = [one for one in rests_on if one != dropped]
    outcome = run_program(project_dir, "we2", state=state, config={ZONE: config}, preview=True)
    (members,) = [one.members for one in manifest.databases if one.name == dropped]
    for member in members.values():
        assert any(f"{member.identifier} is protected" in line for line in outcome.refusals)
    with world.instantly(), pytest.raises(ProgramFailed, match="is protected"):
        run_program(project_dir, "we2", state=state, config={ZONE: config})
