"""The actions of run time, each on one scope, so that nothing else is allowed.

Each step and probe of `failover` and `backup` names the permissions that it uses. What each role
is granted stands in `continuity.grants`; `stacks.permissions` turns scopes into ARNs.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What an action may touch; `stacks.permissions` turns it into ARNs of the zone."""

    ANY = "any"  # AWS offers nothing narrower for the action
    DATABASES = "databases"
    ALL_POINTS = "all-points"  # looking at every database, snapshot and backup of the account
    ALARMS = "alarms"
    QUOTAS = "quotas"
    SCRATCH = "scratch"  # what trials restore, and nothing else
    PROBERS = "probers"
    READERS = "readers"  # the functions that read file systems
    SCRATCH_READERS = "scratch-readers"  # that of them which is led to what was restored
    SNAPSHOTS = "snapshots"
    VAULTS = "vaults"
    VAULT_POINTS = "vault-points"
    RESTORES = "restores"  # what a restore reads, what it makes, and the groups that it names
    SERVICES = "services"
    CLUSTERS = "clusters"
    SCALABLE_TARGETS = "scalable-targets"
    DATABASE_SECURITY_GROUPS = "database-security-groups"
    LEASE_TABLES = "lease-tables"
    JOURNAL_TABLES = "journal-tables"
    INCIDENT_TABLES = "incident-tables"
    LATCH_OBJECTS = "latch-objects"
    LATCH_BUCKETS = "latch-buckets"
    LATCH_SWITCHES = "latch-switches"  # what closes and opens, and no warrant
    WITNESS_OBJECTS = "witness-objects"
    MANIFEST_OBJECTS = "manifest-objects"
    FILE_BUCKETS = "file-buckets"  # scratch and what restores made included
    FILE_OBJECTS = "file-objects"
    RESTORED_BUCKETS = "restored-buckets"
    RESTORED_OBJECTS = "restored-objects"
    SCRATCH_OBJECTS = "scratch-objects"
    SERVICE_ROLE = "service-role"  # what AWS Backup works as
    PLATFORM_ROLES = "platform-roles"  # what tasks run as, and what starts them
    ADDRESS_OBJECTS = "address-objects"
    KEYS = "keys"
    SECRETS = "secrets"
    REPOSITORIES = "repositories"
    HOSTED_ZONES = "hosted-zones"
    HEALTH_CHECKS = "health-checks"
    ROLES = "roles"
    LOG_GROUPS = "log-groups"
    KEPT_BUCKETS = "kept-buckets"  # files, and the archive of logs
    LEGAL_HOLDS = "legal-holds"
    TOPICS = "topics"
    SCHEDULES = "schedules"
    BACKUP_PLANS = "backup-plans"
    FILE_SYSTEMS = "file-systems"
    NEW_FILE_SYSTEMS = "new-file-systems"  # of no zone yet: what AWS Backup made
    NEW_ACCESS_POINTS = "new-access-points"  # of no zone either: made for one trial
    NETWORK_INTERFACES = "network-interfaces"
    MOUNTED_IN = "mounted-in"  # what EFS puts a mount target's interface into
    CHANNEL_SECRETS = "channel-secrets"
    MAIL = "mail"  # the domain that a zone sends from, and its configuration sets


@dataclass(frozen=True)
class Permission:
    """One IAM action on one scope."""

    action: str
    scope: Scope


WHO_AM_I = Permission("sts:GetCallerIdentity", Scope.ANY)
DESCRIBE_DATABASES = Permission("rds:DescribeDBInstances", Scope.ALL_POINTS)
PROMOTE_REPLICA = Permission("rds:PromoteReadReplica", Scope.DATABASES)
MODIFY_DATABASE = Permission("rds:ModifyDBInstance", Scope.DATABASES)
REBOOT_DATABASE = Permission("rds:RebootDBInstance", Scope.DATABASES)
RESTORE_TO_TIME = Permission("rds:RestoreDBInstanceToPointInTime", Scope.RESTORES)
RESTORE_SNAPSHOT = Permission("rds:RestoreDBInstanceFromDBSnapshot", Scope.RESTORES)
TAG_DATABASE = Permission("rds:AddTagsToResource", Scope.DATABASES)
UNTAG_DATABASE = Permission("rds:RemoveTagsFromResource", Scope.DATABASES)
DELETE_DATABASE = Permission("rds:DeleteDBInstance", Scope.DATABASES)
DESCRIBE_ALARMS = Permission("cloudwatch:DescribeAlarms", Scope.ALARMS)
READ_METRICS = Permission("cloudwatch:GetMetricData", Scope.ANY)
PUT_METRICS = Permission("cloudwatch:PutMetricData", Scope.ANY)
DESCRIBE_SERVICES = Permission("ecs:DescribeServices", Scope.SERVICES)
UPDATE_SERVICE = Permission("ecs:UpdateService", Scope.SERVICES)
PASS_PLATFORM_ROLES = Permission("iam:PassRole", Scope.PLATFORM_ROLES)
LIST_DEFINITIONS = Permission("ecs:ListTaskDefinitions", Scope.ANY)
DESCRIBE_SCALING = Permission("application-autoscaling:DescribeScalableTargets", Scope.ANY)
REGISTER_SCALING = Permission(
    "application-autoscaling:RegisterScalableTarget", Scope.SCALABLE_TARGETS
)
DESCRIBE_GROUPS = Permission("ec2:DescribeSecurityGroups", Scope.ANY)
REVOKE_INGRESS = Permission("ec2:RevokeSecurityGroupIngress", Scope.DATABASE_SECURITY_GROUPS)
READ_LEASE = Permission("dynamodb:GetItem", Scope.LEASE_TABLES)
WRITE_LEASE = Permission("dynamodb:PutItem", Scope.LEASE_TABLES)
WRITE_HOLD = Permission("dynamodb:UpdateItem", Scope.LEASE_TABLES)
CHECK_LEASE = Permission("dynamodb:ConditionCheckItem", Scope.LEASE_TABLES)
READ_PROOFS = Permission("dynamodb:BatchGetItem", Scope.LEASE_TABLES)
READ_JOURNAL = Permission("dynamodb:Query", Scope.JOURNAL_TABLES)
WRITE_JOURNAL = Permission("dynamodb:PutItem", Scope.JOURNAL_TABLES)
READ_INCIDENTS = Permission("dynamodb:Query", Scope.INCIDENT_TABLES)
WRITE_INCIDENTS = Permission("dynamodb:PutItem", Scope.INCIDENT_TABLES)
LIST_LATCH = Permission("s3:ListBucket", Scope.LATCH_BUCKETS)
MOVE_LATCH = Permission("s3:PutObject", Scope.LATCH_OBJECTS)
LIFT_LATCH = Permission("s3:DeleteObject", Scope.LATCH_SWITCHES)
READ_WARRANT = Permission("s3:GetObject", Scope.LATCH_OBJECTS)
READ_WITNESS = Permission("s3:GetObject", Scope.WITNESS_OBJECTS)
REVOKE_AT_WITNESS = Permission("s3:PutObject", Scope.WITNESS_OBJECTS)
READ_MANIFEST = Permission("s3:GetObject", Scope.MANIFEST_OBJECTS)
READ_ADDRESSES = Permission("s3:GetObject", Scope.ADDRESS_OBJECTS)
WRITE_ADDRESSES = Permission("s3:PutObject", Scope.ADDRESS_OBJECTS)
DESCRIBE_SNAPSHOTS = Permission("rds:DescribeDBSnapshots", Scope.ALL_POINTS)
SNAPSHOT_DATABASE = Permission("rds:CreateDBSnapshot", Scope.DATABASES)
CREATE_SNAPSHOT = Permission("rds:CreateDBSnapshot", Scope.SNAPSHOTS)
COPY_SNAPSHOT = Permission("rds:CopyDBSnapshot", Scope.SNAPSHOTS)
TAG_SNAPSHOT = Permission("rds:AddTagsToResource", Scope.SNAPSHOTS)
UNTAG_SNAPSHOT = Permission("rds:RemoveTagsFromResource", Scope.SNAPSHOTS)
LIST_VAULT_POINTS = Permission("backup:ListRecoveryPointsByBackupVault", Scope.VAULTS)
LIST_COPY_JOBS = Permission("backup:ListCopyJobs", Scope.ANY)
DESCRIBE_VAULT_POINT = Permission("backup:DescribeRecoveryPoint", Scope.VAULT_POINTS)
DELETE_VAULT_POINT = Permission("backup:DeleteRecoveryPoint", Scope.VAULT_POINTS)
START_RESTORE = Permission("backup:StartRestoreJob", Scope.VAULT_POINTS)
DESCRIBE_RESTORE = Permission("backup:DescribeRestoreJob", Scope.ANY)
LIST_RESTORES = Permission("backup:ListRestoreJobs", Scope.ANY)
READ_RESTORE_METADATA = Permission("backup:GetRestoreJobMetadata", Scope.ANY)
PASS_SERVICE_ROLE = Permission("iam:PassRole", Scope.SERVICE_ROLE)
DESCRIBE_FILE_SYSTEMS = Permission("elasticfilesystem:DescribeFileSystems", Scope.FILE_SYSTEMS)
DELETE_SCRATCH_FILES = Permission("elasticfilesystem:DeleteFileSystem", Scope.NEW_FILE_SYSTEMS)
TAG_RESTORED_FILES = Permission("elasticfilesystem:TagResource", Scope.NEW_FILE_SYSTEMS)
LIST_FILES = Permission("s3:ListBucket", Scope.FILE_BUCKETS)
LIST_FILE_VERSIONS = Permission("s3:ListBucketVersions", Scope.FILE_BUCKETS)
READ_FILE_LIFECYCLE = Permission("s3:GetLifecycleConfiguration", Scope.FILE_BUCKETS)
READ_FILE = Permission("s3:GetObject", Scope.FILE_OBJECTS)
READ_FILE_VERSION = Permission("s3:GetObjectVersion", Scope.FILE_OBJECTS)
READ_FILE_TAGS = Permission("s3:GetObjectVersionTagging", Scope.FILE_OBJECTS)
WRITE_RESTORED = Permission("s3:PutObject", Scope.RESTORED_OBJECTS)
TAG_RESTORED = Permission("s3:PutObjectTagging", Scope.RESTORED_OBJECTS)
ABORT_RESTORED = Permission("s3:AbortMultipartUpload", Scope.RESTORED_OBJECTS)
MAKE_BUCKET = Permission("s3:CreateBucket", Scope.RESTORED_BUCKETS)
ENCRYPT_BUCKET = Permission("s3:PutEncryptionConfiguration", Scope.RESTORED_BUCKETS)
VERSION_BUCKET = Permission("s3:PutBucketVersioning", Scope.RESTORED_BUCKETS)
EMPTY_SCRATCH = Permission("s3:DeleteObjectVersion", Scope.SCRATCH_OBJECTS)
OPEN_WITH_KEY = Permission("kms:Decrypt", Scope.KEYS)
SEAL_WITH_KEY = Permission("kms:GenerateDataKey", Scope.KEYS)
DELETE_SNAPSHOT = Permission("rds:DeleteDBSnapshot", Scope.SNAPSHOTS)
DESCRIBE_KEY = Permission("kms:DescribeKey", Scope.KEYS)
GRANT_KEY = Permission("kms:CreateGrant", Scope.KEYS)
DESCRIBE_BACKUPS = Permission("rds:DescribeDBInstanceAutomatedBackups", Scope.ALL_POINTS)
DELETE_SCRATCH = Permission("rds:DeleteDBInstance", Scope.SCRATCH)
TAG_SCRATCH = Permission("rds:AddTagsToResource", Scope.SCRATCH)
ASK_PROBER = Permission("lambda:InvokeFunction", Scope.PROBERS)
DESCRIBE_PARAMETERS = Permission("rds:DescribeDBParameters", Scope.DATABASES)
DESCRIBE_OFFERS = Permission("rds:DescribeOrderableDBInstanceOptions", Scope.ANY)
DESCRIBE_RDS_QUOTAS = Permission("rds:DescribeAccountAttributes", Scope.ANY)
READ_QUOTA = Permission("servicequotas:GetServiceQuota", Scope.QUOTAS)
DESCRIBE_SECRET = Permission("secretsmanager:DescribeSecret", Scope.SECRETS)
READ_SECRET = Permission("secretsmanager:GetSecretValue", Scope.SECRETS)
DESCRIBE_IMAGES = Permission("ecr:DescribeImages", Scope.REPOSITORIES)
DESCRIBE_REGISTRY = Permission("ecr:DescribeRegistry", Scope.ANY)
READ_SCHEDULE = Permission("scheduler:GetSchedule", Scope.SCHEDULES)
LIST_BACKUP_PLANS = Permission("backup:ListBackupPlans", Scope.ANY)
READ_BACKUP_PLAN = Permission("backup:GetBackupPlan", Scope.BACKUP_PLANS)
READ_FILE_REPLICATION = Permission("s3:GetReplicationConfiguration", Scope.KEPT_BUCKETS)
DESCRIBE_FILE_SYSTEM_COPIES = Permission(
    "elasticfilesystem:DescribeReplicationConfigurations", Scope.FILE_SYSTEMS
)
DESCRIBE_MOUNTS = Permission("elasticfilesystem:DescribeMountTargets", Scope.FILE_SYSTEMS)
MAKE_MOUNT = Permission("elasticfilesystem:CreateMountTarget", Scope.NEW_FILE_SYSTEMS)
DELETE_MOUNT = Permission("elasticfilesystem:DeleteMountTarget", Scope.NEW_FILE_SYSTEMS)
DESCRIBE_ACCESS_POINTS = Permission("elasticfilesystem:DescribeAccessPoints", Scope.FILE_SYSTEMS)
MAKE_ACCESS_POINT = Permission("elasticfilesystem:CreateAccessPoint", Scope.NEW_FILE_SYSTEMS)
DELETE_ACCESS_POINT = Permission("elasticfilesystem:DeleteAccessPoint", Scope.NEW_ACCESS_POINTS)
LOOK_FOR_SUBNETS = Permission("ec2:DescribeSubnets", Scope.ANY)
LOOK_FOR_INTERFACES = Permission("ec2:DescribeNetworkInterfaces", Scope.ANY)
MAKE_INTERFACE = Permission("ec2:CreateNetworkInterface", Scope.MOUNTED_IN)
DELETE_INTERFACE = Permission("ec2:DeleteNetworkInterface", Scope.NETWORK_INTERFACES)
ASK_READER = Permission("lambda:InvokeFunction", Scope.READERS)
LOOK_AT_READER = Permission("lambda:GetFunctionConfiguration", Scope.SCRATCH_READERS)
LEAD_READER = Permission("lambda:UpdateFunctionConfiguration", Scope.SCRATCH_READERS)
LIST_RECORDS = Permission("route53:ListResourceRecordSets", Scope.HOSTED_ZONES)
READ_CHECK = Permission("route53:GetHealthCheck", Scope.HEALTH_CHECKS)
READ_CHECK_STATUS = Permission("route53:GetHealthCheckStatus", Scope.HEALTH_CHECKS)
DESCRIBE_LEASE_TABLE = Permission("dynamodb:DescribeTable", Scope.LEASE_TABLES)
DESCRIBE_JOURNAL_TABLE = Permission("dynamodb:DescribeTable", Scope.JOURNAL_TABLES)
DESCRIBE_LEASE_BACKUPS = Permission("dynamodb:DescribeContinuousBackups", Scope.LEASE_TABLES)
DESCRIBE_JOURNAL_BACKUPS = Permission("dynamodb:DescribeContinuousBackups", Scope.JOURNAL_TABLES)
ASK_WHAT_ROLES_MAY = Permission("iam:SimulatePrincipalPolicy", Scope.ROLES)
DESCRIBE_LOG_GROUPS = Permission("logs:DescribeLogGroups", Scope.ANY)
KEEP_LOGS = Permission("logs:PutRetentionPolicy", Scope.LOG_GROUPS)
READ_LIFECYCLE = Permission("s3:GetLifecycleConfiguration", Scope.KEPT_BUCKETS)
WRITE_LIFECYCLE = Permission("s3:PutLifecycleConfiguration", Scope.KEPT_BUCKETS)
LIST_LEGAL_HOLDS = Permission("backup:ListLegalHolds", Scope.ANY)
CREATE_LEGAL_HOLD = Permission("backup:CreateLegalHold", Scope.LEGAL_HOLDS)
CANCEL_LEGAL_HOLD = Permission("backup:CancelLegalHold", Scope.LEGAL_HOLDS)
TELL_PEOPLE = Permission("sns:Publish", Scope.TOPICS)
READ_CHANNEL_SECRET = Permission("secretsmanager:GetSecretValue", Scope.CHANNEL_SECRETS)
SEND_MAIL = Permission("ses:SendEmail", Scope.MAIL)
