"""Tags: by them costs are told apart, a backup finds what is to be kept, and IAM what is a zone's.

Only what AWS lets carry tags is asked for them; the rest is listed, so that a new type is a
question and not an oversight.
"""

from collections.abc import Iterator

from continuity import naming
from continuity.zone import SiteName
from policy.declared import Declared
from policy.rule import ResourceRule
from policy.stack import INSTANCE, PARAMETER_GROUP, UNKNOWN, Resource

_TAGLESS = frozenset(
    f"aws:{kind}"
    for kind in """
    acm/certificateValidation:CertificateValidation appautoscaling/policy:Policy
    backup/restoreTestingSelection:RestoreTestingSelection backup/selection:Selection
    backup/vaultPolicy:VaultPolicy cloudwatch/logSubscriptionFilter:LogSubscriptionFilter
    ec2/route:Route ec2/routeTableAssociation:RouteTableAssociation
    ecr/replicationConfiguration:ReplicationConfiguration efs/mountTarget:MountTarget
    efs/replicationConfiguration:ReplicationConfiguration
    iam/rolePolicy:RolePolicy iam/rolePolicyAttachment:RolePolicyAttachment kms/alias:Alias
    lambda/functionEventInvokeConfig:FunctionEventInvokeConfig lambda/permission:Permission
    rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication
    route53/record:Record s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration
    s3/bucketOwnershipControls:BucketOwnershipControls s3/bucketPolicy:BucketPolicy
    s3/bucketPublicAccessBlock:BucketPublicAccessBlock
    s3/bucketReplicationConfig:BucketReplicationConfig
    s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration
    s3/bucketVersioning:BucketVersioning scheduler/schedule:Schedule
    secretsmanager/secretVersion:SecretVersion sns/topicSubscription:TopicSubscription
    """.split()  # noqa: SIM905 - a table of words, not a list
)
"""Types whose resources carry no tags of their own (AWS Pulumi provider, inputs of each)."""
_OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
_OF_DATABASE = (INSTANCE, PARAMETER_GROUP)


def _tagged(resource: Resource, declared: Declared) -> Iterator[str]:
    if not resource.type.startswith("aws:") or resource.type in (*_TAGLESS, _OBJECT):
        return
    if not resource.is_known("tags"):
        return
    for tag, wanted in _wanted(resource, declared).items():
        found = resource.tags.get(tag)
        if found is None:
            yield f"carries no tag {tag}; give it {wanted}."
        elif found is not UNKNOWN and not wanted.allows(str(found)):
            yield f"carries {tag} = {found}; give it {wanted}."


class _Wanted:
    """The values that a tag may have, as a rule says them."""

    def __init__(self, *values: str) -> None:
        self.values = values

    def allows(self, value: str) -> bool:
        return not self.values or value in self.values

    def __str__(self) -> str:
        return " or ".join(self.values) or "the name of its database"


def _wanted(resource: Resource, declared: Declared) -> dict[str, _Wanted]:
    """The witness and what is global belong to no site."""
    found = {naming.TAG_ZONE: _Wanted(declared.zone)}
    here = [site for site in SiteName if declared.regions[site] == resource.region]
    if here:
        found[naming.TAG_SITE] = _Wanted(*here)
    if resource.type in _OF_DATABASE:
        found[naming.TAG_DATABASE] = _Wanted(*declared.databases)
    return found


RULES = (
    ResourceRule(
        "tagged",
        "Everything carries its zone, its site, and a database's parts its name.",
        (),
        _tagged,
    ),
)
