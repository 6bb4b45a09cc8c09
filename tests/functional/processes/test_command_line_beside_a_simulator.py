"""Commands beside a served simulation where nothing is wrong, and its manifests.

One simulation for all of them: each leaves it as it was.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3.session
import pytest

Simulator = Any  # the fixture's class lives in conftest

SITES = {"home": "sa-east-1", "away": "us-east-2"}


def bucket(simulator: Simulator, site: str, region: str, body: str | None = None) -> str:
    """Read a site's copy of the manifest, or put another in its place."""
    session = boto3.session.Session(aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106 - opens nothing
    client = session.client("s3", region_name=region, endpoint_url=simulator.endpoint)
    place = {"Bucket": f"holdfast-123456789012-sa1-{site}-manifest", "Key": "manifest.json"}
    if body is not None:
        client.put_object(**place, Body=body.encode())
    return str(client.get_object(**place)["Body"].read().decode())


@pytest.fixture
def simulator(quiet_simulator: Simulator) -> Iterator[Simulator]:
    """Lend the simulation to a test, and put its manifests back."""
    whole = {site: bucket(quiet_simulator, site, region) for site, region in SITES.items()}
    yield quiet_simulator
    for site, region in SITES.items():
        bucket(quiet_simulator, site, region, whole[site])


def test_a_served_zone_is_looked_at_by_its_own_time(simulator: Simulator) -> None:
    code, out, err = simulator.run("check", "sa1", "--format", "json")
    assert code == 0, out + err
    found = json.loads(out)
    assert found["at"].startswith("2026-03-03T")
    names = [one["name"] for one in found["findings"]]
    assert names == ["drill-missing", *["proof-missing"] * 3]
    assert {one["name"] for one in found["databases"]} == {"accounts", "orders", "catalogue"}


def test_a_healthy_zone_is_looked_at_and_left_alone(simulator: Simulator) -> None:
    code, out, err = simulator.run("failover", "plan", "sa1", "--format", "json")
    assert code == 0, err
    plan = json.loads(out)
    assert plan["objections"] == []
    assert plan["rto"]["predicted_s"] < plan["rto"]["objective_s"]
    assert 0 <= plan["rpo"]["predicted_s"] < 600
    assert plan["critical_path"][-1] == "verify-outside"
    promotions = [step for step in plan["steps"] if step["name"].startswith("promote-")]
    assert {"rds:PromoteReadReplica"} <= set(promotions[0]["may_touch"])

    code, out, _ = simulator.run("failover", "plan", "sa1")
    assert code == 0
    assert "Nothing stands against it now." in out

    code, _, err = simulator.run("failover", "start", "sa1")
    assert code == 5
    assert "nothing to recover in sa1: sa1 is served from sa-east-1. Start with --watch" in err
    assert simulator.run("failover", "resume", "sa1")[0] == 5
    code, _, err = simulator.run("failover", "fence", "sa1")
    assert code == 5
    assert "No failover has moved sa1: home is its serving site" in err
    assert simulator.run("failover", "status", "sa1")[1] == "sa1 was never failed over.\n"
    assert simulator.effects("dynamodb.PutItem") == []


def test_the_other_sites_manifest_is_taken_when_one_was_altered(simulator: Simulator) -> None:
    whole = bucket(simulator, "away", "us-east-2")
    altered = whole.replace('"approvers": 2', '"approvers": 1')
    assert altered != whole
    bucket(simulator, "away", "us-east-2", altered)

    code, out, err = simulator.run("failover", "plan", "sa1", "--format", "json")
    assert code == 0
    assert json.loads(out)["manifest"].startswith("s3://holdfast-123456789012-sa1-home-manifest/")
    assert "The copy in away (us-east-2) was passed over" in err
    assert "digest: does not match the content" in err

    bucket(simulator, "home", "sa-east-1", altered)
    code, out, err = simulator.run("failover", "start", "sa1", "--format", "json", "--yes")
    assert code == 2
    error = json.loads(out)["error"]
    assert [problem["path"] for problem in error["problems"]] == ["digest"]
    assert err == ""


def test_a_manifest_at_hand_is_taken_and_a_wrong_one_is_one_clear_error(
    simulator: Simulator, tmp_path: Path
) -> None:
    file = tmp_path / "sa1.json"
    file.write_bytes((simulator.folder / file.name).read_bytes())
    code, out, err = simulator.run("failover", "plan", "sa1", "--manifest", str(file))
    assert (code, err) == (0, "")
    assert out.startswith("sa1: region loss, plan ")

    code, out, err = simulator.run("failover", "plan", "we1", "--manifest", str(file))
    assert (code, out) == (2, "")
    assert "zone: belongs to zone 'sa1', not 'we1'" in err

    file.write_text(file.read_text("utf-8").replace('"approvers": 2', '"approvers": 1'), "utf-8")
    code, out, err = simulator.run("failover", "start", "sa1", "--manifest", str(file))
    assert (code, out) == (2, "")
    assert err.startswith("holdfast: The recovery manifest of sa1 cannot be used:\n  digest: does")
    assert err.count("\n") == 2
