"""What IAM asks of calls to CloudWatch and its logs, SNS, SES, Route 53, STS, Backup, and IAM.

Source: service authorization reference of each. GetCallerIdentity asks for nothing: STS answers it
even to a caller who was denied it (API reference).
"""

from collections.abc import Iterator

from moto.sns.models import sns_backends

from simulator.call_log import Call
from simulator.rights.asked import Asked, Rule, Rules, arn, nothing, of_everything, text
from simulator.world import ACCOUNT


def rules() -> Rules:
    """Return the rules of what watches and names."""
    return {
        ("sts", "GetCallerIdentity"): nothing,
        ("cloudwatch", "DescribeAlarms"): _alarms,
        ("cloudwatch", "GetMetricData"): of_everything("cloudwatch:GetMetricData"),
        ("cloudwatch", "PutMetricData"): of_everything("cloudwatch:PutMetricData"),
        ("service-quotas", "GetServiceQuota"): _quota,
        ("iam", "SimulatePrincipalPolicy"): _role,
        ("backup", "ListCopyJobs"): of_everything("backup:ListCopyJobs"),
        ("backup", "ListRecoveryPointsByBackupVault"): _vault,
        ("backup", "DescribeRecoveryPoint"): _point("DescribeRecoveryPoint"),
        ("backup", "DeleteRecoveryPoint"): _point("DeleteRecoveryPoint"),
        ("backup", "ListLegalHolds"): of_everything("backup:ListLegalHolds"),
        ("backup", "CreateLegalHold"): _new_legal_hold,
        ("backup", "CancelLegalHold"): _legal_hold,
        ("logs", "DescribeLogGroups"): of_everything("logs:DescribeLogGroups"),
        ("logs", "PutRetentionPolicy"): _log_group("PutRetentionPolicy"),
        ("sns", "Publish"): _topic,
        ("sesv2", "SendEmail"): _mail,
        ("route53", "ChangeResourceRecordSets"): _route53(
            "ChangeResourceRecordSets", "hostedzone", "HostedZoneId"
        ),
        ("route53", "GetHealthCheck"): _health("GetHealthCheck"),
        ("route53", "GetHealthCheckStatus"): _health("GetHealthCheckStatus"),
        ("route53", "ListResourceRecordSets"): _route53(
            "ListResourceRecordSets", "hostedzone", "HostedZoneId"
        ),
        ("route53", "UpdateHealthCheck"): _health("UpdateHealthCheck"),
    }


def _alarms(call: Call) -> Iterator[Asked]:
    """Whatever names are given, CloudWatch asks for all of the region's."""
    yield Asked("cloudwatch:DescribeAlarms", arn(call, "cloudwatch", "*", "alarm"))


def _quota(call: Call) -> Iterator[Asked]:
    name = f"{text(call, 'ServiceCode')}/{text(call, 'QuotaCode')}"
    yield Asked("servicequotas:GetServiceQuota", _in_region(call, "servicequotas", name))


def _in_region(call: Call, service: str, name: str) -> str:
    return f"arn:aws:{service}:{call.region}:{ACCOUNT}:{name}"


def _role(call: Call) -> Iterator[Asked]:
    yield Asked("iam:SimulatePrincipalPolicy", text(call, "PolicySourceArn"))


def _vault(call: Call) -> Iterator[Asked]:
    vault = arn(call, "backup", text(call, "BackupVaultName"), "backup-vault")
    yield Asked("backup:ListRecoveryPointsByBackupVault", vault)


def _point(operation: str) -> Rule:
    """A point is asked about by its own ARN, whatever it is a copy of."""
    return lambda call: [Asked(f"backup:{operation}", text(call, "RecoveryPointArn"))]


def _new_legal_hold(call: Call) -> Iterator[Asked]:
    """AWS makes up the name of a new one."""
    yield Asked("backup:CreateLegalHold", arn(call, "backup", "*", "legal-hold"))


def _legal_hold(call: Call) -> Iterator[Asked]:
    name = arn(call, "backup", text(call, "LegalHoldId"), "legal-hold")
    yield Asked("backup:CancelLegalHold", name)


def _log_group(operation: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        name = arn(call, "logs", text(call, "logGroupName"), "log-group")
        yield Asked(f"logs:{operation}", name)

    return asked


def _topic(call: Call) -> Iterator[Asked]:
    """Whoever speaks into an encrypted topic needs its key, too (SNS guide, "Key management")."""
    name = text(call, "TopicArn")
    yield Asked("sns:Publish", name)
    topic = sns_backends[ACCOUNT][call.region].topics.get(name)
    if topic is not None and topic.kms_master_key_id:
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            yield Asked(action, arn(call, "kms", topic.kms_master_key_id, "key", "/"))


def _mail(call: Call) -> Iterator[Asked]:
    """Who sends needs the identity that it comes from, and the configuration set if one is named.

    Of an address and its domain the one counts that is verified: ours are domains.
    """
    domain = text(call, "FromEmailAddress").rpartition("@")[2].rstrip("> ")
    yield Asked("ses:SendEmail", arn(call, "ses", domain, "identity", "/"))
    named = text(call, "ConfigurationSetName")
    if named:
        yield Asked("ses:SendEmail", arn(call, "ses", named, "configuration-set", "/"))


def _health(operation: str) -> Rule:
    return _route53(operation, "healthcheck", "HealthCheckId")


def _route53(operation: str, kind: str, parameter: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        name = text(call, parameter).rpartition("/")[2]
        yield Asked(f"route53:{operation}", f"arn:aws:route53:::{kind}/{name}")

    return asked
