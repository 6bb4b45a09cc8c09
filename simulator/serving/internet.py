"""The internet of a served world: the zones' platforms as their clients reach them.

`GET /_simulator/internet/ADDRESS/continuity/health` with the zone's public name as Host is what
`https://ADDRESS/...` would be: `cloud.outside.HttpsOutside(gateway=...)` asks so. The promises of
`continuity.outside` are kept by `simulator.platform`.
"""

import json
from collections.abc import Callable
from urllib.parse import unquote

from continuity.naming import HOLDING_MARK
from continuity.outside import Served
from simulator.platform import SimulatedOutside
from simulator.serving.reply import NOT_FOUND, OK, Asking, NoReply, Reply, in_json, problem

HEALTH = "continuity/health"
DATABASES = "continuity/databases/"
_REFUSED = 503


class Internet:
    """Routes requests to the platforms of the zones; `outside` finds one by its public name."""

    def __init__(self, outside: Callable[[str], SimulatedOutside | None]) -> None:
        self._outside = outside

    def answer(self, asking: Asking, rest: str) -> Reply:
        """Answer what follows the prefix, `ADDRESS/PATH`.

        Raises:
            NoReply: nobody answers at the address.
        """
        address, _, path = rest.partition("?")[0].partition("/")
        outside = self._outside(asking.host)
        if outside is None:
            raise NoReply(f"{asking.host} is no zone's name")
        if asking.method == "GET" and path == HEALTH:
            return _health(outside.reached(address, asking.host))
        if asking.method == "POST" and path.startswith(DATABASES):
            return _write(outside, address, asking.host, unquote(path.removeprefix(DATABASES)))
        return problem(f"the platform promises nothing at {asking.method} /{path}", NOT_FOUND)


def _health(served: Served) -> Reply:
    if served is Served.NOBODY:
        raise NoReply("nobody answers")
    if served is Served.HOLDING_PAGE:
        page = f"<!doctype html><head>{HOLDING_MARK}</head>"
        return Reply(_REFUSED, page.encode(), {"Content-Type": "text/html"})
    return in_json({"site": str(served)})


def _write(outside: SimulatedOutside, address: str, name: str, database: str) -> Reply:
    written = outside.write(address, name, database)
    if not written.ok:
        return in_json({"error": written.reason}, _REFUSED)
    newest = None if written.newest_before is None else written.newest_before.isoformat()
    body = json.dumps({"newest_before": newest}).encode()
    return Reply(OK, body, {"Content-Type": "application/json"})
