"""AWS itself, for clients of other processes: each request becomes a call in the world.

`simulator.serving.server` hands over what is signed for AWS. The call goes the way of every
in-process one (`simulator.transport`): latency, token buckets, faults, corrections, call log.
"""

import logging

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from simulator.attempt import NotSimulated, Patience
from simulator.serving.reply import NOT_SIMULATED, Asking, NoReply, Reply
from simulator.serving.wire import Asked, Unreadable, read
from simulator.transport import Sender, deliver
from simulator.wire_errors import WireError, response

PATIENCE = Patience(connect_s=2.0, read_s=20.0)
"""After so many virtual seconds a call without an answer is broken off. A client's own timeouts
count real seconds, of which a fast world has few."""

_OURS = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})
"""Headers that the server sends itself."""

_log = logging.getLogger(__name__)


def answer(asking: Asking) -> Reply:
    """Answer one signed request; within a turn of the world's clock.

    Raises:
        NoReply: AWS is out of reach, or its answer was lost.
        Unreadable: it is no request of AWS's.
    """
    asked = read(asking.method, asking.target, asking.headers, asking.body)
    sender = Sender(
        asked.service, asked.region, PATIENCE, backstage=False, parameters=asked.parameters
    )
    try:
        found = deliver(sender, asked.operation, asked.request)
    except (ConnectTimeoutError, ReadTimeoutError) as error:
        raise NoReply(str(error)) from error
    except NotSimulated as error:
        found = _gap(asked, f"{error} is not simulated")
    except Exception as error:  # noqa: BLE001 - a client gets an answer whatever breaks here
        _log.exception("%s.%s", asked.service, asked.operation)
        found = _gap(asked, f"the simulator failed: {type(error).__name__}: {error}")
    if found is None:
        raise Unreadable(f"{asked.request.url} is not AWS's")
    return _reply(found)


def _gap(asked: Asked, sentence: str) -> AWSResponse:
    """Answer with a status that no client tries again."""
    return response(
        asked.request, asked.service, WireError(NOT_SIMULATED, "NotSimulated", sentence)
    )


def _reply(found: AWSResponse) -> Reply:
    headers = {
        str(key): str(value) for key, value in found.headers.items() if key.lower() not in _OURS
    }
    if "content-length" in {str(key).lower() for key in found.headers} and not found.content:
        headers["Content-Length"] = str(found.headers["Content-Length"])
    return Reply(found.status_code, found.content, headers)
