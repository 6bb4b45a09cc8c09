"""How a site's logs get into its archive bucket: continuously, without a server.

`stacks.logs` makes one per site. CloudWatch hands each group's events to Firehose as they come;
Firehose writes them to the bucket of its own region, and S3 copies them to the other one. Nothing
here waits for another region, so losing one stops nobody from writing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.alarm import ABOVE, Limit, Metric, Watch, alarm
from stacks.bucket import KeptBucket
from stacks.log_groups import in_a_name
from stacks.place import Place
from stacks.policy_document import allow, document, trust, trust_passed

_BUFFER_S, _BUFFER_MB = 60, 5  # the shortest wait that is not paid for in countless small objects
_LATE_S = 900.0
_FOLDER = "!{timestamp:yyyy/MM/dd}/"


@dataclass(frozen=True)
class LogArchiveArgs:
    """`groups` are those of the site, by name; `topic` hears when deliveries are late."""

    place: Place
    key_arn: pulumi.Input[str]
    bucket: KeptBucket
    groups: Mapping[str, aws.cloudwatch.LogGroup]
    topic: pulumi.Input[str]


class LogArchive(pulumi.ComponentResource):
    """Produces the delivery stream, a subscription per log group, and the roles of both."""

    def __init__(
        self, name: str, args: LogArchiveArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:LogArchive", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self._stream_name = args.place.name("logs")
        stream = self._stream(
            *self._role("firehose", trust_passed("firehose.amazonaws.com"), self._delivery())
        )
        sender = self._role(
            "logs", trust("logs.amazonaws.com", args.place.account), self._sending()
        )
        for full_name in args.groups:
            self._subscribe(full_name, stream, sender)
        self._alarm()
        self.register_outputs({})

    def _role(
        self, service: str, trusted: str, policy: pulumi.Input[str]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        place = self._args.place
        full_name = naming.role(place.zone, f"{place.site}-{service}-archive")
        role = aws.iam.Role(
            f"{self._name}-{service}-role",
            name=full_name,
            description=f"Archives the logs of {place.zone} {place.site}",
            assume_role_policy=trusted,
            tags=place.tags(),
            opts=self._child,
        )
        granted = aws.iam.RolePolicy(
            f"{self._name}-{service}-policy",
            name=full_name,
            role=role.name,
            policy=policy,
            opts=self._child,
        )
        return role, granted

    def _delivery(self) -> pulumi.Output[str]:
        found = pulumi.Output.all(self._args.bucket.arn, self._args.key_arn)
        return found.apply(
            lambda pair: document(
                allow(
                    ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
                    [pair[0]],
                ),
                allow(
                    ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"), [f"{pair[0]}/*"]
                ),
                allow(("kms:Decrypt", "kms:GenerateDataKey"), [pair[1]]),
            )
        )

    def _sending(self) -> str:
        stream = self._args.place.arn("firehose", f"deliverystream/{self._stream_name}")
        return document(allow(("firehose:PutRecord", "firehose:PutRecordBatch"), [stream]))

    def _stream(
        self, role: aws.iam.Role, granted: aws.iam.RolePolicy
    ) -> aws.kinesis.FirehoseDeliveryStream:
        """Declare the stream. CloudWatch compresses every record; one after the other is gzip."""
        place = self._args.place
        return aws.kinesis.FirehoseDeliveryStream(
            f"{self._name}-stream",
            region=place.region,
            name=self._stream_name,
            destination="extended_s3",
            server_side_encryption={
                "enabled": True,
                "key_type": "CUSTOMER_MANAGED_CMK",
                "key_arn": self._args.key_arn,
            },
            extended_s3_configuration={
                "role_arn": role.arn,
                "bucket_arn": self._args.bucket.arn,
                "prefix": f"{place.site}/{_FOLDER}",
                "error_output_prefix": (
                    f"{place.site}-failed/!{{firehose:error-output-type}}/{_FOLDER}"
                ),
                "buffering_interval": _BUFFER_S,
                "buffering_size": _BUFFER_MB,
                "compression_format": "UNCOMPRESSED",
                "file_extension": ".gz",
                "kms_key_arn": self._args.key_arn,
            },
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[granted]),
        )

    def _subscribe(
        self,
        full_name: str,
        stream: aws.kinesis.FirehoseDeliveryStream,
        sender: tuple[aws.iam.Role, aws.iam.RolePolicy],
    ) -> None:
        role, granted = sender
        aws.cloudwatch.LogSubscriptionFilter(
            f"{self._name}-{in_a_name(full_name)}",
            region=self._args.place.region,
            name=in_a_name(full_name),
            log_group=self._args.groups[full_name].name,
            filter_pattern="",
            destination_arn=stream.arn,
            role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[granted]),
        )

    def _alarm(self) -> None:
        watch = Watch(
            "logs-archive-late",
            "Logs wait for their archive longer than 15 minutes: what is lost now is lost for good",
            Metric(
                "AWS/Firehose",
                "DeliveryToS3.DataFreshness",
                {"DeliveryStreamName": self._stream_name},
            ),
            Limit(ABOVE, _LATE_S, period_s=300, periods=3),
        )
        alarm(self._args.place, self._args.topic, watch, self._child)
