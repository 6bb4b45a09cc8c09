"""One question to a served world's control interface, over HTTP on this machine.

`simulator.remote_clock` and `reconcile.remote_engine` ask. No AWS library here: this runs where
moto does not.
"""

import http.client
import json
from collections.abc import Mapping
from typing import Any

from continuity.errors import TemporaryError


def ask(
    address: tuple[str, int], path: str, body: Mapping[str, object] | None, timeout_s: float
) -> dict[str, Any]:
    """Return what the world says at a path; with a body something is to be done there.

    Raises:
        TemporaryError: nobody answers, or not in JSON.
    """
    host, port = address
    connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
    method, sent = ("GET", None) if body is None else ("POST", json.dumps(body))
    try:
        connection.request(method, path, sent, {"Content-Type": "application/json"})
        return dict(json.loads(connection.getresponse().read()))
    except (OSError, ValueError, TypeError, http.client.HTTPException) as error:
        raise TemporaryError(
            f"No simulator answers at {host}:{port}: {error}. Start it with "
            "`holdfast simulator`, or unset HOLDFAST_SIMULATOR."
        ) from error
    finally:
        connection.close()
