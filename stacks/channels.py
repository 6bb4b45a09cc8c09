"""What a zone's channels need of AWS: a secret for each token, and mail in both regions.

`stacks.zone` makes it for a zone that has channels. The secrets are made without a value: people
enter one, so that it passes neither through a program nor through its state.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.channels import Channels as ChannelSettings
from continuity.channels import Service
from continuity.zone import SiteName
from stacks.mail import Mail, MailArgs
from stacks.place import Place

_DAYS_TO_REGRET = 30


@dataclass(frozen=True)
class ChannelsArgs:
    """`domain` is the zone's name, which mails come from; `places` are the sites by name."""

    settings: ChannelSettings
    domain: str
    hosted_zone_id: pulumi.Input[str]
    places: Mapping[SiteName, Place]


class Channels(pulumi.ComponentResource):
    """Produces the secrets of the channels that have tokens, and each site's way to send mails."""

    def __init__(
        self, name: str, args: ChannelsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Channels", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        for service in args.settings.keeping_secrets:
            self._secret(service)
        if args.settings.email:
            for site, place in args.places.items():
                Mail(
                    f"{name}-mail-{site}",
                    MailArgs(place, args.domain, args.hosted_zone_id),
                    self._child,
                )
        self.register_outputs({})

    def _secret(self, service: Service) -> None:
        """Declare a secret in home and its replica in away, as a database's password is.

        Under the key that AWS keeps for Secrets Manager, not under the site's own: who tells that
        the site's key is gone must not need it.
        """
        home, away = self._args.places[SiteName.HOME], self._args.places[SiteName.AWAY]
        aws.secretsmanager.Secret(
            f"{self._name}-{service}-secret",
            region=home.region,
            name=naming.channel_secret(home.zone, service),
            description=f"Token of the channel {service}, entered by people",
            recovery_window_in_days=_DAYS_TO_REGRET,
            replicas=[{"region": away.region}],
            tags=home.tags(),
            opts=self._child,
        )
