"""What a site sends mails with: the zone's domain as a sender in its region, proven by DNS.

`stacks.channels` makes one for each site of a zone that mails its subscribers. Either region can
send while the other is lost, each with keys of its own: a domain is verified region by region. SES
begins in a sandbox, which AWS ends on request only; that is nothing that a program can declare.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place

_TTL_S = 1800
_KEYS = 3
"""How many CNAME records Easy DKIM asks for (SES developer guide, "Easy DKIM in Amazon SES")."""
_OWN_DKIM = frozenset(
    {
        "af-south-1", "ap-northeast-3", "ap-south-2", "ap-southeast-3", "ap-southeast-5",
        "ca-west-1", "eu-central-2", "eu-south-1", "il-central-1", "me-central-1",
    }
)  # fmt: skip
"""Regions that publish their keys below a domain of their own, all others below one that they share
(AWS general reference, "Amazon Simple Email Service endpoints and quotas", DKIM domains)."""


@dataclass(frozen=True)
class MailArgs:
    """`domain` is the zone's name, for which the hosted zone answers."""

    place: Place
    domain: str
    hosted_zone_id: pulumi.Input[str]


class Mail(pulumi.ComponentResource):
    """Produces the identity, the records that prove it, and the configuration set of a site."""

    def __init__(
        self, name: str, args: MailArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Mail", name, None, opts)
        place, child = args.place, pulumi.ResourceOptions(parent=self)
        sets = aws.sesv2.ConfigurationSet(
            f"{name}-set",
            region=place.region,
            configuration_set_name=place.name(naming.MAIL),
            # Who bounced once is left out afterwards, so that mailboxes go on taking our mails.
            suppression_options={"suppressed_reasons": ["BOUNCE", "COMPLAINT"]},
            reputation_options={"reputation_metrics_enabled": True},
            tags=place.tags(),
            opts=child,
        )
        identity = aws.sesv2.EmailIdentity(
            f"{name}-identity",
            region=place.region,
            email_identity=args.domain,
            configuration_set_name=sets.configuration_set_name,
            tags=place.tags(),
            opts=child,
        )
        tokens = identity.dkim_signing_attributes.apply(lambda found: list(found.tokens or ()))
        for number in range(_KEYS):
            token = tokens.apply(lambda found, number=number: found[number])
            aws.route53.Record(
                f"{name}-dkim-{number + 1}",
                zone_id=args.hosted_zone_id,
                name=token.apply(lambda one: f"{one}._domainkey.{args.domain}"),
                type="CNAME",
                records=[token.apply(lambda one: f"{one}.{_dkim(place.region)}")],
                ttl=_TTL_S,
                opts=child,
            )
        self.register_outputs({})


def _dkim(region: str) -> str:
    own = f"{region}." if region in _OWN_DKIM else ""
    return f"dkim.{own}amazonses.com"
