"""What the platform itself may do: a role for its tasks, and one for what starts them.

`stacks.zone` makes it once per zone, before `stacks.hosting`, which runs tasks with both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.zone import SiteName
from stacks.place import Place
from stacks.policy_document import Statement, allow, document, trust


@dataclass(frozen=True)
class ApplicationSite:
    """One site, and the key that its secrets are encrypted with."""

    place: Place
    key_arn: pulumi.Input[str]


@dataclass(frozen=True)
class ApplicationRolesArgs:
    """`sites` by name."""

    zone: str
    account: str
    sites: Mapping[SiteName, ApplicationSite]


class ApplicationRoles(pulumi.ComponentResource):
    """Produces the task role, whose rights other components add, and the execution role.

    The execution role pulls the image, writes the log, and reads the passwords and the addresses of
    this zone's databases only.
    """

    task_role: pulumi.Output[str]
    task_role_name: pulumi.Output[str]
    execution_role: pulumi.Output[str]

    def __init__(
        self, name: str, args: ApplicationRolesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:ApplicationRoles", name, None, opts)
        self._name, self._args = name, args
        running, starting = naming.PLATFORM_ROLES
        application = self._role(running, "The platform's own permissions")
        self.task_role, self.task_role_name = application.arn, application.name
        execution = self._role(starting, "Starts the platform's tasks")
        keys = [site.key_arn for site in args.sites.values()]
        granted = aws.iam.RolePolicy(
            f"{name}-execution-policy",
            name=naming.role(args.zone, "execution"),
            role=execution.name,
            policy=pulumi.Output.all(*keys).apply(self._execution_policy),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Whoever uses the role waits for its policy too: a first task that may not pull its
        # image would trip the circuit breaker of the service.
        both = pulumi.Output.all(execution.arn, granted.id)
        self.execution_role = both.apply(lambda pair: str(pair[0]))
        self.register_outputs({"task_role": self.task_role, "execution_role": self.execution_role})

    def _role(self, purpose: str, description: str) -> aws.iam.Role:
        zone = self._args.zone
        return aws.iam.Role(
            f"{self._name}-{purpose}",
            name=naming.role(zone, purpose),
            description=f"{description}: {zone}",
            assume_role_policy=trust("ecs-tasks.amazonaws.com", self._args.account),
            tags=naming.tags(zone),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _execution_policy(self, key_arns: list[str]) -> str:
        places = [site.place for site in self._args.sites.values()]
        return document(
            allow(("ecr:GetAuthorizationToken",), ["*"]),
            allow(
                (
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:GetDownloadUrlForLayer",
                ),
                [place.arn("ecr", f"repository/{repository(place.zone)}") for place in places],
            ),
            _logs(places),
            allow(
                ("secretsmanager:GetSecretValue",),
                [
                    place.arn("secretsmanager", f"secret:{secret(place.zone, '*')}")
                    for place in places
                ],
            ),
            allow(("kms:Decrypt",), key_arns),
            *_addresses(places),
        )


def _logs(places: list[Place]) -> Statement:
    groups = [place.arn("logs", f"log-group:{place.log_groups}/platform:*") for place in places]
    return allow(("logs:CreateLogStream", "logs:PutLogEvents"), groups)


def _addresses(places: list[Place]) -> tuple[Statement, Statement]:
    """Let ECS hand tasks the file that tells where the databases are (its guide names both)."""
    buckets = [f"arn:aws:s3:::{place.bucket('addresses')}" for place in places]
    return (
        allow(("s3:GetObject",), [f"{bucket}/{naming.ADDRESSES_KEY}" for bucket in buckets]),
        allow(("s3:GetBucketLocation",), buckets),
    )


def repository(zone: str) -> str:
    """Return the image repository of a zone, called alike in both regions."""
    return f"holdfast/{zone}/platform"


def secret(zone: str, database: str) -> str:
    """Return the secret that holds a database's password, called alike in both regions."""
    return f"holdfast/{zone}/{database}"
