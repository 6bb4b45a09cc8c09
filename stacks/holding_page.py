"""What clients see while neither site may answer: a page that needs no application.

`stacks.zone` makes one per site. Route 53 answers with anything rather than nothing when all
records look unhealthy, so this must always be there, with nothing behind it that can fail.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from continuity import naming
from stacks.load_balancer import LoadBalancer, LoadBalancerArgs
from stacks.place import Place

LONGEST_BODY = 1024  # what a load balancer's fixed answer may hold, in bytes
BODY = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    f"{naming.HOLDING_MARK}"
    "<title>We will be right back</title></head>"
    "<body><h1>We will be right back</h1>"
    "<p>The service is moving to another site. Nothing you have saved is being changed meanwhile."
    "</p></body></html>"
)


@dataclass(frozen=True)
class HoldingPageArgs:
    """Where the page is served from; the certificate is the zone's own."""

    place: Place
    security_group: pulumi.Input[str]
    subnets: Sequence[pulumi.Input[str]]
    certificate_arn: pulumi.Input[str]


class HoldingPage(pulumi.ComponentResource):
    """Produces a load balancer that answers 503 with the page, to everything."""

    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: HoldingPageArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:HoldingPage", name, None, opts)
        answer = {"content_type": "text/html", "message_body": BODY, "status_code": "503"}
        balancer = LoadBalancer(
            f"{name}-load-balancer",
            LoadBalancerArgs(
                place=args.place,
                purpose="holding",
                security_group=args.security_group,
                subnets=args.subnets,
                certificate_arn=args.certificate_arn,
                action={"type": "fixed-response", "fixed_response": answer},
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.dns_name, self.zone_id = balancer.dns_name, balancer.zone_id
        self.register_outputs({"dns_name": self.dns_name})
