"""The channels that a zone has configured, ready to speak.

`channels_of` is what the outbox, the commands and drills call. Opening asks nobody anything: a
token is read when its channel speaks for the first time: a missing one silences one channel.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cloud import secrets
from cloud.clients import Reach
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity import naming
from continuity.channels import Service
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import READ_CHANNEL_SECRET
from incident.channels.channel import Channel
from incident.channels.email import Email
from incident.channels.http import Https, Wire
from incident.channels.jira import Jira
from incident.channels.pagerduty import Pagerduty
from incident.channels.secrets import Secret
from incident.channels.slack import Slack
from incident.channels.status_page import StatusPage
from incident.channels.web import Site
from incident.channels.webhook import Webhook

Headers = Callable[[str], Mapping[str, str]]


def channels_of(
    cloud: Cloud, manifest: Manifest, environ: Mapping[str, str], wire: Wire | None = None
) -> tuple[Channel, ...]:
    """Return the zone's channels in the order of `continuity.channels.Service`.

    `environ` may hold `HOLDFAST_SLACK_TOKEN` and the like, which come before Secrets Manager. A
    `wire` other than the internet is for drills.
    """
    opening = _Opening(cloud, manifest, environ, wire or Https())
    return tuple(opening.open(name) for name in manifest.channels.used)


def variable(name: Service) -> str:
    """Return the environment variable that may hold a channel's token."""
    return f"HOLDFAST_{name.upper()}_TOKEN"


@permitted(READ_CHANNEL_SECRET)
def stored(cloud: Cloud, manifest: Manifest, name: str) -> str:
    """Return a channel's secret from the site that stands by, or from the other one.

    Raises:
        HoldfastError: neither has it; the error is the standby's.
    """
    regions = (manifest.standby_site.region, manifest.serving_site.region)
    try:
        return secrets.value(cloud.at(regions[0], Reach.IMPAIRED), name)
    except HoldfastError as error:
        try:
            return secrets.value(cloud.at(regions[1], Reach.IMPAIRED), name)
        except HoldfastError:
            raise error from None


@dataclass(frozen=True)
class _Opening:
    """What every channel is made of."""

    cloud: Cloud
    manifest: Manifest
    environ: Mapping[str, str] = field(repr=False)
    wire: Wire

    def open(self, name: Service) -> Channel:
        return _MAKERS[name](self, getattr(self.manifest.channels, name))

    def site(self, name: Service, base: str, headers: Headers) -> Site:
        return Site(
            title=_TITLES[name],
            setting=f"channels.{name}",
            base=base,
            secret=self._secret(name),
            headers=headers,
            wire=self.wire,
            clock=self.cloud.clock,
        )

    def _secret(self, name: Service) -> Secret:
        given, kept = (
            self.environ.get(variable(name)),
            naming.channel_secret(self.manifest.zone, name),
        )
        if given:
            return Secret(f"the environment variable {variable(name)}", lambda: given)
        where = f"the secret {kept} or the environment variable {variable(name)}"
        return Secret(where, lambda: stored(self.cloud, self.manifest, kept))


_MAKERS: Mapping[Service, Callable[[_Opening, Any], Channel]] = {
    Service.SLACK: lambda parts, one: Slack(one, parts.site(Service.SLACK, one.endpoint, _bearer)),
    Service.STATUS_PAGE: lambda parts, one: StatusPage(
        one, parts.site(Service.STATUS_PAGE, one.endpoint, _oauth)
    ),
    Service.EMAIL: lambda parts, one: Email(one, parts.cloud, parts.manifest),
    Service.PAGERDUTY: lambda parts, one: Pagerduty(
        parts.site(Service.PAGERDUTY, one.endpoint, _nothing)
    ),
    Service.WEBHOOK: lambda parts, one: Webhook(
        parts.site(Service.WEBHOOK, one.endpoint, _nothing)
    ),
    Service.JIRA: lambda parts, one: Jira(
        one, parts.site(Service.JIRA, one.endpoint, partial(_basic, one.account))
    ),
}
"""How each channel is made from its own settings."""

_TITLES = {
    Service.SLACK: "Slack",
    Service.STATUS_PAGE: "Statuspage",
    Service.PAGERDUTY: "PagerDuty",
    Service.WEBHOOK: "The webhook",
    Service.JIRA: "Jira",
}


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _oauth(secret: str) -> dict[str, str]:
    return {"Authorization": f"OAuth {secret}"}


def _basic(account: str, secret: str) -> dict[str, str]:
    pair = base64.b64encode(f"{account}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _nothing(_: str) -> dict[str, str]:
    """The secret is not sent: it signs, or stands in the event itself."""
    return {}
