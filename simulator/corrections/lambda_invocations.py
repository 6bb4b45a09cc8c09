"""Lambda: moto runs functions in containers, which need a machine of their own, or says `happy`.

Here a function that the simulator knows by its handler is run as this program's own code, inside
the world and on its time. An event that is sent off is answered at once and run a moment later
(Lambda guide, "Asynchronous invocation").
"""

import json
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from moto.awslambda.models import LambdaFunction

from simulator import lifecycle, probing, reading
from simulator.correction import Correction

START_S = 2.0
"""Assumption: a cold start, a network interface included, that Lambda made beforehand."""

_RUNS: Mapping[str, Callable[[LambdaFunction, Mapping[str, Any]], None]] = {
    "backup.prober.run": probing.run,
    "backup.file_reader.run": reading.run,
}


def invoke(
    function: LambdaFunction,
    body: str,
    request_headers: Mapping[str, str],
    response_headers: MutableMapping[str, str],
) -> str:
    """Send an event off; what nobody knows how to run fails as code that cannot be found."""
    run = _RUNS.get(str(function.handler))
    if run is None or request_headers.get("x-amz-invocation-type") != "Event":
        response_headers["x-amz-function-error"] = "Unhandled"
        told = f"the simulator runs no {function.handler} while somebody waits"
        return json.dumps({"errorType": "Runtime.ImportModuleError", "errorMessage": told})
    event = json.loads(body or "{}")
    lifecycle.after_up(function.region, START_S, lambda: run(function, event))
    return ""


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    why = "a function runs its own code, and an event is answered before it has run"
    return [Correction(LambdaFunction, "invoke", invoke, why)]
