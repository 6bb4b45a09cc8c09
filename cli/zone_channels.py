"""The channels of a zone as a command may use them: those of a simulated zone leave no machine.

`cli.zone_session` asks. A rehearsal beside the simulator must never tell real customers anything,
whatever tokens lie in the environment.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cli.surroundings import VARIABLE

if TYPE_CHECKING:
    from cloud.door import Cloud
    from continuity.manifest import Manifest
    from incident.channels.channel import Channel
    from incident.channels.http import Reply, Request


def channels_within_reach(
    cloud: "Cloud", manifest: "Manifest", environment: Mapping[str, str]
) -> "tuple[Channel, ...]":
    """Return the zone's channels; nobody is asked anything yet."""
    if not manifest.channels.used:
        return ()
    from incident.channels.opening import channels_of

    wire = ThisMachine() if environment.get(VARIABLE) else None
    return channels_of(cloud, manifest, environment, wire)


class ThisMachine:
    """A wire to servers on loopback and to nothing else."""

    def send(self, request: "Request") -> "Reply":
        """Ask a server of this machine; anybody else does not answer."""
        from incident.channels.http import Https, NoAnswer
        from simulator.loopback import is_loopback

        if not is_loopback(urlsplit(request.url).hostname):
            raise NoAnswer("a simulated zone speaks to servers of this machine only", sent=False)
        return Https().send(request)
