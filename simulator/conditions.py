"""Conditions of a policy statement, as far as the zones' own policies use them.

`simulator.corrections.s3` asks. A condition that is not understood is an error and not a guess.
Source: IAM user guide, "IAM JSON policy elements: Condition operators". Pure.
"""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network

Match = Callable[[str, str], bool]


def _within(address: str, network: str) -> bool:
    return ip_address(address) in ip_network(network)


_OPERATORS: Mapping[str, tuple[Match, bool]] = {
    "ArnEquals": (fnmatchcase, True),
    "ArnLike": (fnmatchcase, True),
    "ArnNotEquals": (fnmatchcase, False),
    "ArnNotLike": (fnmatchcase, False),
    "StringEquals": (str.__eq__, True),
    "StringNotEquals": (str.__eq__, False),
    "Bool": (str.__eq__, True),
    "IpAddress": (_within, True),
    "NotIpAddress": (_within, False),
}

CALLER_ADDRESS = "198.51.100.1"
"""Where signed calls of the simulated world come from: an address that is nobody's (RFC 5737)."""


def holds(condition: Mapping[str, Mapping[str, str | list[str]]], principal: str) -> bool:
    """Say whether every part of a condition holds for a signed HTTPS call of a principal."""
    values = {
        "aws:principalarn": principal,
        "aws:securetransport": "true",
        "aws:sourceip": CALLER_ADDRESS,
    }
    for operator, parts in condition.items():
        match, wanted = _OPERATORS[operator]
        for key, given in parts.items():
            options = [given] if isinstance(given, str) else given
            value = values[key.lower()]
            if any(match(value, option) for option in options) is not wanted:
                return False
    return True
