"""AWS's errors as they travel: each in the protocol that the request spoke.

`simulator.transport` answers with them where a fault or an empty token bucket says so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import MockRawResponse


@dataclass(frozen=True)
class WireError:
    """A status and the code and message that AWS sends with it."""

    status: int
    code: str
    message: str


_JSON_SERVICES = frozenset(
    {"dynamodb", "ecs", "ecr", "kms", "secretsmanager", "logs", "acm", "application-autoscaling"}
)
_RATE = "Rate exceeded"


def throttled(service: str) -> WireError:
    """Return how a service says that there were too many calls."""
    special = {
        "ec2": WireError(503, "RequestLimitExceeded", "Request limit exceeded."),
        "s3": WireError(503, "SlowDown", "Please reduce your request rate."),
    }
    code = "ThrottlingException" if service in _JSON_SERVICES else "Throttling"
    return special.get(service, WireError(400, code, _RATE))


def server_error(service: str) -> WireError:
    """Return how a service says that it is broken."""
    if service in _JSON_SERVICES:
        return WireError(500, "InternalServerError", "The request processing has failed.")
    return WireError(503, "ServiceUnavailable", "Service is unable to handle request.")


def denied(service: str, operation: str) -> WireError:
    """Return how a service says that the caller may not."""
    return forbidden(service, f"User is not authorized to perform: {service}:{operation}")


def forbidden(service: str, message: str) -> WireError:
    """Return a refusal for want of permission, in the service's own words for it."""
    if service == "ec2":
        return WireError(403, "UnauthorizedOperation", message)
    if service in _JSON_SERVICES:
        return WireError(400, "AccessDeniedException", message)
    return WireError(403, "AccessDenied", message)


def response(request: AWSPreparedRequest, service: str, error: WireError) -> AWSResponse:
    """Answer a request with an error, in the request's own protocol."""
    headers = {str(key).lower(): _text(value) for key, value in request.headers.items()}
    kind, body = _encode(headers, service, error)
    sent = HTTPHeaders()
    sent["Content-Type"] = kind
    if kind == "application/cbor":
        sent["smithy-protocol"] = "rpc-v2-cbor"
    return AWSResponse(str(request.url), error.status, sent, MockRawResponse(body))


def _encode(headers: Mapping[str, str], service: str, error: WireError) -> tuple[str, str | bytes]:
    spoken = headers.get("content-type", "")
    code, message = error.code, error.message
    if "cbor" in headers.get("smithy-protocol", ""):
        return "application/cbor", _cbor({"__type": code, "message": message})
    if "x-amz-target" in headers or "x-amz-json" in spoken:
        return "application/x-amz-json-1.0", json.dumps({"__type": code, "message": message})
    inside = f"<Code>{code}</Code><Message>{message}</Message>"
    if service == "ec2":
        body = f"<Response><Errors><Error>{inside}</Error></Errors><RequestID/></Response>"
    elif service == "s3":
        body = f"<Error>{inside}</Error>"
    else:
        body = f"<ErrorResponse><Error><Type>Sender</Type>{inside}</Error></ErrorResponse>"
    return "text/xml", body


def _cbor(fields: Mapping[str, str]) -> bytes:
    """Encode a small map of texts in CBOR (RFC 8949): major type 5, then text strings."""
    parts = [bytes([0xA0 + len(fields)])]
    for text in (part for pair in fields.items() for part in pair):
        raw = text.encode()
        parts += [b"\x79" + len(raw).to_bytes(2, "big"), raw]
    return b"".join(parts)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
