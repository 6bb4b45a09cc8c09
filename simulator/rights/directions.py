"""What IAM asks of calls that look where something is copied to, and when something runs.

Source: service authorization reference of Amazon EventBridge Scheduler (a schedule is named by its
group and itself), AWS Backup, Amazon ECR, Amazon EFS and Amazon S3.
"""

from simulator.call_log import Call
from simulator.rights.asked import Asked, Rules, arn, of_everything, text


def rules() -> Rules:
    """Return the rules of what looks at directions."""
    return {
        ("scheduler", "GetSchedule"): _schedule,
        ("backup", "ListBackupPlans"): of_everything("backup:ListBackupPlans"),
        ("backup", "GetBackupPlan"): _plan,
        ("ecr", "DescribeRegistry"): of_everything("ecr:DescribeRegistry"),
        ("efs", "DescribeReplicationConfigurations"): _file_system,
        ("s3", "GetBucketReplication"): _bucket,
    }


def _schedule(call: Call) -> list[Asked]:
    name = f"{text(call, 'GroupName') or 'default'}/{text(call, 'Name')}"
    return [Asked("scheduler:GetSchedule", arn(call, "scheduler", name, "schedule", "/"))]


def _plan(call: Call) -> list[Asked]:
    plan = arn(call, "backup", text(call, "BackupPlanId"), "backup-plan")
    return [Asked("backup:GetBackupPlan", plan)]


def _file_system(call: Call) -> list[Asked]:
    """Without a name AWS asks for all of the region's."""
    named = text(call, "FileSystemId") or "*"
    action = "elasticfilesystem:DescribeReplicationConfigurations"
    return [Asked(action, arn(call, "elasticfilesystem", named, "file-system", "/"))]


def _bucket(call: Call) -> list[Asked]:
    return [Asked("s3:GetReplicationConfiguration", f"arn:aws:s3:::{text(call, 'Bucket')}")]
