from typing import Any

import pytest

from continuity import naming
from simulator.program import Outcome
from simulator.state import Resource
from stacks.holding_page import BODY, LONGEST_BODY

RECORD = "aws:route53/record:Record"
LATCH = "holdfast-123456789012-ops-{}-latch.s3.{}.amazonaws.com"
REGIONS = {"home": "eu-west-2", "away": "eu-west-1"}


def alias(record: Resource) -> dict[str, Any]:
    found: dict[str, Any] = record.inputs["aliases"][0]
    return found


def sources(record: Resource, name: str) -> list[str]:
    return [urn.rsplit("::", 1)[1] for urn in record.property_dependencies.get(name, ())]


@pytest.mark.parametrize("active", ["home", "away"])
def test_the_name_leads_to_the_serving_site_unless_the_standby_closed_it(
    ledger: Outcome, swapped: Outcome, active: str
) -> None:
    serving = (ledger if active == "home" else swapped).named("ops-dns-serving")
    assert serving.inputs["name"] == "test.example.com"
    assert serving.inputs["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
    assert sources(serving, "healthCheckId") == [f"ops-dns-{active}-serves"]
    assert f"ops-{active}-hosting-load-balancer-balancer" in sources(serving, "aliases")


@pytest.mark.parametrize("active", ["home", "away"])
def test_the_standby_answers_only_once_it_was_opened(
    ledger: Outcome, swapped: Outcome, active: str
) -> None:
    other = {"home": "away", "away": "home"}[active]
    standby = (ledger if active == "home" else swapped).named("ops-dns-standby")
    assert standby.inputs["name"] == "standby.test.example.com"
    assert standby.inputs["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
    assert sources(standby, "healthCheckId") == [f"ops-dns-{other}-open"]
    assert f"ops-{other}-hosting-load-balancer-balancer" in sources(standby, "aliases")


def test_what_is_left_is_a_holding_page_in_the_standby_region_without_a_check(
    ledger: Outcome,
) -> None:
    holding = ledger.named("ops-dns-holding")
    assert holding.inputs["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert "healthCheckId" not in holding.inputs
    assert "ops-away-holding-load-balancer-balancer" in sources(holding, "aliases")


def test_a_closed_name_leads_to_the_inner_name(ledger: Outcome) -> None:
    elsewhere = ledger.named("ops-dns-elsewhere")
    assert alias(elsewhere)["name"] == "standby.test.example.com"
    assert elsewhere.inputs["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert "healthCheckId" not in elsewhere.inputs


def test_no_alias_asks_its_targets_health_because_latches_alone_decide(ledger: Outcome) -> None:
    aliases = [alias(record) for record in ledger.of(RECORD) if "aliases" in record.inputs]
    assert [row["evaluateTargetHealth"] for row in aliases] == [False] * 4


def test_the_outer_record_moves_first_and_an_alias_never_precedes_its_target(
    ledger: Outcome,
) -> None:
    outer = ledger.named("ops-dns-serving").urn
    inner = [ledger.named(f"ops-dns-{role}") for role in ("standby", "holding")]
    assert all(outer in record.dependencies for record in inner)
    assert {record.urn for record in inner} <= set(ledger.named("ops-dns-elsewhere").dependencies)


@pytest.mark.parametrize(
    ("check", "watcher", "key", "inverted"),
    [
        ("home-not-closed", "away", "/closed/home", True),
        ("home-not-closed-again", "away", "/closed/home", True),
        ("away-not-closed", "home", "/closed/away", True),
        ("home-open", "home", "/open/home", False),
        ("away-open", "away", "/open/away", False),
    ],
)
def test_checks_watch_the_latch_of_the_site_that_survives(
    ledger: Outcome, check: str, watcher: str, key: str, inverted: bool
) -> None:
    inputs = ledger.named(f"ops-dns-{check}").inputs
    assert inputs["fqdn"] == LATCH.format(watcher, REGIONS[watcher])
    assert inputs["resourcePath"] == key
    assert inputs["invertHealthcheck"] is inverted
    assert (inputs["type"], inputs["requestInterval"], inputs["failureThreshold"]) == (
        "HTTPS",
        10,
        3,
    )


def test_health_checks_stay_as_they_are_when_roles_swap(ledger: Outcome, swapped: Outcome) -> None:
    checks = [
        {check.urn: check.inputs for check in run.of("aws:route53/healthCheck:HealthCheck")}
        for run in (ledger, swapped)
    ]
    assert checks[0] == checks[1]
    assert len(checks[0]) == 12


@pytest.mark.parametrize(
    ("who", "host"),
    [
        ("standby", LATCH.format("away", "eu-west-1")),
        ("witness", LATCH.format("witness", "eu-central-1")),
    ],
)
def test_a_warrant_is_healthy_only_while_it_says_so(ledger: Outcome, who: str, host: str) -> None:
    inputs = ledger.named(f"ops-dns-home-warranted-by-{who}").inputs
    assert (inputs["fqdn"], inputs["resourcePath"]) == (host, "/warrant/home")
    assert inputs["type"] == "HTTPS_STR_MATCH"
    assert inputs["searchString"] == naming.WARRANTED
    assert inputs["invertHealthcheck"] is False


def test_a_site_serves_while_three_of_four_hold(ledger: Outcome) -> None:
    serves = ledger.named("ops-dns-home-serves")
    assert serves.inputs["type"] == "CALCULATED"
    assert serves.inputs["childHealthThreshold"] == 3
    assert sorted(sources(serves, "childHealthchecks")) == [
        "ops-dns-home-not-closed",
        "ops-dns-home-not-closed-again",
        "ops-dns-home-warranted-by-standby",
        "ops-dns-home-warranted-by-witness",
    ]


@pytest.mark.parametrize("latch", ["home", "away", "witness"])
def test_warrants_are_written_before_only_a_failover_may_write(ledger: Outcome, latch: str) -> None:
    policy = ledger.named(f"ops-{latch}-latch-policy")
    warrants = {
        found.urn
        for found in ledger.of("aws:s3/bucketObjectv2:BucketObjectv2")
        if f"-{latch}-latch-warrant" in found.name
    }
    assert len(warrants) == (2 if latch == "witness" else 1)
    assert warrants <= set(policy.dependencies)


def test_one_record_proves_the_certificates_of_both_regions(ledger: Outcome) -> None:
    proofs = [record for record in ledger.of(RECORD) if "aliases" not in record.inputs]
    assert [proof.name for proof in proofs] == ["ops-domain-proof"]
    issued = ledger.of("aws:acm/certificateValidation:CertificateValidation")
    assert {check.inputs["region"] for check in issued} == set(REGIONS.values())
    assert {sources(check, "validationRecordFqdns")[0] for check in issued} == {"ops-domain-proof"}


def test_the_holding_page_is_marked_and_fits_a_fixed_answer() -> None:
    assert naming.HOLDING_MARK in BODY
    assert len(BODY.encode()) <= LONGEST_BODY


def test_a_latch_becomes_public_only_after_its_bucket_allows_it(ledger: Outcome) -> None:
    policy = ledger.named("ops-away-latch-policy")
    assert ledger.named("ops-away-latch-access").urn in policy.dependencies


def test_plain_http_is_sent_to_https_everywhere(ledger: Outcome) -> None:
    listeners: list[Any] = [found.inputs for found in ledger.of("aws:lb/listener:Listener")]
    plain = [found for found in listeners if found["port"] == 80]
    assert len(plain) == len(listeners) / 2 == 4
    assert {found["defaultActions"][0]["type"] for found in plain} == {"redirect"}
