from typing import Any

import pytest

from continuity.agreement import INSTANCE, Live, judge
from continuity.planned import Doing, Planned

HOME, AWAY = "eu-west-1", "eu-central-1"
LIVE = Live(AWAY, frozenset({"we1-orders-away-1"}), frozenset({"away-latch", "witness-latch"}))
INPUTS: dict[str, Any] = {
    "region": AWAY,
    "identifier": "we1-orders-away-1",
    "backupRetentionPeriod": 14,
    "deletionProtection": True,
    "engineVersion": "16.11",
    "instanceClass": "db.r6g.large",
}
SCALING = "aws:appautoscaling/target:Target"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:we1::holdfast::holdfast:stacks:Zone$holdfast:stacks:Part${kind}::{name}"


def database(doing: Doing, before: Any, after: Any, name: str = "we1-orders-away-1") -> Planned:  # noqa: ANN401 - inputs
    return Planned(doing, urn(INSTANCE, name), before, after)


def change(kind: str, before: Any, after: Any, region: str = AWAY) -> Planned:  # noqa: ANN401 - inputs
    both = ({"region": region, **given} for given in (before, after))
    return Planned(Doing.UPDATE, urn(kind, "thing"), *both)


def reasons(*plan: Planned) -> list[str]:
    return [one.reason for one in judge(plan, LIVE)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"replicateSourceDb": "arn:home"}, "would make we1-orders-away-1 a replica"),
        ({"identifier": "we1-orders-away-2"}, "would rename we1-orders-away-1 to"),
        ({"backupRetentionPeriod": 0}, "would turn the backups of we1-orders-away-1 off"),
        ({"deletionProtection": False}, "would let we1-orders-away-1 be deleted"),
        ({"engineVersion": "17.1"}, "would change the engine version"),
        ({"instanceClass": "db.r6g.xlarge"}, "would change the class"),
    ],
)
def test_no_update_may_weaken_the_database_that_serves(changed: dict[str, Any], said: str) -> None:
    found = reasons(database(Doing.UPDATE, INPUTS, {**INPUTS, **changed}))
    assert [reason[: len(said)] for reason in found] == [said]


def test_a_promotion_is_a_runs_affair_and_never_a_deployments() -> None:
    stale = {**INPUTS, "replicateSourceDb": "arn:home"}
    [reason] = reasons(database(Doing.UPDATE, stale, INPUTS))
    assert "ask RDS to promote we1-orders-away-1" in reason
    elsewhere = {**INPUTS, "replicateSourceDb": "arn:other"}
    [reason] = reasons(database(Doing.UPDATE, stale, elsewhere))
    assert "follow another source" in reason


def test_what_a_deployment_may_do_to_databases_after_a_failover() -> None:
    replica = {"region": HOME, "identifier": "we1-orders-home-2", "replicateSourceDb": "arn:away"}
    old = {**INPUTS, "region": HOME, "identifier": "we1-orders-home-1"}
    plan = (
        database(Doing.UPDATE, INPUTS, {**INPUTS, "multiAz": True}),
        database(Doing.CREATE, {}, replica, "we1-orders-home-2"),
        database(Doing.RETAIN, old, {}, "we1-orders-home-1"),
        database(Doing.RETAIN, INPUTS, {}, "we1-orders-away-1-aside-we1-0001"),
        database(Doing.SAME, INPUTS, INPUTS),
    )
    assert reasons(*plan) == []


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        (database(Doing.REPLACE, INPUTS, INPUTS), "would replace the database"),
        (database(Doing.DELETE, INPUTS, {}, "old"), "would delete the database"),
        (database(Doing.RETAIN, INPUTS, {}), "would drop we1-orders-away-1 from the program"),
        (database(Doing.CREATE, {}, INPUTS), "the state must import it"),
        (
            database(Doing.CREATE, {}, {**INPUTS, "identifier": "we1-orders-home-2"}),
            "would create we1-orders-home-2 empty",
        ),
        (
            Planned(Doing.DELETE, urn("aws:rds/cluster:Cluster", "aurora")),
            "would delete the database aurora",
        ),
    ],
)
def test_no_database_comes_or_goes_but_new_replicas(planned: Planned, said: str) -> None:
    [found] = judge([planned], LIVE)
    assert said in found.reason
    assert found.urn == planned.urn


def test_the_serving_site_is_never_scaled_in_and_the_standby_may_be() -> None:
    before, after = {"minCapacity": 4, "maxCapacity": 24}, {"minCapacity": 1, "maxCapacity": 24}
    assert reasons(change(SCALING, before, after)) == [
        "would scale the serving site in: minCapacity from 4 to 1"
    ]
    assert reasons(change(SCALING, before, after, region=HOME)) == []
    assert reasons(change(SCALING, after, before)) == []
    service = change("aws:ecs/service:Service", {"desiredCount": 6}, {"desiredCount": 1})
    assert "desiredCount from 6 to 1" in reasons(service)[0]


def test_a_count_that_is_not_known_yet_is_no_scale_in() -> None:
    assert reasons(change(SCALING, {"minCapacity": 4}, {"minCapacity": "(unknown)"})) == []


def test_what_serves_is_not_replaced() -> None:
    [reason] = reasons(Planned(Doing.REPLACE, urn("aws:lb/loadBalancer:LoadBalancer", "front"),
                               {"region": AWAY}, {"region": AWAY}))  # fmt: skip
    assert reason == "would replace front, which serves"


@pytest.mark.parametrize("doing", [Doing.CREATE, Doing.UPDATE, Doing.DELETE, Doing.REPLACE])
def test_nothing_in_a_latch_changes(doing: Doing) -> None:
    object_ = {"region": AWAY, "bucket": "witness-latch", "key": "warrant/home"}
    [reason] = reasons(Planned(doing, urn(OBJECT, "warrant"), object_, object_))
    assert reason.startswith(f"would {doing} warrant: the latches")
    elsewhere = {**object_, "bucket": "away-addresses"}
    assert reasons(Planned(doing, urn(OBJECT, "addresses"), elsewhere, elsewhere)) == []


def test_the_health_checks_stay() -> None:
    [reason] = reasons(change("aws:route53/healthCheck:HealthCheck", {}, {"failureThreshold": 1}))
    assert "health check thing" in reason


def test_records_may_point_elsewhere_but_never_go() -> None:
    record = "aws:route53/record:Record"
    assert reasons(change(record, {"healthCheckId": "a"}, {"healthCheckId": "b"})) == []
    [reason] = reasons(Planned(Doing.REPLACE, urn(record, "serving")))
    assert "which nothing brings back" in reason
