"""Who a served zone tells what happens: its channels' services, simulated, and what people saw.

The zones' functions speak over `wire`; the control interface tells `seen`. Nothing leaves this
machine: a channel that is configured to speak to a server of this machine reaches that, every
other one finds its service within the world, with the token that people would have entered.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from moto.secretsmanager.models import FakeSecret, secretsmanager_backends

from continuity import naming
from continuity.manifest import Manifest
from incident.channels.http import Https, Reply, Request, Wire
from simulator import backstage, inside
from simulator.channels.mail import mails
from simulator.channels.seen import Seen
from simulator.channels.services import TOKENS, Services
from simulator.loopback import is_loopback
from simulator.world import World

if TYPE_CHECKING:
    from continuity.channels import Channels


class People:
    """The services of each zone's channels."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, tuple[Channels, Services]] = {}
        self._earlier: list[tuple[str, Seen]] = []

    def meet(self, manifest: Manifest) -> None:
        """Stand ready for a zone as it was deployed, and enter the tokens that nobody entered."""
        zone, channels = manifest.zone, manifest.channels
        if zone in self._known and self._known[zone][0] == channels:
            return
        self._earlier += [(zone, row) for row in self._rows(zone)]
        self._known[zone] = channels, Services(self._world.clock, channels)
        for service in channels.keeping_secrets:
            for site in manifest.sites.values():
                self._enter(site.region, naming.channel_secret(zone, service), TOKENS[service])

    def wire(self, zone: str) -> Wire:
        """Return what reaches the services of a zone."""
        return _ThisMachine(self._known[zone][1])

    def seen(self, manifest: Manifest) -> list[Seen]:
        """Return what people of a zone saw so far, in order."""
        before = [row for zone, row in self._earlier if zone == manifest.zone]
        sent = mails(self._world.calls, domain=manifest.traffic.name)
        rows = [*before, *self._rows(manifest.zone), *sent]
        return sorted(rows, key=lambda one: one.at)

    def _rows(self, zone: str) -> Iterator[Seen]:
        if zone in self._known:
            yield from self._known[zone][1].eyes.rows

    def _enter(self, region: str, name: str, token: str) -> None:
        """Enter a token; a replica gets it from where the secret was made."""
        secret = secretsmanager_backends[inside.ACCOUNT][region].secrets.get(name)
        if isinstance(secret, FakeSecret) and not secret.versions:
            with self._world.instantly():
                backstage.client("secretsmanager", region).put_secret_value(
                    SecretId=name, SecretString=token
                )


class _ThisMachine:
    """A wire to servers on loopback, and to services within the world."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def send(self, request: Request) -> Reply:
        """Ask once."""
        if is_loopback(urlsplit(request.url).hostname):
            return Https().send(request)
        return self._services.wire.send(request)
