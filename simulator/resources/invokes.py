"""Functions of the provider that a program calls while it runs; they are answered in previews too.

`simulator.monitor` looks them up by token. They ask no simulated AWS, so a preview needs no world.
"""

import random
import string
from collections.abc import Callable, Mapping
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from simulator.values import Properties


def invokes(seed: str) -> Mapping[str, Callable[[Properties], Properties]]:
    """Return the functions of one run; what is random follows from the seed alone."""
    rng = random.Random(seed)

    def random_password(arguments: Properties) -> Properties:
        return {**arguments, "id": "password", "randomPassword": _password(arguments, rng)}

    return {
        "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
        "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
        "aws:secretsmanager/getRandomPassword:getRandomPassword": random_password,
    }


def _caller_identity(_: Properties) -> Properties:
    account: str = DEFAULT_ACCOUNT_ID
    arn = f"arn:aws:sts::{account}:user/moto"
    return {"accountId": account, "arn": arn, "id": account, "userId": "AKIAIOSFODNN7EXAMPLE"}


def _availability_zones(arguments: Properties) -> Properties:
    region = arguments["region"]
    zones = [
        zone
        for zone in RegionsAndZonesBackend.zones[region]
        if zone.zone_type == "availability-zone"
    ]
    return {
        "id": region,
        "region": region,
        "names": [zone.name for zone in zones],
        "zoneIds": [zone.zone_id for zone in zones],
        "groupNames": [region],
    }


def _password(arguments: Properties, rng: random.Random) -> str:
    """Draw a password; the defaults are GetRandomPassword's own."""
    known: dict[str, Any] = {
        "excludeLowercase": string.ascii_lowercase,
        "excludeUppercase": string.ascii_uppercase,
        "excludeNumbers": string.digits,
        "excludePunctuation": string.punctuation,
    }
    alphabet = "".join(letters for key, letters in known.items() if not arguments.get(key, False))
    allowed = [
        letter for letter in alphabet if letter not in arguments.get("excludeCharacters", "")
    ]
    return "".join(rng.choices(allowed, k=arguments.get("passwordLength", 32)))
