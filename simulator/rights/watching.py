"""What IAM asks of calls to CloudWatch, Route 53, STS, AWS Backup, Service Quotas and IAM itself.

Source: service authorization reference of each. GetCallerIdentity asks for nothing: STS answers it
even to a caller who was denied it (API reference).
"""

from collections.abc import Iterator

from simulator.call_log import Call
from simulator.rights.asked import Asked, Rule, Rules, arn, nothing, of_everything, text

_ALARMS = "cloudwatch:DescribeAlarms"


def rules() -> Rules:
    """Return the rules of what watches and names."""
    return {
        ("sts", "GetCallerIdentity"): nothing,
        ("cloudwatch", "DescribeAlarms"): of_everything(_ALARMS),
        ("cloudwatch", "GetMetricData"): of_everything("cloudwatch:GetMetricData"),
        ("cloudwatch", "PutMetricData"): of_everything("cloudwatch:PutMetricData"),
        ("service-quotas", "GetServiceQuota"): of_everything("servicequotas:GetServiceQuota"),
        ("iam", "SimulatePrincipalPolicy"): _role,
        ("backup", "ListCopyJobs"): of_everything("backup:ListCopyJobs"),
        ("backup", "ListRecoveryPointsByBackupVault"): _vault,
        ("backup", "DescribeRecoveryPoint"): _point("DescribeRecoveryPoint"),
        ("backup", "DeleteRecoveryPoint"): _point("DeleteRecoveryPoint"),
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


def _role(call: Call) -> Iterator[Asked]:
    yield Asked("iam:SimulatePrincipalPolicy", text(call, "PolicySourceArn"))


def _vault(call: Call) -> Iterator[Asked]:
    vault = arn(call, "backup", text(call, "BackupVaultName"), "backup-vault")
    yield Asked("backup:ListRecoveryPointsByBackupVault", vault)


def _point(operation: str) -> Rule:
    """A point is asked about by its own ARN, whatever it is a copy of."""
    return lambda call: [Asked(f"backup:{operation}", text(call, "RecoveryPointArn"))]


def _health(operation: str) -> Rule:
    return _route53(operation, "healthcheck", "HealthCheckId")


def _route53(operation: str, kind: str, parameter: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        name = text(call, parameter).rpartition("/")[2]
        yield Asked(f"route53:{operation}", f"arn:aws:route53:::{kind}/{name}")

    return asked
