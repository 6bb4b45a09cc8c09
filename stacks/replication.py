"""Buckets of the same purpose in both sites, each a copy of the other.

`stacks.files` and `stacks.logs` make one for their buckets. Both directions are on all the time, so
that a failover changes nothing: whichever site is written to, the other one follows. S3 does not
replicate a replica again, so nothing goes in circles. Deletions travel as markers, which versioning
makes harmless.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.zone import SiteName
from stacks.bucket import KeptBucket
from stacks.place import Place
from stacks.policy_document import Statement, allow, document, trust_passed

_MINUTES = 15  # what replication time control promises, and the only value that S3 takes

Pair = Mapping[SiteName, KeptBucket]


@dataclass(frozen=True)
class ReplicationArgs:
    """`pairs` maps a purpose to its bucket in each site; `subject` names the role."""

    zone: str
    subject: str
    places: Mapping[SiteName, Place]
    key_arns: Mapping[SiteName, pulumi.Input[str]]
    pairs: Mapping[str, Pair]


class Replication(pulumi.ComponentResource):
    """Produces the role that S3 replicates as, and a rule for each bucket towards its twin."""

    def __init__(
        self, name: str, args: ReplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Replication", name, None, opts)
        self._name, self._args = name, args
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.role(args.zone, args.subject),
            description=f"Copies the {args.subject} buckets of {args.zone} to their other site",
            assume_role_policy=trust_passed("s3.amazonaws.com"),
            tags=naming.tags(args.zone),
            opts=pulumi.ResourceOptions(parent=self),
        )
        keys = [args.key_arns[site] for site in SiteName]
        granted = aws.iam.RolePolicy(
            f"{name}-policy",
            name=naming.role(args.zone, args.subject),
            role=role.name,
            policy=pulumi.Output.all(*keys).apply(self._policy),
            opts=pulumi.ResourceOptions(parent=self),
        )
        for purpose, pair in args.pairs.items():
            for site in SiteName:
                self._towards(purpose, pair, site, (role, granted))
        self.register_outputs({})

    def _towards(
        self,
        purpose: str,
        pair: Pair,
        target: SiteName,
        rights: tuple[aws.iam.Role, aws.iam.RolePolicy],
    ) -> None:
        """Declare the rule in the other site's bucket that fills `target`'s."""
        role, granted = rights
        aws.s3.BucketReplicationConfig(
            f"{self._name}-{purpose}-from-{target.other}",
            region=self._args.places[target.other].region,
            bucket=pair[target.other].name,
            role=role.arn,
            rules=[
                {
                    "id": f"to-{target}",
                    "status": "Enabled",
                    "priority": 1,
                    "filter": {"prefix": ""},
                    "delete_marker_replication": {"status": "Enabled"},
                    "source_selection_criteria": {
                        "sse_kms_encrypted_objects": {"status": "Enabled"},
                        "replica_modifications": {"status": "Enabled"},
                    },
                    "destination": self._destination(pair, target),
                }
            ],
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[granted, *(pair[site].versioning for site in SiteName)]
            ),
        )

    def _destination(self, pair: Pair, target: SiteName) -> dict[str, object]:
        """Return where copies go; metrics and events tell when one is later than S3 promises."""
        late = {"minutes": _MINUTES}
        return {
            "bucket": pair[target].arn,
            "storage_class": "STANDARD",
            "encryption_configuration": {"replica_kms_key_id": self._args.key_arns[target]},
            "replication_time": {"status": "Enabled", "time": late},
            "metrics": {"status": "Enabled", "event_threshold": late},
        }

    def _policy(self, key_arns: list[str]) -> str:
        names = [
            f"arn:aws:s3:::{place.bucket(purpose)}"
            for place in self._args.places.values()
            for purpose in self._args.pairs
        ]
        return document(
            allow(("s3:GetReplicationConfiguration", "s3:ListBucket"), names),
            allow(
                (
                    "s3:GetObjectVersionForReplication",
                    "s3:GetObjectVersionAcl",
                    "s3:GetObjectVersionTagging",
                    "s3:ReplicateObject",
                    "s3:ReplicateDelete",
                    "s3:ReplicateTags",
                ),
                [f"{name}/*" for name in names],
            ),
            *(self._key(site, arn) for site, arn in zip(SiteName, key_arns, strict=True)),
        )

    def _key(self, site: SiteName, arn: str) -> Statement:
        """Let S3 open what it reads in a site, and close what it writes there: both happen."""
        via = f"s3.{self._args.places[site].region}.amazonaws.com"
        return allow(
            ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
            [arn],
            Condition={"StringLike": {"kms:ViaService": via}},
        )
