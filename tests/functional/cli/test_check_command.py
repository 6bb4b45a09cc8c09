import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.drill_record import record
from cli.main import main
from continuity import manifest_json
from continuity.manifest import Manifest
from continuity.outside import Served
from drill.expectation import Outcome
from drill.facts import Facts
from drill.verdict import Measure, Verdict
from simulator import backstage, release
from simulator.content import Content
from simulator.deployment import deploy
from simulator.world import World

PROJECT = Path(__file__).parents[3]
MOMENT = datetime(2026, 3, 3, 9, 5, tzinfo=UTC)
SETTLE_S = 1000.0
"""No multiple of five minutes: the newest logs in S3 are then some seconds old."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(3) as world:
        yield world


@pytest.fixture(scope="module")
def settled(world: World) -> Manifest:
    manifest, _ = deploy(world, "sa1", PROJECT)
    release.push(world, manifest)
    Content.of(world)
    world.clock.sleep(SETTLE_S)
    return manifest


@pytest.fixture
def deployed(
    settled: Manifest, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Manifest]:
    """A zone whose present is the world's: a command that read the machine's time would miss it."""
    monkeypatch.setattr("cloud.system_clock.SystemClock", lambda: world.clock)
    with world.instantly():
        yield settled


def test_the_deployed_zone_is_found_by_its_name_alone(
    deployed: Manifest, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "sa1"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"sa1: READY to move to {deployed.standby_site.region}\n")


def test_a_manifest_in_hand_that_is_not_the_deployed_one_is_said(
    deployed: Manifest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = manifest_json.dump(deployed)
    (tmp_path / "mine.json").write_text(text)
    assert main(["check", "sa1", "--manifest", str(tmp_path / "mine.json")]) == 0
    other = json.loads(text) | {"approvers": 9}
    del other["digest"]
    canonical = manifest_json.digest(deployed)
    (tmp_path / "other.json").write_text(json.dumps({**other, "digest": canonical}))
    capsys.readouterr()
    assert main(["check", "sa1", "--manifest", str(tmp_path / "other.json")]) == 2
    assert "digest" in capsys.readouterr().err


def test_a_zone_that_is_not_ready_exits_with_3_and_says_what_to_do(
    deployed: Manifest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    promised = replace(deployed, objectives=replace(deployed.objectives, rpo=timedelta(seconds=1)))
    (tmp_path / "promised.json").write_text(manifest_json.dump(promised))
    arguments = ["check", "sa1", "--manifest", str(tmp_path / "promised.json")]
    assert main([*arguments, "--format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)
    names = {row["name"] for row in found["findings"]}
    assert {"copy-too-old", "manifest-not-current"} <= names
    assert not found["ready"]
    assert all(row["next"] and row["what"] for row in found["findings"])
    assert main(arguments) == 3
    assert "-> Find out why newer copies do not arrive" in capsys.readouterr().out


def nothing_happened(manifest: Manifest) -> Facts:
    nothing: dict[str, Any] = dict.fromkeys(("outage", "opened"))
    empty: dict[str, Any] = dict.fromkeys(("databases", "operations", "violations", "journal"), ())
    return Facts(manifest, MOMENT, MOMENT, served_by=Served.AWAY, api_calls={}, **nothing, **empty)


def verdict(manifest: Manifest, **changes: Any) -> Verdict:  # noqa: ANN401 - any field
    met = Measure(900.0, 485.0, met=True)
    found = Verdict(
        scenario="region-loss",
        title="The home region is lost",
        zone="sa1",
        seed=1,
        outcome=Outcome.RECOVERED,
        rto=met,
        rpo=met,
        floor_s=385.1,
        phases=(),
        databases=(),
        violations=(),
        api_calls={},
        journal=(),
        unmet=(),
        facts=nothing_happened(manifest),
    )
    return replace(found, **changes)


LATE = Measure(900.0, 901.0, met=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"unmet": ("It took too long.",)},
        {"violations": ("Two writable primaries.",)},
        {"outcome": Outcome.REFUSED},
        {"rto": LATE},
    ],
)
def test_a_drill_that_did_not_pass_is_not_written_down(
    deployed: Manifest, capsys: pytest.CaptureFixture[str], changes: dict[str, Any]
) -> None:
    record([verdict(deployed, **changes)])
    assert "sa1: not recorded, because it did not pass" in capsys.readouterr().err
    table = deployed.standby_site.lease_table
    dynamodb = backstage.client("dynamodb", deployed.standby_site.region)
    assert "Item" not in dynamodb.get_item(TableName=table, Key={"name": {"S": "drill"}})


def test_a_drill_that_passed_is_found_by_the_next_check(
    deployed: Manifest, capsys: pytest.CaptureFixture[str]
) -> None:
    table = deployed.standby_site.lease_table
    main(["check", "sa1"])
    assert "last drill on record: none\n" in capsys.readouterr().out
    record([verdict(deployed)])
    assert f"holdfast: sa1: recorded in {table}\n" in capsys.readouterr().err
    main(["check", "sa1"])
    said = capsys.readouterr().out
    assert "last drill on record: 2026-03-03\n" in said
    assert "drill-missing" not in said
    dynamodb = backstage.client("dynamodb", deployed.standby_site.region)
    dynamodb.delete_item(TableName=table, Key={"name": {"S": "drill"}})


def test_a_copy_of_the_manifest_that_is_garbage_is_passed_over_and_found(
    deployed: Manifest, capsys: pytest.CaptureFixture[str]
) -> None:
    site = deployed.standby_site
    place = {"Bucket": site.manifest_bucket, "Key": site.manifest_key}
    s3 = backstage.client("s3", site.region)
    s3.put_object(**place, Body=b"{}")
    assert main(["check", "sa1"]) == 3
    said = capsys.readouterr()
    assert f"The copy in away ({site.region}) was passed over" in said.err
    assert "unreadable" in said.out
    s3.put_object(**place, Body=manifest_json.dump(deployed).encode())
