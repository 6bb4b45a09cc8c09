"""What one site stands on before anything runs there: key, network, controller tables, latch.

`__main__.py` makes one per site, alike in both, whichever serves.
"""

from dataclasses import dataclass

import pulumi

from stacks.controller import Controller, ControllerArgs
from stacks.keys import Keys, KeysArgs
from stacks.latch import Latch, of_site
from stacks.network import Network, NetworkArgs
from stacks.place import Place
from stacks.settings_sites import SiteSettings


@dataclass(frozen=True)
class FoundationArgs:
    """`application_port` is where the site's tasks will listen."""

    place: Place
    settings: SiteSettings
    application_port: int


class Foundation(pulumi.ComponentResource):
    """Produces the site's keys, network, controller and latch."""

    keys: Keys
    network: Network
    controller: Controller
    latch: Latch

    def __init__(
        self, name: str, args: FoundationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Foundation", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        place = args.place
        self.keys = Keys(f"{name}-keys", KeysArgs(place), child)
        self.network = Network(
            f"{name}-network",
            NetworkArgs(
                place=place,
                cidr=args.settings.cidr,
                availability_zones=args.settings.availability_zones,
                application_port=args.application_port,
                key_arn=self.keys.arn,
            ),
            child,
        )
        self.controller = Controller(f"{name}-controller", ControllerArgs(place), child)
        self.latch = Latch(f"{name}-latch", of_site(place), child)
        self.register_outputs({})
