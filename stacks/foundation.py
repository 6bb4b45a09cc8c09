"""What one site stands on before anything runs there: key, logs, alerts, network, tables, latch.

`stacks.zone` makes one per site, alike in both, whichever serves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from stacks.alerts import Alerts, AlertsArgs
from stacks.controller import Controller, ControllerArgs
from stacks.keys import Keys, KeysArgs
from stacks.latch import Latch, of_site
from stacks.log_groups import LogGroups, LogGroupsArgs
from stacks.network import Network, NetworkArgs
from stacks.place import Place
from stacks.settings_logs import LogSource
from stacks.settings_sites import SiteSettings


@dataclass(frozen=True)
class FoundationArgs:
    """`application_port` is where the site's tasks will listen.

    `log_days` says how long each source's logs stay, `instances` which databases will write some.
    """

    place: Place
    settings: SiteSettings
    application_port: int
    log_days: Mapping[LogSource, int]
    instances: Sequence[str]


class Foundation(pulumi.ComponentResource):
    """Produces the site's keys, log groups, alerts, network, controller and latch."""

    keys: Keys
    log_groups: LogGroups
    alerts: Alerts
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
        self.log_groups = LogGroups(
            f"{name}-logs",
            LogGroupsArgs(place, self.keys.arn, args.log_days, args.instances),
            child,
        )
        self.alerts = Alerts(f"{name}-alerts", AlertsArgs(place, self.keys.arn), child)
        self.network = Network(
            f"{name}-network",
            NetworkArgs(
                place=place,
                cidr=args.settings.cidr,
                availability_zones=args.settings.availability_zones,
                application_port=args.application_port,
                incarnation=args.settings.incarnation,
                flow_log_group_arn=self.log_groups.only(LogSource.FLOW_LOGS).arn,
            ),
            child,
        )
        self.controller = Controller(f"{name}-controller", ControllerArgs(place), child)
        self.latch = Latch(f"{name}-latch", of_site(place), child)
        self.register_outputs({})
