"""Time and the outside as a command finds them: the machine's own, or a served simulation's.

`cli.zone_session` asks. `HOLDFAST_SIMULATOR` names the AWS that `holdfast simulator` serves. It
counts only where every AWS call goes there too: a simulated outside must never talk a real zone
into a failover.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from continuity.errors import InvalidInput, Problem
from simulator.loopback import is_loopback

if TYPE_CHECKING:
    from continuity.clock import Clock
    from continuity.outside import Outside

VARIABLE = "HOLDFAST_SIMULATOR"
_ENDPOINT = "AWS_ENDPOINT_URL"
_IGNORE = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"


def clock_and_outside(environment: Mapping[str, str]) -> "tuple[Clock, Outside]":
    """Return the time to work by and a client on the internet.

    Raises:
        InvalidInput: the environment mixes a simulated world with the real one.
        TemporaryError: the simulator does not answer.
    """
    from cloud.outside import HttpsOutside
    from cloud.system_clock import SystemClock

    if not environment.get(VARIABLE):
        return SystemClock(), HttpsOutside()
    host, port = simulator_address(environment)
    from simulator.remote_clock import RemoteClock

    gateway = f"{host}:{port}/_simulator/internet"
    return RemoteClock(host, port, SystemClock()), HttpsOutside(gateway=gateway)


def simulator_address(environment: Mapping[str, str]) -> tuple[str, int]:
    """Return host and port of the simulator, if the whole environment means it."""
    url = environment[VARIABLE].rstrip("/")
    problems = [*_about_url(url), *_about_endpoints(url, environment)]
    if problems:
        raise InvalidInput("The environment", problems)
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


def _about_url(url: str) -> list[Problem]:
    example = "http://127.0.0.1:4766"
    try:
        parts = urlsplit(url)
        whole = parts.scheme == "http" and parts.port and parts.hostname and not parts.path
    except ValueError:
        return [Problem(VARIABLE, f"{url!r} is no address; it reads like {example}")]
    if not whole:
        return [Problem(VARIABLE, f"{url!r} is no address; it reads like {example}")]
    if not is_loopback(parts.hostname):
        return [Problem(VARIABLE, f"{url} is not this machine; a simulator listens there only")]
    return []


def _about_endpoints(url: str, environment: Mapping[str, str]) -> list[Problem]:
    problems = []
    if environment.get(_ENDPOINT, "").rstrip("/") != url:
        problems.append(Problem(_ENDPOINT, f"must be {url} too, or calls would reach real AWS"))
    problems += [
        Problem(key, f"sends one service elsewhere than {url}: unset it")
        for key in sorted(environment)
        if key.startswith(f"{_ENDPOINT}_") and environment[key].rstrip("/") != url
    ]
    if environment.get(_IGNORE, "").lower() == "true":
        problems.append(Problem(_IGNORE, f"makes AWS libraries pass {url} over: unset it"))
    return problems
