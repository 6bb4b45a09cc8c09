"""What counts as this machine: decided without resolving anything.

`simulator.guard` keeps simulated runs inside, `simulator.serving` listens nowhere else.
"""

import ipaddress

from continuity.errors import Refusal

LOOPBACK = "127.0.0.1"


def is_loopback(host: str | None) -> bool:
    """Say whether a host name or address is this machine."""
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%", 1)[0]).is_loopback
    except ValueError:
        return False


def demand_loopback(host: str) -> None:
    """Refuse to listen where others could reach the simulated AWS."""
    if not _may_listen(host):
        raise Refusal(
            f"The simulator does not listen on {host!r}: it knows no authentication.",
            f"Let it listen on {LOOPBACK}, and reach it through an SSH tunnel from elsewhere.",
        )


def _may_listen(host: str) -> bool:
    """Say whether a server may be bound here: an IPv4 address that only this machine reaches.

    An empty host means every interface to a socket, and a name may come to mean another address.
    """
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False
