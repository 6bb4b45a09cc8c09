"""The zone's name: its hosted zone, and a certificate for it in each region.

`stacks.zone` makes it once per zone, before any load balancer. A new hosted zone answers nobody
until the parent domain delegates to it, and ACM issues nothing before that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.zone import SiteName
from stacks.place import Place

_VALIDATION_TTL_S = 300


@dataclass(frozen=True)
class DomainArgs:
    """`name` is the domain that clients call, `places` the sites by name."""

    zone: str
    name: str
    places: Mapping[SiteName, Place]


class Domain(pulumi.ComponentResource):
    """Produces the hosted zone, a certificate per site, and the one record that proves ownership.

    `certificates` are usable: whoever takes one waits until ACM has issued it, 75 minutes at most
    (the provider's limit); an `up` that gave up goes on from there when it is run again.
    """

    hosted_zone_id: pulumi.Output[str]
    certificates: dict[SiteName, pulumi.Output[str]]

    def __init__(
        self, name: str, args: DomainArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Domain", name, None, opts)
        self._name, self._args = name, args
        hosted_zone = aws.route53.Zone(
            f"{name}-zone",
            name=args.name,
            comment=f"Clients of {args.zone}",
            # A second way to change records while us-east-1 cannot; no move waits for it. AWS turns
            # it on for one hosted zone of an account at a time, and locks the zone meanwhile.
            enable_accelerated_recovery=True,
            tags=naming.tags(args.zone),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.hosted_zone_id = hosted_zone.zone_id
        requested = {site: self._certificate(site) for site in SiteName}
        proof = self._proof(requested[SiteName.HOME])
        self.certificates = {
            site: self._issued(site, asked, proof).certificate_arn
            for site, asked in requested.items()
        }
        self.register_outputs({"hosted_zone_id": self.hosted_zone_id})

    def _certificate(self, site: SiteName) -> aws.acm.Certificate:
        place = self._args.places[site]
        return aws.acm.Certificate(
            f"{self._name}-certificate-{site}",
            region=place.region,
            domain_name=self._args.name,
            validation_method="DNS",
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _proof(self, certificate: aws.acm.Certificate) -> aws.route53.Record:
        """Declare the record that ACM looks for.

        It depends on the account and the name only, so it is the same in every region: one
        record proves both certificates, and two would be one record declared twice.
        """
        option = certificate.domain_validation_options[0]
        return aws.route53.Record(
            f"{self._name}-proof",
            zone_id=self.hosted_zone_id,
            name=option.resource_record_name,
            type=option.resource_record_type,
            records=[option.resource_record_value],
            ttl=_VALIDATION_TTL_S,
            allow_overwrite=True,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _issued(
        self, site: SiteName, certificate: aws.acm.Certificate, proof: aws.route53.Record
    ) -> aws.acm.CertificateValidation:
        return aws.acm.CertificateValidation(
            f"{self._name}-issued-{site}",
            region=self._args.places[site].region,
            certificate_arn=certificate.arn,
            validation_record_fqdns=[proof.fqdn],
            opts=pulumi.ResourceOptions(parent=self),
        )
