"""Files, logs, recovery points and alarms, as the program declares them for the small zone."""

import itertools
import json
from typing import Any

import pytest

from continuity import health_alarms
from continuity.zone import SiteName
from simulator.program import Outcome
from simulator.state import Resource

REGIONS = {"home": "eu-west-2", "away": "eu-west-1"}
SITES = list(REGIONS)


def inputs(outcome: Outcome, name: str) -> dict[str, Any]:
    return dict(outcome.named(name).inputs)


def source(resource: Resource, key: str) -> set[str]:
    return {urn.rsplit("::", 1)[1] for urn in resource.property_dependencies[key]}


@pytest.mark.parametrize("purpose", ["public", "private", "configuration", "logs"])
@pytest.mark.parametrize("site", SITES)
def test_each_bucket_is_copied_to_its_twin_under_the_twins_key(
    ledger: Outcome, purpose: str, site: str
) -> None:
    kind, other = ("logs" if purpose == "logs" else "files"), {"home": "away", "away": "home"}[site]
    rule = ledger.named(f"ops-safekeeping-{kind}-replication-{purpose}-from-{site}")
    bucket = "archive" if purpose == "logs" else purpose
    assert source(rule, "bucket") == {f"ops-safekeeping-{kind}-{bucket}-{site}-bucket"}
    assert source(rule, "rules") >= {
        f"ops-safekeeping-{kind}-{bucket}-{other}-bucket",
        f"ops-{other}-keys-key",
    }
    (only,) = inputs(ledger, rule.name)["rules"]
    assert only["deleteMarkerReplication"] == {"status": "Enabled"}
    assert only["destination"]["replicationTime"] == {"status": "Enabled", "time": {"minutes": 15}}
    assert only["destination"]["metrics"]["status"] == "Enabled"


def test_each_bucket_of_files_and_logs_is_encrypted_with_the_key_of_its_site(
    ledger: Outcome,
) -> None:
    kind = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    kept = [one for one in ledger.of(kind) if "-safekeeping-" in one.name]
    assert len(kept) == 2 * 5
    for one in kept:
        site = next(site for site in SITES if one.inputs["region"] == REGIONS[site])
        assert source(one, "rules") == {f"ops-{site}-keys-key"}


def test_a_lifecycle_takes_no_version_that_the_retention_reaches(ledger: Outcome) -> None:
    rules: list[Any] = [
        one.inputs["rules"][0]
        for one in ledger.of("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
        if "-files-" in one.name and "-scratch-" not in one.name
    ]
    days = [rule["noncurrentVersionExpiration"]["noncurrentDays"] for rule in rules]
    assert days == [180] * 6
    assert not [rule for rule in rules if "expiration" in rule]


def test_nothing_lasts_in_a_scratch_place(ledger: Outcome) -> None:
    for site in SITES:
        [rule] = inputs(ledger, f"ops-safekeeping-files-scratch-{site}-lifecycle")["rules"]
        assert rule["expiration"] == {"days": 1}
        assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 1}


def test_archived_logs_are_forgotten_when_the_settings_say_so(ledger: Outcome) -> None:
    for site in SITES:
        rules = inputs(ledger, f"ops-safekeeping-logs-archive-{site}-lifecycle")["rules"]
        assert rules[1]["expiration"] == {"days": 400}


def test_files_get_a_point_every_day_and_logs_need_none(ledger: Outcome) -> None:
    daily = {
        bucket.inputs["bucket"].rsplit("-", 1)[1]
        for bucket in ledger.of("aws:s3/bucket:Bucket")
        if bucket.inputs["tags"].get("holdfast:backup") == "daily"
    }
    assert daily == {"public", "private", "configuration"}


@pytest.mark.parametrize(("active", "standby"), [("home", "away"), ("away", "home")])
def test_points_of_the_serving_sites_files_are_copied_to_the_other_site(
    ledger: Outcome, swapped: Outcome, active: str, standby: str
) -> None:
    run = ledger if active == "home" else swapped
    serving = run.named(f"ops-safekeeping-backups-{active}-files-plan")
    assert source(serving, "rules") >= {f"ops-safekeeping-backups-{standby}-vault"}
    (rule,) = inputs(run, serving.name)["rules"]
    assert len(rule["copyActions"]) == 1
    assert "lifecycle" not in rule
    (alone,) = inputs(run, f"ops-safekeeping-backups-{standby}-files-plan")["rules"]
    assert alone["copyActions"] == []


def test_points_are_taken_in_the_zones_own_time(ledger: Outcome) -> None:
    for site in SITES:
        (rule,) = inputs(ledger, f"ops-safekeeping-backups-{site}-files-plan")["rules"]
        assert rule["schedule"] == "cron(0 0 ? * * *)"
        assert rule["scheduleExpressionTimezone"] == "Europe/Lisbon"
        assert rule["startWindow"] == 360


def test_a_restore_test_may_pick_any_point_that_is_kept(ledger: Outcome) -> None:
    plan = inputs(ledger, "ops-safekeeping-backups-away-files-testing")
    assert plan["name"] == "ops_away_files"
    assert plan["recoveryPointSelection"]["algorithm"] == "RANDOM_WITHIN_WINDOW"
    assert plan["recoveryPointSelection"]["selectionWindowDays"] == 164


@pytest.mark.parametrize(
    ("active", "home", "away"), [("home", "0,2,4", "1,3,5"), ("away", "1,3,5", "0,2,4")]
)
def test_the_sites_ask_for_captures_in_turn_and_the_serving_one_begins(
    ledger: Outcome, swapped: Outcome, active: str, home: str, away: str
) -> None:
    run = ledger if active == "home" else swapped
    for site, hours in (("home", home), ("away", away)):
        schedule = inputs(run, f"ops-safekeeping-{site}-backup-capture")
        assert schedule["scheduleExpression"] == f"cron(0 {hours} * * ? *)"
        assert schedule["scheduleExpressionTimezone"] == "Europe/Lisbon"
        assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
        assert schedule["state"] == "ENABLED"
        assert "deadLetterConfig" in schedule["target"]
        given_up = inputs(run, f"ops-safekeeping-{site}-backup-prune")
        assert given_up["scheduleExpression"] == "cron(45 5 * * ? *)"
        assert given_up["state"] == ("DISABLED" if site == active else "ENABLED")


@pytest.mark.parametrize("site", SITES)
def test_the_function_fails_into_the_queue_of_its_site_and_repeats_nothing(
    ledger: Outcome, site: str
) -> None:
    failures = ledger.named(f"ops-safekeeping-{site}-backup-nightly-failures")
    assert failures.inputs["maximumRetryAttempts"] == 0
    assert source(failures, "destinationConfig") == {f"ops-safekeeping-{site}-backup-dead-letters"}
    function = ledger.named(f"ops-safekeeping-{site}-backup-nightly-function")
    assert source(function, "role") >= {"ops-permissions-backup"}
    assert source(function, "loggingConfig") == {f"ops-{site}-logs-holdfast-ops-{site}-backup"}


@pytest.mark.parametrize("site", SITES)
def test_every_log_group_is_archived_and_keeps_what_its_source_says(
    ledger: Outcome, site: str
) -> None:
    groups = {
        group.inputs["name"]: group.inputs["retentionInDays"]
        for group in ledger.of("aws:cloudwatch/logGroup:LogGroup")
        if group.inputs["region"] == REGIONS[site]
    }
    assert groups == {
        f"/holdfast/ops/{site}/platform": 60,
        f"/holdfast/ops/{site}/flow-logs": 30,
        f"/holdfast/ops/{site}/backup": 180,
        f"/aws/rds/instance/ops-orders-{site}-1/postgresql": 90,
        f"/aws/rds/instance/ops-order-lines-{site}-1/postgresql": 90,
    }
    subscribed = [
        filter_
        for filter_ in ledger.of("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter")
        if filter_.inputs["region"] == REGIONS[site]
    ]
    assert len({next(iter(source(one, "logGroup"))) for one in subscribed}) == len(groups)


def test_logs_go_to_the_bucket_of_their_own_region_and_from_there_to_the_other(
    ledger: Outcome,
) -> None:
    for site in SITES:
        stream = ledger.named(f"ops-safekeeping-logs-{site}-stream")
        assert f"ops-safekeeping-logs-archive-{site}-bucket" in source(
            stream, "extendedS3Configuration"
        )


def test_the_database_logs_are_there_before_the_database(ledger: Outcome) -> None:
    for instance in ledger.of("aws:rds/instance:Instance"):
        group = f"-logs-aws-rds-instance-{instance.name}-postgresql"
        assert any(urn.endswith(group) for urn in instance.dependencies), instance.name


@pytest.mark.parametrize(("active", "standby"), [("home", "away"), ("away", "home")])
def test_silence_of_a_replica_is_an_alarm_and_of_a_primary_is_not(
    ledger: Outcome, swapped: Outcome, active: str, standby: str
) -> None:
    run = ledger if active == "home" else swapped
    missing = {
        site: inputs(run, f"ops-{site}-orders-lag-alarm")["treatMissingData"] for site in SITES
    }
    assert missing == {active: "notBreaching", standby: "breaching"}


def test_every_alarm_speaks_to_the_topic_of_its_own_site(ledger: Outcome) -> None:
    alarms = ledger.of("aws:cloudwatch/metricAlarm:MetricAlarm")
    fresh = 2 + 2 * 4
    heard = 1
    per_site = 2 + 2 * 4 + 1 + 4 + 2 + fresh + heard
    assert len(alarms) == 2 * per_site
    for alarm in alarms:
        site = next(site for site in SITES if alarm.inputs["region"] == REGIONS[site])
        assert source(alarm, "alarmActions") == {f"ops-{site}-alerts-topic"}
        assert source(alarm, "okActions") == {f"ops-{site}-alerts-topic"}


@pytest.mark.parametrize("site", SITES)
def test_the_alarms_that_a_release_waits_for_are_declared(ledger: Outcome, site: str) -> None:
    alarms = ledger.of("aws:cloudwatch/metricAlarm:MetricAlarm")
    wanted = health_alarms.names("ops", SiteName(site), ["orders", "order-lines"])
    assert set(wanted) <= {alarm.inputs["name"] for alarm in alarms}


def test_old_holds_and_the_end_of_room_have_alarms_that_ignore_silence(ledger: Outcome) -> None:
    for site, purpose in itertools.product(SITES, ("hold-old", "snapshot-room")):
        alarm = inputs(ledger, f"ops-{site}-{purpose}-alarm")
        assert (alarm["namespace"], alarm["dimensions"]) == ("Holdfast", {"Zone": "ops"})
        assert (alarm["period"], alarm["treatMissingData"]) == (86400, "ignore")


def test_the_platform_reads_all_files_and_writes_no_configuration(ledger: Outcome) -> None:
    role = ledger.named("ops-safekeeping-files-application-policy")
    assert source(role, "role") == {"ops-roles-application"}


def test_shared_files_follow_the_serving_site(ledger: Outcome, swapped: Outcome) -> None:
    for run, serving, standby in ((ledger, "home", "away"), (swapped, "away", "home")):
        following = run.named("ops-safekeeping-files-shared-replication")
        assert following.inputs["region"] == REGIONS[serving]
        assert source(following, "sourceFileSystemId") == {
            f"ops-safekeeping-files-shared-{serving}"
        }
        protection = {
            site: inputs(run, f"ops-safekeeping-files-shared-{site}")["protection"]
            for site in SITES
        }
        assert protection == {
            serving: {"replicationOverwrite": "ENABLED"},
            standby: {"replicationOverwrite": "DISABLED"},
        }


def test_what_a_schedule_asks_for_is_a_duty(ledger: Outcome) -> None:
    asked = {
        json.loads(schedule.inputs["target"]["input"])["duty"]
        for schedule in ledger.of("aws:scheduler/schedule:Schedule")
    }
    assert asked == {"capture", "prune", "verify"}
