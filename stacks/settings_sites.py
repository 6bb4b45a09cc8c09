"""The two sites of a zone, read and checked: regions, networks, incarnations.

`stacks.settings` calls `read_sites`; what it refuses here, AWS would refuse late or, worse, accept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

from continuity.reading import Reader
from continuity.zone import SiteName

_REGION = r"[a-z]{2}-[a-z]+-\d"
_PRIVATE = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
_WIDEST, _NARROWEST = (
    16,
    23,
)  # a VPC takes /16 at most; sixteen parts, and a load balancer needs /27
_LEAST_ZONES, _MOST_ZONES = 2, 3
_FALLBACK = IPv4Network("10.0.0.0/16")

GLOBAL_CONTROL_PLANE = "us-east-1"
"""IAM, Route 53, CloudFront and the configuration of S3 are changed there and nowhere else."""


@dataclass(frozen=True)
class SiteSettings:
    """One region of the zone. `incarnation` counts how often its databases were rebuilt."""

    region: str
    availability_zones: tuple[str, ...]
    cidr: IPv4Network
    incarnation: int


def read_witness(reader: Reader, sites: Mapping[SiteName, SiteSettings]) -> str:
    """Read the third region, which keeps a site's warrant while the other site is lost.

    One that is a site's own would be lost together with what it is the witness of.
    """
    region = _region(reader)
    for name, site in sites.items():
        if region and region == site.region:
            reader.note("region", f"is {region} like {name}'s: a witness stands somewhere else")
    reader.finish()
    return region


def read_sites(reader: Reader) -> Mapping[SiteName, SiteSettings]:
    """Read both sites: two regions, and two networks that do not overlap."""
    sites = {name: _site(reader.section(name)) for name in SiteName}
    home, away = sites[SiteName.HOME], sites[SiteName.AWAY]
    reader.finish()
    if home is None or away is None:
        return {name: site or _EMPTY for name, site in sites.items()}
    if home.region == away.region:
        reader.note("away.region", f"is {away.region} like home's: one lost region takes both")
    if home.cidr.overlaps(away.cidr):
        reader.note("away.cidr", f"{away.cidr} overlaps home's {home.cidr}")
    return {SiteName.HOME: home, SiteName.AWAY: away}


_EMPTY = SiteSettings("", (), _FALLBACK, 1)


def _site(reader: Reader) -> SiteSettings | None:
    """Read one site; nothing where its parts cannot be compared with the other site's."""
    before = len(reader.problems)
    site = SiteSettings(
        region=_region(reader),
        availability_zones=(),
        cidr=_cidr(reader),
        incarnation=reader.integer("incarnation", low=1, high=9999),
    )
    comparable = len(reader.problems) == before
    zones = _availability_zones(reader, site.region)
    reader.finish()
    found = SiteSettings(site.region, zones, site.cidr, site.incarnation)
    return found if comparable and site.region else None


def _region(reader: Reader) -> str:
    """Read the region; nothing where there is none that zones could be compared with."""
    region = reader.text("region", pattern=_REGION)
    if re.fullmatch(_REGION, region) is None:
        return ""
    if region == GLOBAL_CONTROL_PLANE:
        reader.note(
            "region",
            f"{region} hosts the control planes of IAM and Route 53: losing it would take the "
            "zone and the means to repair it at once; choose another region",
        )
    if region.startswith("cn-"):
        reader.note("region", f"{region} is another partition of AWS, with other accounts")
    return region


def _availability_zones(reader: Reader, region: str) -> tuple[str, ...]:
    """Read the zones by name: looking them up would ask a region that may be lost."""
    zones = reader.texts("availability_zones")
    if not reader.has("availability_zones"):
        return zones
    if not _LEAST_ZONES <= len(zones) <= _MOST_ZONES:
        reader.note("availability_zones", f"names {len(zones)}; two or three are needed")
    if len(set(zones)) < len(zones):
        reader.note("availability_zones", "names one twice")
    for zone in zones:
        if region and not (zone.startswith(region) and zone[len(region) :].isalpha()):
            reader.note("availability_zones", f"{zone!r} is not a zone of {region}")
    return zones


def _cidr(reader: Reader) -> IPv4Network:
    text = reader.text("cidr")
    if not text:
        return _FALLBACK
    try:
        network = IPv4Network(text)
    except ValueError as error:
        reader.note("cidr", f"is no IPv4 network: {error}")
        return _FALLBACK
    if not _WIDEST <= network.prefixlen <= _NARROWEST:
        reader.note("cidr", f"{text} is not within /{_WIDEST} to /{_NARROWEST}")
    if not any(network.subnet_of(private) for private in _PRIVATE):
        reader.note("cidr", f"{text} is not a private network")
    return network
