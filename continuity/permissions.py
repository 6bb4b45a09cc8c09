"""What run time is allowed to do, beside each other, so that nothing else is.

Each step and probe of `failover` and `backup` names the permissions that it uses; `stacks`
grants the roles exactly these lists. Tests compare both with the calls that AWS really sees.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What an action may touch; `stacks.permissions` turns it into ARNs of the zone."""

    ANY = "any"  # AWS offers nothing narrower for the action
    DATABASES = "databases"
    SCRATCH = "scratch"  # what trials restore, and nothing else
    PROBERS = "probers"
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
    WITNESS_OBJECTS = "witness-objects"
    MANIFEST_OBJECTS = "manifest-objects"
    FILE_BUCKETS = "file-buckets"  # scratch and what restores made included
    FILE_OBJECTS = "file-objects"
    RESTORED_BUCKETS = "restored-buckets"
    RESTORED_OBJECTS = "restored-objects"
    SCRATCH_OBJECTS = "scratch-objects"
    SERVICE_ROLE = "service-role"  # what AWS Backup works as
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


@dataclass(frozen=True)
class Permission:
    """One IAM action on one scope."""

    action: str
    scope: Scope


WHO_AM_I = Permission("sts:GetCallerIdentity", Scope.ANY)
DESCRIBE_DATABASES = Permission("rds:DescribeDBInstances", Scope.ANY)
PROMOTE_REPLICA = Permission("rds:PromoteReadReplica", Scope.DATABASES)
MODIFY_DATABASE = Permission("rds:ModifyDBInstance", Scope.DATABASES)
REBOOT_DATABASE = Permission("rds:RebootDBInstance", Scope.DATABASES)
RESTORE_TO_TIME = Permission("rds:RestoreDBInstanceToPointInTime", Scope.RESTORES)
RESTORE_SNAPSHOT = Permission("rds:RestoreDBInstanceFromDBSnapshot", Scope.RESTORES)
TAG_DATABASE = Permission("rds:AddTagsToResource", Scope.DATABASES)
UNTAG_DATABASE = Permission("rds:RemoveTagsFromResource", Scope.DATABASES)
DELETE_DATABASE = Permission("rds:DeleteDBInstance", Scope.DATABASES)
DESCRIBE_ALARMS = Permission("cloudwatch:DescribeAlarms", Scope.ANY)
READ_METRICS = Permission("cloudwatch:GetMetricData", Scope.ANY)
PUT_METRICS = Permission("cloudwatch:PutMetricData", Scope.ANY)
DESCRIBE_SERVICES = Permission("ecs:DescribeServices", Scope.SERVICES)
UPDATE_SERVICE = Permission("ecs:UpdateService", Scope.SERVICES)
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
READ_WARRANT = Permission("s3:GetObject", Scope.LATCH_OBJECTS)
READ_WITNESS = Permission("s3:GetObject", Scope.WITNESS_OBJECTS)
REVOKE_AT_WITNESS = Permission("s3:PutObject", Scope.WITNESS_OBJECTS)
READ_MANIFEST = Permission("s3:GetObject", Scope.MANIFEST_OBJECTS)
READ_ADDRESSES = Permission("s3:GetObject", Scope.ADDRESS_OBJECTS)
WRITE_ADDRESSES = Permission("s3:PutObject", Scope.ADDRESS_OBJECTS)
DESCRIBE_SNAPSHOTS = Permission("rds:DescribeDBSnapshots", Scope.ANY)
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
DESCRIBE_BACKUPS = Permission("rds:DescribeDBInstanceAutomatedBackups", Scope.ANY)
DELETE_SCRATCH = Permission("rds:DeleteDBInstance", Scope.SCRATCH)
TAG_SCRATCH = Permission("rds:AddTagsToResource", Scope.SCRATCH)
ASK_PROBER = Permission("lambda:InvokeFunction", Scope.PROBERS)
DESCRIBE_PARAMETERS = Permission("rds:DescribeDBParameters", Scope.DATABASES)
DESCRIBE_OFFERS = Permission("rds:DescribeOrderableDBInstanceOptions", Scope.ANY)
DESCRIBE_RDS_QUOTAS = Permission("rds:DescribeAccountAttributes", Scope.ANY)
READ_QUOTA = Permission("servicequotas:GetServiceQuota", Scope.ANY)
DESCRIBE_SECRET = Permission("secretsmanager:DescribeSecret", Scope.SECRETS)
READ_SECRET = Permission("secretsmanager:GetSecretValue", Scope.SECRETS)
DESCRIBE_IMAGES = Permission("ecr:DescribeImages", Scope.REPOSITORIES)
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
CREATE_LEGAL_HOLD = Permission("backup:CreateLegalHold", Scope.ANY)
CANCEL_LEGAL_HOLD = Permission("backup:CancelLegalHold", Scope.LEGAL_HOLDS)
TELL_PEOPLE = Permission("sns:Publish", Scope.TOPICS)

FAILOVER: tuple[Permission, ...] = (
    WHO_AM_I,
    DESCRIBE_DATABASES,
    PROMOTE_REPLICA,
    MODIFY_DATABASE,
    REBOOT_DATABASE,
    DESCRIBE_BACKUPS,
    DESCRIBE_SNAPSHOTS,
    RESTORE_TO_TIME,
    RESTORE_SNAPSHOT,
    TAG_DATABASE,
    DESCRIBE_KEY,
    GRANT_KEY,
    READ_METRICS,
    DESCRIBE_ALARMS,
    DESCRIBE_SERVICES,
    UPDATE_SERVICE,
    LIST_DEFINITIONS,
    DESCRIBE_SCALING,
    REGISTER_SCALING,
    DESCRIBE_GROUPS,
    REVOKE_INGRESS,
    READ_LEASE,
    READ_PROOFS,
    WRITE_LEASE,
    WRITE_HOLD,
    CHECK_LEASE,
    READ_JOURNAL,
    WRITE_JOURNAL,
    LIST_LATCH,
    MOVE_LATCH,
    READ_WARRANT,
    READ_WITNESS,
    REVOKE_AT_WITNESS,
    READ_MANIFEST,
    READ_ADDRESSES,
    WRITE_ADDRESSES,
    READ_INCIDENTS,
    WRITE_INCIDENTS,
)
"""What the failover role may do; a test keeps it equal to what the steps and probes declare."""

TRIED_FILES: tuple[Permission, ...] = (
    START_RESTORE,
    PASS_SERVICE_ROLE,
    LIST_RESTORES,
    READ_RESTORE_METADATA,
    LIST_FILES,
    LIST_FILE_VERSIONS,
    READ_FILE_LIFECYCLE,
    READ_FILE,
    READ_FILE_VERSION,
    OPEN_WITH_KEY,
    EMPTY_SCRATCH,
)
"""What it takes to try a point of files: every version is read, and the scratch bucket emptied."""

RESTORED_FILES: tuple[Permission, ...] = (
    DESCRIBE_RESTORE,
    READ_FILE_TAGS,
    WRITE_RESTORED,
    TAG_RESTORED,
    ABORT_RESTORED,
    MAKE_BUCKET,
    ENCRYPT_BUCKET,
    VERSION_BUCKET,
    SEAL_WITH_KEY,
)
"""What it takes besides to restore files for good: to write where nothing live is."""

BACKUP: tuple[Permission, ...] = (
    WHO_AM_I,
    DESCRIBE_DATABASES,
    DESCRIBE_SNAPSHOTS,
    SNAPSHOT_DATABASE,
    CREATE_SNAPSHOT,
    COPY_SNAPSHOT,
    TAG_SNAPSHOT,
    UNTAG_SNAPSHOT,
    DELETE_SNAPSHOT,
    LIST_VAULT_POINTS,
    LIST_COPY_JOBS,
    DESCRIBE_VAULT_POINT,
    DELETE_VAULT_POINT,
    DESCRIBE_BACKUPS,
    READ_LEASE,
    WRITE_HOLD,
    READ_MANIFEST,
    DESCRIBE_KEY,
    GRANT_KEY,
    DESCRIBE_RDS_QUOTAS,
    PUT_METRICS,
    READ_JOURNAL,
    DESCRIBE_ALARMS,
    MODIFY_DATABASE,
    DESCRIBE_LOG_GROUPS,
    KEEP_LOGS,
    READ_LIFECYCLE,
    WRITE_LIFECYCLE,
    LIST_LEGAL_HOLDS,
    CREATE_LEGAL_HOLD,
    CANCEL_LEGAL_HOLD,
    TELL_PEOPLE,
    SEAL_WITH_KEY,
    *TRIED_FILES,
    RESTORE_SNAPSHOT,
    TAG_SCRATCH,
    DELETE_SCRATCH,
    ASK_PROBER,
    READ_PROOFS,
)
"""What the backup role may do: take recovery points, copy and try them, and give up what has no
place; and what a hold asks for: to see that the zone is well, to keep everything longer, to tell
people. A test keeps it equal to what the duties of `backup.nightly` declare. What carries a hold
it cannot delete, whatever is written here (`stacks.holds`).
"""

PROBER: tuple[Permission, ...] = (READ_SECRET, WRITE_HOLD)
"""What the function may do that looks into restored databases: read their passwords, and answer.

Of the controller table it may write one item (`stacks.prober`).
"""

RESTORE: tuple[Permission, ...] = (
    WHO_AM_I,
    DESCRIBE_DATABASES,
    MODIFY_DATABASE,
    DELETE_DATABASE,
    RESTORE_TO_TIME,
    RESTORE_SNAPSHOT,
    TAG_DATABASE,
    UNTAG_DATABASE,
    REBOOT_DATABASE,
    DESCRIBE_SNAPSHOTS,
    DESCRIBE_BACKUPS,
    LIST_VAULT_POINTS,
    LIST_COPY_JOBS,
    DESCRIBE_KEY,
    GRANT_KEY,
    READ_LEASE,
    WRITE_HOLD,
    READ_JOURNAL,
    READ_MANIFEST,
    TAG_SNAPSHOT,
    UNTAG_SNAPSHOT,
    TAG_SCRATCH,
    DELETE_SCRATCH,
    ASK_PROBER,
    READ_PROOFS,
    PUT_METRICS,
    DESCRIBE_VAULT_POINT,
    *TRIED_FILES,
    *RESTORED_FILES,
)
"""What people may do who restore: read the catalogue, hold, restore, try, swap names, delete
databases. A test keeps it equal to what `backup.restore`, `backup.verify` and their kin declare.
The role of the schedule deletes no database but what it restored to try it, and renames none.
"""

READINESS: tuple[Permission, ...] = (
    WHO_AM_I,
    DESCRIBE_DATABASES,
    DESCRIBE_BACKUPS,
    DESCRIBE_SNAPSHOTS,
    DESCRIBE_PARAMETERS,
    DESCRIBE_OFFERS,
    DESCRIBE_RDS_QUOTAS,
    READ_QUOTA,
    READ_METRICS,
    DESCRIBE_KEY,
    DESCRIBE_SECRET,
    DESCRIBE_IMAGES,
    DESCRIBE_SERVICES,
    DESCRIBE_SCALING,
    DESCRIBE_GROUPS,
    LIST_RECORDS,
    READ_CHECK,
    READ_CHECK_STATUS,
    LIST_LATCH,
    READ_MANIFEST,
    READ_ADDRESSES,
    READ_LEASE,
    READ_PROOFS,
    DESCRIBE_LEASE_TABLE,
    DESCRIBE_JOURNAL_TABLE,
    DESCRIBE_LEASE_BACKUPS,
    DESCRIBE_JOURNAL_BACKUPS,
    ASK_WHAT_ROLES_MAY,
)
"""What `holdfast check` may do: look. A test keeps it equal to what the looks declare."""
