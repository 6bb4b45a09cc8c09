"""The types of what keeps files, logs and recovery points: the second half of `every_type.py`."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

HOME, AWAY = "eu-west-1", "eu-central-1"
Site = Any  # of every_type.py, which hands over two


def declare(home: Site, away: Site, role: aws.iam.Role) -> None:
    """Declare all of them; the sites say which word changes them."""
    word = home.word
    tags = {"word": word}
    _copies(home, role, word)
    _archive(home, role, word, tags)
    _points(home, role, word, tags)
    _shared(home, away, role, tags)
    _alarms(home, word, tags)
    _runs(home, role, word, tags)
    _mails(tags)


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _copies(site: Site, role: aws.iam.Role, word: str) -> None:
    """Two versioned buckets; the settings of the first one change with the word."""
    buckets = [
        aws.s3.Bucket(name, region=HOME, bucket=name, force_destroy=True, tags={"word": word})
        for name in ("copied", "copies")
    ]
    versions = [
        aws.s3.BucketVersioning(
            f"{name}-versioning", region=HOME, bucket=bucket.id,
            versioning_configuration={"status": "Enabled"},
        )
        for name, bucket in zip(("copied", "copies"), buckets, strict=True)
    ]  # fmt: skip
    about = {"region": HOME, "bucket": buckets[0].id}
    owner = "BucketOwnerEnforced" if word == "one" else "BucketOwnerPreferred"
    aws.s3.BucketOwnershipControls("owner", **about, rule={"object_ownership": owner})
    aws.s3.BucketLifecycleConfiguration(
        "lifecycle", **about,
        rules=[
            {
                "id": "versions", "status": "Enabled", "filter": {"prefix": ""},
                "noncurrent_version_expiration": {"noncurrent_days": 30 if word == "one" else 60},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
            },
            {
                "id": "objects", "status": "Enabled", "filter": {"prefix": ""},
                "expiration": {"days": 90},
            },
        ],
    )  # fmt: skip
    aws.s3.BucketReplicationConfig(
        "copying", **about, role=role.arn,
        rules=[
            {
                "id": word, "status": "Enabled", "priority": 1, "filter": {"prefix": ""},
                "delete_marker_replication": {"status": "Enabled"},
                "source_selection_criteria": {
                    "sse_kms_encrypted_objects": {"status": "Enabled"},
                    "replica_modifications": {"status": "Enabled"},
                },
                "destination": {
                    "bucket": buckets[1].arn, "storage_class": "STANDARD",
                    "encryption_configuration": {"replica_kms_key_id": site.key.arn},
                    "replication_time": {"status": "Enabled", "time": {"minutes": 15}},
                    "metrics": {"status": "Enabled", "event_threshold": {"minutes": 15}},
                },
            }
        ],
        opts=pulumi.ResourceOptions(depends_on=versions),
    )  # fmt: skip


def _archive(site: Site, role: aws.iam.Role, word: str, tags: dict[str, str]) -> None:
    bucket = aws.s3.Bucket("archive", region=HOME, bucket="archive", force_destroy=True, tags=tags)
    stream = aws.kinesis.FirehoseDeliveryStream(
        "stream", region=HOME, name="stream", destination="extended_s3", tags=tags,
        server_side_encryption={
            "enabled": True, "key_type": "CUSTOMER_MANAGED_CMK", "key_arn": site.key.arn,
        },
        extended_s3_configuration={
            "role_arn": role.arn, "bucket_arn": bucket.arn, "prefix": f"{word}/",
            "error_output_prefix": "failed/", "buffering_interval": 60, "buffering_size": 5,
            "compression_format": "UNCOMPRESSED", "file_extension": ".gz",
            "kms_key_arn": site.key.arn,
        },
    )  # fmt: skip
    aws.cloudwatch.LogSubscriptionFilter(
        "subscription", region=HOME, name="archive", log_group=site.log.name,
        filter_pattern=word, destination_arn=stream.arn, role_arn=role.arn,
    )  # fmt: skip


def _points(site: Site, role: aws.iam.Role, word: str, tags: dict[str, str]) -> None:
    hours = 1 if word == "one" else 2
    held = {"Sid": word, "Effect": "Deny", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}
    policy = aws.iam.Policy(
        "held", name="held", description="held", policy=_document(held), tags=tags
    )
    aws.iam.RolePolicyAttachment("attached", role=role.name, policy_arn=policy.arn)
    aws.iam.RolePolicyAttachment(
        "managed", role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    )  # fmt: skip
    vault = aws.backup.Vault(
        "vault", region=HOME, name="vault", kms_key_arn=site.key.arn, force_destroy=False, tags=tags
    )
    aws.backup.VaultPolicy(
        "vault-policy", region=HOME, backup_vault_name=vault.name,
        policy=_document({**held, "Principal": "*"}),
    )  # fmt: skip
    plan = aws.backup.Plan(
        "plan", region=HOME, name="plan", tags=tags,
        rules=[
            {
                "rule_name": "daily", "target_vault_name": vault.name,
                "schedule": "cron(0 0 ? * * *)", "schedule_expression_timezone": "Europe/Lisbon",
                "start_window": 60 * hours, "completion_window": 1440,
                "recovery_point_tags": tags, "copy_actions": [{"destination_vault_arn": vault.arn}],
            }
        ],
    )  # fmt: skip
    equal = [{"key": "aws:ResourceTag/daily", "value": "yes"}]
    aws.backup.Selection(
        "selection", region=HOME, name="selection", plan_id=plan.id, iam_role_arn=role.arn,
        resources=["arn:aws:s3:::*"], conditions=[{"string_equals": equal}],
    )  # fmt: skip
    tests = aws.backup.RestoreTestingPlan(
        "tests", region=HOME, name="tests", schedule_expression="cron(0 6 ? * SUN#1 *)",
        schedule_expression_timezone="Europe/Lisbon", start_window_hours=hours, tags=tags,
        recovery_point_selection={
            "algorithm": "RANDOM_WITHIN_WINDOW", "include_vaults": [vault.arn],
            "recovery_point_types": ["SNAPSHOT"], "selection_window_days": 164,
        },
    )  # fmt: skip
    aws.backup.RestoreTestingSelection(
        "tested", region=HOME, name="s3", restore_testing_plan_name=tests.name,
        protected_resource_type="S3", iam_role_arn=role.arn, protected_resource_arns=["*"],
        validation_window_hours=hours,
    )  # fmt: skip


def _shared(home: Site, away: Site, role: aws.iam.Role, tags: dict[str, str]) -> None:
    """A file system in each region, the second following the first; groups change with the word."""
    made = {
        site.region: aws.efs.FileSystem(
            f"{site.region}-files", region=site.region, creation_token="files", encrypted=True,  # noqa: S106 - a name
            kms_key_id=site.key.arn, throughput_mode="elastic", tags=tags,
            protection={"replication_overwrite": "ENABLED" if site is home else "DISABLED"},
        )
        for site in (home, away)
    }  # fmt: skip
    door = home.application if home.word == "one" else home.database
    mount = aws.efs.MountTarget(
        "mount", region=HOME, file_system_id=made[HOME].id, subnet_id=home.subnets[0].id,
        security_groups=[door.id],
    )  # fmt: skip
    _read(home, role, mount, tags)
    aws.efs.ReplicationConfiguration(
        "following", region=HOME, source_file_system_id=made[HOME].id,
        destination={"file_system_id": made[AWAY].id, "region": AWAY},
    )  # fmt: skip


def _read(site: Site, role: aws.iam.Role, mount: aws.efs.MountTarget, tags: dict[str, str]) -> None:
    """A function that mounts the file system, behind an access point whose tags change."""
    access = aws.efs.AccessPoint(
        "access", region=HOME, file_system_id=mount.file_system_id, posix_user={"uid": 0, "gid": 0},
        root_directory={"path": "/"}, tags=tags,
    )  # fmt: skip
    aws.lambda_.Function(
        "mounting", region=HOME, name="mounting", runtime="python3.13", handler="code.run",
        role=role.arn, code=pulumi.AssetArchive({"code.py": pulumi.StringAsset("")}),
        vpc_config={
            "subnet_ids": [site.subnets[0].id], "security_group_ids": [site.application.id],
        },
        logging_config={"log_format": "JSON", "log_group": site.log.name}, tags=tags,
        file_system_config={"arn": access.arn, "local_mount_path": "/mnt/files"},
        opts=pulumi.ResourceOptions(depends_on=[mount]),
    )  # fmt: skip


def _alarms(site: Site, word: str, tags: dict[str, str]) -> None:
    topic = aws.sns.Topic(
        "topic", region=HOME, name="topic", kms_master_key_id=site.key.arn, tags=tags,
        policy=_document({"Sid": word, "Effect": "Deny", "Principal": "*", "Action": "sns:Publish",
                          "Resource": "*"}),
    )  # fmt: skip
    aws.cloudwatch.MetricAlarm(
        "alarm", region=HOME, name="alarm", alarm_description=word, namespace="AWS/RDS",
        metric_name="ReplicaLag", statistic="Maximum", threshold=900.0, period=60,
        comparison_operator="GreaterThanThreshold", evaluation_periods=5, datapoints_to_alarm=5,
        dimensions={"DBInstanceIdentifier": "orders"}, treat_missing_data="breaching",
        alarm_actions=[topic.arn], ok_actions=[topic.arn], tags=tags,
    )  # fmt: skip


def _runs(site: Site, role: aws.iam.Role, word: str, tags: dict[str, str]) -> None:
    retries = {"maximum_event_age_in_seconds": 600, "maximum_retry_attempts": 3}
    queue = aws.sqs.Queue(
        "queue", region=HOME, name="queue", kms_master_key_id=site.key.arn, tags=tags,
        message_retention_seconds=3600 if word == "one" else 7200,
    )  # fmt: skip
    function = aws.lambda_.Function(
        "function", region=HOME, name="function", description=word, runtime="python3.13",
        architectures=["arm64"], handler="code.run", role=role.arn, timeout=900, memory_size=512,
        code=pulumi.AssetArchive({"code.py": pulumi.StringAsset(f"# {word}")}),
        environment={"variables": {"WORD": word}}, tags=tags,
        logging_config={"log_format": "JSON", "log_group": site.log.name},
    )  # fmt: skip
    aws.lambda_.FunctionEventInvokeConfig(
        "failures", region=HOME, function_name=function.name, maximum_event_age_in_seconds=600,
        maximum_retry_attempts=0 if word == "one" else 1,
        destination_config={"on_failure": {"destination": queue.arn}},
    )  # fmt: skip
    _heard(function, tags)
    group = aws.scheduler.ScheduleGroup("schedules", region=HOME, name="schedules", tags=tags)
    aws.scheduler.Schedule(
        "schedule", region=HOME, name="schedule", group_name=group.name, description=word,
        schedule_expression="cron(0/15 0,1 * * ? *)", state="ENABLED",
        schedule_expression_timezone="Europe/Lisbon", flexible_time_window={"mode": "OFF"},
        target={
            "arn": function.arn, "role_arn": role.arn, "input": json.dumps({"duty": word}),
            "retry_policy": retries, "dead_letter_config": {"arn": queue.arn},
        },
    )  # fmt: skip


def _heard(function: aws.lambda_.Function, tags: dict[str, str]) -> None:
    topic = aws.sns.Topic("heard", region=HOME, name="heard", tags=tags)
    aws.lambda_.Permission(
        "permission", region=HOME, statement_id="topic", action="lambda:InvokeFunction",
        function=function.name, principal="sns.amazonaws.com", source_arn=topic.arn,
    )  # fmt: skip
    aws.sns.TopicSubscription(
        "subscription", region=HOME, topic=topic.arn, protocol="lambda", endpoint=function.arn
    )


def _mails(tags: dict[str, str]) -> None:
    sets = aws.sesv2.ConfigurationSet(
        "mails", region=HOME, configuration_set_name="mails", tags=tags,
        suppression_options={"suppressed_reasons": ["BOUNCE"]},
    )  # fmt: skip
    aws.sesv2.EmailIdentity(
        "sender", region=HOME, email_identity="mails.example.com", tags=tags,
        configuration_set_name=sets.configuration_set_name,
    )  # fmt: skip
