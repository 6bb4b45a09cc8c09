"""The functions that read file systems: one the site's own, one what a trial restored.

`stacks.safekeeping` makes them where the zone has a shared file system; `backup.verify` leads the
second one to what it restored, and sends both (decision 0040). A function mounts one file system,
so the two cannot be one. Each reads what it mounts, and of the controller's table writes one item.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.proving import ReadingPlace
from stacks.backup_code import archive
from stacks.file_system import Opening
from stacks.network import Network, Tier
from stacks.place import Place
from stacks.policy_document import allow, document, trust_passed
from stacks.prober import answering
from stacks.reader_firewall import ReaderFirewall, ReaderFirewallArgs

READER, SCRATCH_READER = "reader", "scratch-reader"

_TIMEOUT_S, _MEMORY_MB = 900, 1024
_OLDEST_S, _RETRIES = 600, 2  # a mount that is not there yet may be there a minute later

_MOUNTING = ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess")
"""To mount, and to read what only its owner may. Without ClientWrite the mount is read-only where
the file system has a policy of its own (Lambda developer guide, "Configuring Amazon EFS file system
access")."""

_LED_AT_RUN_TIME = ["fileSystemConfig"]
"""What a trial changes in the second function: a deployment meanwhile leaves it alone."""


@dataclass(frozen=True)
class FileReadersArgs:
    """`opening` is how the site's own file system is reached; `lease_table` takes the answers."""

    place: Place
    timezone: str
    network: Network
    file_system_arn: pulumi.Input[str]
    opening: Opening
    lease_table: pulumi.Input[str]
    log_group: aws.cloudwatch.LogGroup


class FileReaders(pulumi.ComponentResource):
    """Produces both functions with their roles, and the groups around them."""

    entry: pulumi.Output[ReadingPlace]

    def __init__(
        self, name: str, args: FileReadersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:FileReaders", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        door = args.opening.door
        firewall = ReaderFirewall(
            f"{name}-firewall", ReaderFirewallArgs(args.place, args.network, door), self._child
        )
        live = self._live(firewall.reader)
        restored = self._restored(firewall.reader)
        self.entry = pulumi.Output.all(
            live=live.name,
            restored=restored.name,
            security_group=firewall.restored,
            subnets=pulumi.Output.all(*args.network.subnets[Tier.PRIVATE]).apply(tuple),
        ).apply(lambda found: ReadingPlace(**found))
        self.register_outputs({})

    def _live(self, group: pulumi.Output[str]) -> aws.lambda_.Function:
        """Declare the one that mounts the site's own: Lambda looks for its mount targets first."""
        opening = self._args.opening
        return self._function(
            READER,
            group,
            self._args.file_system_arn,
            pulumi.ResourceOptions(parent=self, depends_on=opening.mounts),
            file_system_config={
                "arn": opening.access_point.arn,
                "local_mount_path": naming.READ_AT,
            },
        )

    def _restored(self, group: pulumi.Output[str]) -> aws.lambda_.Function:
        """Declare the one that mounts nothing until a trial leads it somewhere."""
        options = pulumi.ResourceOptions(parent=self, ignore_changes=_LED_AT_RUN_TIME)
        return self._function(SCRATCH_READER, group, "", options)

    def _function(
        self,
        tier: str,
        group: pulumi.Output[str],
        file_system: pulumi.Input[str],
        options: pulumi.ResourceOptions,
        **more: object,
    ) -> aws.lambda_.Function:
        args, place = self._args, self._args.place
        made = aws.lambda_.Function(
            f"{self._name}-{tier}",
            region=place.region,
            name=place.name(tier),
            description=f"Reads file systems of {place.zone} to compare them",
            runtime="python3.13",
            architectures=["arm64"],
            handler="backup.file_reader.run",
            code=archive(args.timezone),
            role=self._runs_as(tier, file_system),
            timeout=_TIMEOUT_S,
            memory_size=_MEMORY_MB,
            vpc_config={
                "subnet_ids": args.network.subnets[Tier.PRIVATE],
                "security_group_ids": [group],
            },
            logging_config={
                "log_format": "JSON",
                "application_log_level": "INFO",
                "system_log_level": "INFO",
                "log_group": args.log_group.name,
            },
            tags=place.tags(),
            opts=options,
            **more,
        )
        self._retried(tier, made)
        return made

    def _retried(self, tier: str, function: aws.lambda_.Function) -> None:
        aws.lambda_.FunctionEventInvokeConfig(
            f"{self._name}-{tier}-failures",
            region=self._args.place.region,
            function_name=function.name,
            maximum_retry_attempts=_RETRIES,
            maximum_event_age_in_seconds=_OLDEST_S,
            opts=self._child,
        )

    def _runs_as(self, tier: str, file_system: pulumi.Input[str]) -> pulumi.Output[str]:
        """Declare the role; return its ARN once it has its policy, which Lambda looks at."""
        args, place = self._args, self._args.place
        full_name = naming.role(place.zone, f"{place.site}-{tier}")
        role = aws.iam.Role(
            f"{self._name}-{tier}-role",
            name=full_name,
            description=f"Reads file systems: {place.zone} {place.site}",
            assume_role_policy=trust_passed("lambda.amazonaws.com"),
            tags=place.tags(),
            opts=self._child,
        )
        found = pulumi.Output.all(file_system, args.lease_table, args.log_group.arn)
        granted = aws.iam.RolePolicy(
            f"{self._name}-{tier}-policy",
            name=full_name,
            role=role.name,
            policy=found.apply(lambda parts: policy(place, *parts)),
            opts=self._child,
        )
        return pulumi.Output.all(role.arn, granted.id).apply(lambda pair: str(pair[0]))


def policy(place: Place, file_system: str, lease_table: str, log_group_arn: str) -> str:
    """Return what a reader may: mount one file system, or any that is of no zone yet; answer."""
    mounting = (
        allow(_MOUNTING, [file_system])
        if file_system
        else allow(
            _MOUNTING,
            [place.arn("elasticfilesystem", "file-system/*")],
            Condition={"Null": {f"aws:ResourceTag/{naming.TAG_ZONE}": "true"}},
        )
    )
    return document(mounting, *answering(place, lease_table, log_group_arn))
