import json
from typing import Any

import pulumi
import pytest
from pulumi.runtime.config import set_all_config

from continuity.errors import InvalidInput
from simulator.program import run_inline
from stacks import settings


def read(**config: object) -> settings.Settings:
    """Read in the way of the program: inside a run, from what the CLI would hand over."""
    found: list[settings.Settings] = []
    run_inline(
        lambda: found.append(settings.read()),
        stack="t1",
        config={key.replace("_", ":"): value for key, value in config.items()},
        preview=True,
    )
    return found[0]


def complaint(**config: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(**config)
    return str(caught.value)


def test_the_stack_names_the_zone(zone: dict[str, Any]) -> None:
    assert read(holdfast_zone=zone, aws_region="eu-west-1").zone == "t1"


def test_a_stack_without_a_zone_says_which_key_is_missing() -> None:
    assert complaint(aws_region="eu-west-1") == (
        "The configuration of zone t1 cannot be used:\n  holdfast:zone: is required"
    )


def test_another_key_of_ours_is_refused_and_the_valid_one_named(zone: dict[str, Any]) -> None:
    assert complaint(holdfast_zone=zone, holdfast_zones=1, aws_region="eu-west-1").endswith(
        "\n  holdfast:zones: unknown key; valid here: holdfast:zone"
    )


def test_what_is_wrong_beside_the_zone_is_told_together_with_what_is_wrong_in_it(
    zone: dict[str, Any],
) -> None:
    told = complaint(holdfast_zone={**zone, "approvers": 0}, aws_region="us-east-1")
    assert "aws:region: is us-east-1" in told
    assert "approvers: 0 is not within 1 to 5" in told


def test_text_in_place_of_a_zone_is_not_echoed() -> None:
    text = complaint(holdfast_zone="hunter2")
    assert "holdfast:zone: expected a table of keys" in text
    assert "hunter2" not in text


@pytest.mark.parametrize("region", ["eu-west-2", "eu-west-1"])
def test_pulumi_works_from_either_site(zone: dict[str, Any], region: str) -> None:
    assert read(holdfast_zone=zone, aws_region=region).domain == "test.example.com"


@pytest.mark.parametrize(
    ("config", "found"), [({}, "not given"), ({"aws_region": "us-east-1"}, "us-east-1")]
)
def test_pulumi_never_works_from_a_region_outside_the_zone(
    zone: dict[str, Any], config: dict[str, str], found: str
) -> None:
    assert complaint(holdfast_zone=zone, **config).endswith(
        f"aws:region: is {found}; Pulumi works from a site of the zone, "
        "at best the standby's: eu-west-2 or eu-west-1"
    )


def test_an_encrypted_value_is_refused_before_it_can_be_echoed(zone: dict[str, Any]) -> None:
    zone["domain"] = "hunter2"

    def program() -> None:
        set_all_config({"holdfast:zone": json.dumps(zone)}, ["holdfast:zone"])
        assert pulumi.get_stack() == "t1"
        settings.read()

    with pytest.raises(InvalidInput) as caught:
        run_inline(program, stack="t1", preview=True)
    assert "holds an encrypted value" in str(caught.value)
    assert "hunter2" not in str(caught.value)
