"""What channels need of AWS, as the program declares it: secrets without values, and mail."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from continuity import naming
from continuity.channels import Channels, Service
from incident.channels.opening import variable
from simulator.program import Outcome, run_program
from stacks.settings import parse

PROJECT = Path(__file__).parents[3]
CHANNELS: dict[str, Any] = {
    "slack": {"severities": ["SEV1", "SEV2"], "channel": "C0123456789"},
    "email": {"severities": ["SEV1"], "sender": "status", "subscribers": ["a@example.com"]},
    "pagerduty": {"severities": ["SEV1"]},
    "escalation": [{"person": "first on call", "minutes": 10}],
    "updates": {"SEV1": 30},
}


@pytest.fixture(scope="module")
def telling(declare: Any) -> Outcome:  # noqa: ANN401 - the fixture of conftest.py
    """The small zone with channels."""
    config = {"holdfast:zone": {**declare(), "channels": CHANNELS}}
    return run_program(PROJECT, "ops", preview=True, config=config)


def test_a_zone_that_says_nothing_has_no_channels(ledger: Outcome, zone: dict[str, Any]) -> None:
    assert parse("t1", zone).channels == Channels()
    assert ledger.of("aws:sesv2/emailIdentity:EmailIdentity") == ()
    assert [one for one in ledger.resources if "-channels" in one.name] == []


def test_each_token_has_a_secret_without_a_value_and_a_replica_in_the_other_site(
    telling: Outcome,
) -> None:
    secrets = [
        one.inputs for one in telling.of("aws:secretsmanager/secret:Secret")
        if one.inputs["name"].startswith("holdfast-channels/")
    ]  # fmt: skip
    assert {one["name"] for one in secrets} == {
        "holdfast-channels/ops/slack",
        "holdfast-channels/ops/pagerduty",
    }
    assert {one["region"] for one in secrets} == {"eu-west-2"}
    assert all(one["replicas"] == [{"region": "eu-west-1"}] for one in secrets)
    versions = telling.of("aws:secretsmanager/secretVersion:SecretVersion")
    assert [one for one in versions if "channels" in one.name] == []


def test_either_region_can_send_from_the_zones_domain(telling: Outcome) -> None:
    identities = telling.of("aws:sesv2/emailIdentity:EmailIdentity")
    assert {(one.inputs["emailIdentity"], one.inputs["region"]) for one in identities} == {
        ("test.example.com", "eu-west-2"),
        ("test.example.com", "eu-west-1"),
    }
    records = [one for one in telling.of("aws:route53/record:Record") if "-dkim-" in one.name]
    assert len(records) == 6
    assert {one.inputs["type"] for one in records} == {"CNAME"}


def test_which_severities_go_where_is_config(zone: dict[str, Any]) -> None:
    channels = parse("t1", {**zone, "channels": CHANNELS}).channels
    assert channels.takes("slack", "SEV2")
    assert not channels.takes("email", "SEV2")
    assert not channels.takes("jira", "SEV1")
    assert [turn.person for turn in channels.escalation] == ["first on call"]
    assert channels.updates == {"SEV1": 30}


def test_the_guide_shows_every_setting_and_is_right(zone: dict[str, Any]) -> None:
    page = (PROJECT / "docs/guide/channels.md").read_text()
    shown = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])["channels"]
    found = parse("t1", {**zone, "channels": shown}).channels
    assert {one.name for one in fields(Channels)} == set(shown)
    for name in Service:
        assert {one.name for one in fields(getattr(found, name))} == set(shown[name]), name
        assert name is Service.EMAIL or naming.channel_secret("ZONE", name) in page
        assert name is Service.EMAIL or variable(name) in page
