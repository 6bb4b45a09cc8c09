"""The password of one database: generated once, kept in a secret that both regions hold.

`stacks.database` makes it. RDS could manage the password itself, but then refuses to make a
replica of the instance; and a secret in one region would be lost with that region.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity.zone import SiteName
from stacks.application_roles import secret
from stacks.place import Place

_DAYS_TO_REGRET = 30


@dataclass(frozen=True)
class PasswordArgs:
    """`proposed` becomes the password if there is none yet; `keys` are each site's own."""

    database: str
    places: Mapping[SiteName, Place]
    keys: Mapping[SiteName, pulumi.Input[str]]
    proposed: pulumi.Input[str]


class Password(pulumi.ComponentResource):
    """Produces a secret in the home region and its replica in the away region.

    `current` is the password in force; `arns` are the secret's, each readable in its own region.
    """

    current: pulumi.Output[str]
    arns: dict[SiteName, pulumi.Output[str]]

    def __init__(
        self, name: str, args: PasswordArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Password", name, None, opts)
        home, away = args.places[SiteName.HOME], args.places[SiteName.AWAY]
        # Always kept in home, whichever site serves: reading the replica needs nothing of home,
        # and a secret that moved with the roles would be a new one, with a new password.
        kept = aws.secretsmanager.Secret(
            f"{name}-secret",
            region=home.region,
            name=secret(home.zone, args.database),
            description=f"Password of the database {args.database}",
            kms_key_id=args.keys[SiteName.HOME],
            recovery_window_in_days=_DAYS_TO_REGRET,
            replicas=[{"region": away.region, "kms_key_id": args.keys[SiteName.AWAY]}],
            tags=home.tags(args.database),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Every run proposes another password; only the first is taken. Databases take it from
        # here, so that an `up` that failed half-way goes on with the password already kept.
        version = aws.secretsmanager.SecretVersion(
            f"{name}-version",
            region=home.region,
            secret_id=kept.id,
            secret_string=args.proposed,
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["secret_string"]),
        )
        self.current = version.secret_string
        self.arns = {
            SiteName.HOME: kept.arn,
            SiteName.AWAY: kept.arn.apply(lambda arn: in_region(arn, away.region)),
        }
        self.register_outputs({})


def in_region(arn: str, region: str) -> str:
    """Return the ARN of a secret's replica: it differs from the secret's in the region only."""
    parts = arn.split(":", 4)
    return ":".join((*parts[:3], region, parts[4]))
