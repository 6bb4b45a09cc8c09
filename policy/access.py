"""Nothing of a zone is public but what clients must reach: load balancers, and the latch.

The latch is the one stated exception (docs/decisions/0002): health checkers sign nothing, so that
anybody may read its few objects by name. Here that exception has its exact shape.
"""

from collections.abc import Iterator

from policy.declared import Declared
from policy.documents import Statement, allows, is_for_anybody, label, texts
from policy.rule import ResourceRule, StackRule, Wrong
from policy.stack import BUCKET, Resource, Stack

BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_POLICIES = (
    BUCKET_POLICY,
    "aws:backup/vaultPolicy:VaultPolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:kms/key:Key",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:sns/topic:Topic",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queue:Queue",
    "aws:sqs/queuePolicy:QueuePolicy",
)
_WHOLE_WORLD = ("0.0.0.0/0", "::/0")
_PUBLIC_PORTS = (80, 443)
_LATCH_OBJECTS = ("closed/", "open/", "warrant/")
_BLOCKS = ("blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets")
_BLOCKS_OF_LATCH = ("blockPublicAcls", "ignorePublicAcls")


def is_latch(bucket_name: str) -> bool:
    """Say whether a bucket's name is that of a site's latch, or of the witness's."""
    return bucket_name.startswith("holdfast-") and bucket_name.endswith("-latch")


def _policies_closed(resource: Resource, _: Declared) -> Iterator[str]:
    for statement in filter(allows, resource.statements()):
        if is_for_anybody(statement) and not _reads_latch(statement):
            yield (
                f"lets anybody in the world do {', '.join(texts(statement.get('Action')))} "
                f"({label(statement)}); name who may."
            )


def _reads_latch(statement: Statement) -> bool:
    """Say whether a statement is the exception: reading, and only the latch's own objects."""
    if texts(statement.get("Action")) != ["s3:GetObject"]:
        return False
    objects = [arn.partition(":::")[2].partition("/") for arn in texts(statement.get("Resource"))]
    return bool(objects) and all(
        is_latch(bucket) and key.startswith(_LATCH_OBJECTS) and "*" not in key
        for bucket, _, key in objects
    )


def _buckets_closed(stack: Stack) -> Iterator[Wrong]:
    for bucket in stack.of(BUCKET):
        wanted = _BLOCKS_OF_LATCH if is_latch(bucket.text("bucket")) else _BLOCKS
        blocks = stack.belonging(_BLOCK, "bucket", bucket)
        open_ways = [name for name in wanted if not any(one.get(name) for one in blocks)]
        if open_ways:
            yield Wrong(
                f"could be made public ({', '.join(open_ways)} not set); give it a "
                "BucketPublicAccessBlock with all of them.",
                bucket,
            )


def _doors_closed(rule: Resource, _: Declared) -> Iterator[str]:
    """Clients come over HTTP, to be redirected, and HTTPS; nobody from outside by another way."""
    if not {rule.get("cidrIpv4"), rule.get("cidrIpv6")} & {*_WHOLE_WORLD}:
        return
    ports = {rule.get("fromPort"), rule.get("toPort")}
    if rule.get("ipProtocol") != "tcp" or not ports <= {*_PUBLIC_PORTS} or len(ports) != 1:
        yield (
            f"opens ports {rule.get('fromPort')} to {rule.get('toPort')} to the whole internet; "
            "name the security group that may come in."
        )


def _tasks_inside(service: Resource, _: Declared) -> Iterator[str]:
    for network in service.rows("networkConfiguration"):
        if network.get("assignPublicIp") is True:
            yield "gives its tasks public addresses; set assign_public_ip to False."


def _callers_named(permission: Resource, _: Declared) -> Iterator[str]:
    """A service calls on behalf of whoever asked it, of any account (Lambda guide, "Granting")."""
    principal, source = permission.text("principal"), permission.get("sourceArn")
    if principal == "*" or (principal.endswith(".amazonaws.com") and source is None):
        yield (
            f"lets anybody call the function through {principal}; name in source_arn on whose "
            "behalf."
        )


RULES = (
    ResourceRule(
        "nobody-is-anybody",
        "No policy of a resource lets anybody in the world in; the latch's objects are read.",
        _POLICIES,
        _policies_closed,
    ),
    StackRule(
        "buckets-closed", "No bucket can be made public; the latch by policy only.", _buckets_closed
    ),
    ResourceRule(
        "doors-closed",
        "The internet reaches ports 80 and 443, and nothing else.",
        (_INGRESS,),
        _doors_closed,
    ),
    ResourceRule(
        "tasks-inside",
        "Tasks have no address that the internet can reach.",
        ("aws:ecs/service:Service",),
        _tasks_inside,
    ),
    ResourceRule(
        "callers-named",
        "A service calls a function on behalf of one resource that is named.",
        ("aws:lambda/permission:Permission",),
        _callers_named,
    ),
)
