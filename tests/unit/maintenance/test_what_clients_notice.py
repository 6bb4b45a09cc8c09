"""Each operation that clients notice, and its twin that they do not."""

from typing import Any

import pytest

from continuity.planned import Doing, Planned
from maintenance.impact import Effect, Ground
from maintenance.impact_rules import impacts

HOME = Ground("eu-west-1")
SERVICE, REDUNDANCY = Effect.SERVICE, Effect.REDUNDANCY
INSTANCE, TASKS = "aws:rds/instance:Instance", "aws:ecs/service:Service"


def planned(kind: str, doing: Doing = Doing.UPDATE, /, **changed: tuple[Any, Any]) -> Planned:
    before = {"region": "eu-west-1"} | {key: pair[0] for key, pair in changed.items()}
    after = {"region": "eu-west-1"} | {key: pair[1] for key, pair in changed.items()}
    return Planned(doing, f"urn:pulumi:we1::holdfast::holdfast:Zone${kind}::one", before, after)


def effects(*plan: Planned) -> list[tuple[Effect, str]]:
    return [(one.effect, one.why) for one in impacts(plan, HOME)]


@pytest.mark.parametrize(
    ("kind", "key", "before", "after", "why"),
    [
        (INSTANCE, "engineVersion", "16.10", "16.11", "upgraded"),
        (INSTANCE, "instanceClass", "db.r6g.large", "db.r6g.xlarge", "class"),
        (INSTANCE, "port", 5432, 5433, "port"),
        (INSTANCE, "identifier", "a", "b", "renamed"),
        (INSTANCE, "dbSubnetGroupName", "a", "b", "networks"),
        (INSTANCE, "caCertIdentifier", "a", "b", "certificate"),
        (INSTANCE, "parameterGroupName", "a", "b", "asks for a restart"),
        (INSTANCE, "allocatedStorage", 400, 800, "slower for hours"),
        (INSTANCE, "vpcSecurityGroupIds", ["a"], ["b"], "connect"),
        (INSTANCE, "password", "a", "b", "refused"),
        (INSTANCE, "multiAz", False, True, "becomes Multi-AZ"),
        (INSTANCE, "backupRetentionPeriod", 0, 7, "interrupts"),
        (INSTANCE, "replicateSourceDb", "arn:x", None, "promoted"),
        (TASKS, "desiredCount", 6, 4, "loses tasks"),
        ("aws:appautoscaling/target:Target", "maxCapacity", 24, 20, "24 -> 20"),
        ("aws:lb/listener:Listener", "sslPolicy", "a", "b", "older clients"),
        ("aws:lb/loadBalancer:LoadBalancer", "securityGroups", ["a"], ["b"], "other clients"),
        ("aws:lb/targetGroup:TargetGroup", "healthCheck", {"path": "/"}, {"path": "/x"}, "judges"),
        ("aws:route53/record:Record", "records", ["a"], ["b"], "where clients are led"),
        ("aws:route53/healthCheck:HealthCheck", "disabled", False, True, "where clients are led"),
        ("aws:vpc/securityGroupIngressRule:X", "cidrIpv4", "0.0.0.0/0", "10.0.0.0/8", "through"),
        ("aws:ec2/securityGroup:SecurityGroup", "ingress", ["a"], [], "through"),
        ("aws:ec2/routeTable:RouteTable", "routes", ["a"], ["b"], "packets"),
        ("aws:kms/key:Key", "isEnabled", True, False, "opens"),
    ],
)
def test_an_update_that_clients_notice_is_named_with_its_reason(
    kind: str, key: str, before: object, after: object, why: str
) -> None:
    ((effect, told), *_) = effects(planned(kind, **{key: (before, after)}))
    assert effect is SERVICE
    assert why in told


@pytest.mark.parametrize(
    ("kind", "key", "before", "after"),
    [
        (INSTANCE, "tags", {"a": "1"}, {"a": "2"}),
        (INSTANCE, "backupRetentionPeriod", 7, 14),
        (TASKS, "desiredCount", 4, 6),
        (TASKS, "taskDefinition", "one:1", "one:2"),
        ("aws:appautoscaling/target:Target", "maxCapacity", 20, 24),
        ("aws:lb/listener:Listener", "certificateArn", "a", "b"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "threshold", 1, 2),
    ],
)
def test_an_update_that_nobody_notices_is_passed_over(
    kind: str, key: str, before: object, after: object
) -> None:
    assert effects(planned(kind, **{key: (before, after)})) == []


@pytest.mark.parametrize("doing", [Doing.REPLACE, Doing.DELETE])
def test_what_goes_is_noticed_unless_it_is_known_that_it_is_not(doing: Doing) -> None:
    assert effects(planned("aws:unheard/of:Thing", doing)) == [(SERVICE, f"is {doing}d")]
    assert effects(planned("aws:ecs/taskDefinition:TaskDefinition", doing)) == []
    ((effect, _),) = effects(planned("aws:backup/plan:Plan", doing))
    assert effect is REDUNDANCY


@pytest.mark.parametrize("doing", [Doing.CREATE, Doing.SAME, Doing.RETAIN, Doing.IMPORT])
def test_what_comes_or_stays_is_not_noticed(doing: Doing) -> None:
    assert effects(planned(INSTANCE, doing, engineVersion=("1", "2"))) == []


def test_a_replica_or_the_other_region_only_protects() -> None:
    replica = planned(INSTANCE, engineVersion=("1", "2"), replicateSourceDb=("arn", "arn"))
    away = planned(TASKS, Doing.REPLACE, region=("eu-central-1", "eu-central-1"))
    somewhere = planned("aws:iam/role:Role", Doing.DELETE, region=("", ""))
    assert [effect for effect, _ in effects(replica, away)] == [REDUNDANCY] * 2
    assert [effect for effect, _ in effects(away, somewhere)] == [SERVICE, REDUNDANCY]


def test_a_database_that_loses_its_second_zone_or_its_backups_is_less_protected() -> None:
    assert effects(planned(INSTANCE, multiAz=(True, False)))[0][0] is REDUNDANCY
    found = effects(planned(INSTANCE, backupRetentionPeriod=(7, 0)))
    assert [effect for effect, _ in found] == [SERVICE, REDUNDANCY]


def test_parameters_that_wait_for_a_restart_are_named_and_others_are_not() -> None:
    def group(**values: tuple[str, str]) -> list[dict[str, str]]:
        return [
            {"name": name, "value": value, "applyMethod": method}
            for name, (value, method) in values.items()
        ]

    before = group(max_connections=("100", "pending-reboot"), work_mem=("1", "immediate"))
    after = group(max_connections=("200", "pending-reboot"), work_mem=("2", "immediate"))
    kind = "aws:rds/parameterGroup:ParameterGroup"
    ((_, told),) = effects(planned(kind, parameters=(before, after)))
    assert told == "asks its databases for a restart: max_connections"


def test_a_release_that_may_stop_tasks_before_new_ones_run_is_noticed() -> None:
    def release(low: int) -> Planned:
        return planned(
            TASKS, taskDefinition=("one:1", "one:2"), deploymentMinimumHealthyPercent=(low, low)
        )

    assert effects(release(100)) == []
    assert effects(release(50)) == [(SERVICE, "rolls over with 50 % of its tasks")]
