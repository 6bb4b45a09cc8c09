"""One command's access to one zone: its manifest, AWS, the outside, and who is asking.

The commands of `holdfast failover` and `holdfast backup` open one. The way in needs the stack
file, one call to STS and one to S3, in the site that stands by or, without it, in the other.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cli.project import project_root
from cli.surroundings import clock_and_outside
from cli.zone_file import ZoneFile, read_zone_file
from continuity import manifest_json
from continuity.errors import InvalidInput, Problem, Refusal

if TYPE_CHECKING:
    from cloud.door import Cloud
    from cloud.identity import Identity
    from failover.find_manifest import Found
    from failover.surroundings import Surroundings
    from incident.channels.channel import Channel
    from incident.messages.opening import Sender

WIDTH = 8
"""Calls side by side; the same number as in drills."""


@dataclass(frozen=True)
class ZoneSession:
    """A zone within reach. `arn` is the caller as AWS knows it, `channels` tell people."""

    around: "Surroundings"
    found: "Found"
    arn: str
    cloud: "Cloud"
    channels: "tuple[Channel, ...]" = ()

    @property
    def sender(self) -> "Sender":
        """Return who delivers messages for this process."""
        from incident.messages.opening import Sender

        return Sender(self.around.manifest, self.cloud, self.channels, self.owner)

    @property
    def owner(self) -> str:
        """Return a name for this process's driver that no other process has."""
        return f"{self.arn.rpartition('/')[2]}-{secrets.token_hex(4)}"


def open_zone(
    zone: str, manifest: Path | None, environment: Mapping[str, str] | None = None
) -> ZoneSession:
    """Find the manifest and sign in.

    Raises:
        InvalidInput: the zone is not declared, or no copy of its manifest can be used.
        Refusal: the caller is signed in to another account than the zone's.
        HoldfastError: AWS does not answer, or the caller may not.
    """
    declared = read_zone_file(project_root(), zone)
    given = None if manifest is None else read_manifest_file(manifest, zone)
    clock, outside = clock_and_outside(os.environ if environment is None else environment)

    from cloud.door import Cloud
    from cloud.workers import ThreadWorkers
    from failover.aws import surroundings
    from failover.trials import restore_times

    cloud: Cloud = Cloud(clock, ThreadWorkers(WIDTH), seed=secrets.randbits(32))
    caller, found = _signed_in(cloud, declared, zone, given)
    if caller.account != found.manifest.account:
        raise Refusal(
            f"{caller.arn} is signed in to account {caller.account}, but {zone} lives in "
            f"{found.manifest.account}.",
            "Sign in there.",
        )
    around = surroundings(found.manifest, cloud, outside)
    around = replace(around, times=restore_times(cloud, found.manifest))
    environ = os.environ if environment is None else environment
    return _speaking(ZoneSession(around, found, caller.arn, cloud), environ)


def _speaking(session: ZoneSession, environment: Mapping[str, str]) -> ZoneSession:
    """Return a session through which people are told, if its zone has channels."""
    from cli.zone_channels import channels_within_reach
    from failover.aws_courier import AwsCourier

    channels = channels_within_reach(session.cloud, session.found.manifest, environment)
    spoken = replace(session, channels=channels)
    return replace(spoken, around=replace(spoken.around, courier=AwsCourier(spoken.sender)))


def find_manifest(cloud: "Cloud", declared: ZoneFile, zone: str) -> "Found":
    """Find the manifest that lies in the zone's sites, whoever we are signed in as.

    Raises:
        HoldfastError: no copy can be used, or AWS does not say who we are.
    """
    return _signed_in(cloud, declared, zone, None)[1]


def _signed_in(
    cloud: "Cloud", declared: ZoneFile, zone: str, given: "Found | None"
) -> "tuple[Identity, Found]":
    """Return who we are and the manifest, from a site that answers: at best the standby.

    Once a zone is reconciled its file calls a region the standby that may still be lost.
    """
    from cloud.identity import who_am_i_where
    from failover.find_manifest import Whereabouts, find

    if given is not None:
        places = (given.manifest.standby_site, given.manifest.serving_site)
        return who_am_i_where(cloud, [one.region for one in places])[0], given
    sites = (declared.active.other, declared.active)
    caller, region = who_am_i_where(cloud, [declared.regions[site] for site in sites])
    silent = declared.active if region == declared.regions[sites[0]] else declared.active.other
    return caller, find(cloud, Whereabouts(zone, caller.account, declared.regions, silent))


def read_manifest_file(path: Path, zone: str) -> "Found":
    """Read a manifest at hand.

    Raises:
        InvalidInput: it cannot be read, or is no manifest of this zone.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("The manifest", [Problem(str(path), str(error))]) from error
    loaded = manifest_json.load(text, zone)

    from failover.find_manifest import Found

    return Found(loaded, str(path))
