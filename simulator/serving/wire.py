"""What a request on the wire asks of AWS: which service, region and operation, and with what.

`simulator.serving.aws` reads each request with it. A served world has one address for all of AWS,
so the signature says whom a request is meant for, and moto's own router and parsers, which know
the service models, say what it wants.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol, normalize_request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from simulator.backstage import client

_SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
_SMITHY = re.compile(r"/service/[^/]+/operation/(?P<operation>\w+)")

_NAMES = {
    "monitoring": "cloudwatch",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "servicequotas": "service-quotas",
}
"""boto3's names of services that sign with another one; all others sign with their own."""


_GLOBAL = "us-east-1"
"""Where the control planes of services without regions live: Route 53, IAM."""


class Unreadable(ValueError):
    """A request that is none of AWS's, or for a service that is not simulated."""


@dataclass(frozen=True)
class Asked:
    """A request as AWS would have got it: `request` has AWS's own host in its address."""

    service: str
    region: str
    operation: str
    parameters: Mapping[str, object]
    request: AWSPreparedRequest


def read(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Asked:
    """Read one request. `target` is path and query as they came.

    Raises:
        Unreadable: it is not signed, or its service or operation is unknown.
    """
    found = _SCOPE.search(headers.get("Authorization", ""))
    if found is None:
        raise Unreadable("the request is not signed: the signature says whom it is meant for")
    service = _service(found["service"], target)
    endpoint = _endpoint(service, found["region"])
    # One address for all of AWS makes clients sign global services for the region they are in.
    region = found["region"] if found["region"] in endpoint else _GLOBAL
    request = _as_aws(method, target, headers, body, endpoint)
    normal = normalize_request(request)
    operation = _operation(service, normal)
    return Asked(service, region, operation[0], _parameters(service, operation, normal), request)


def _service(signed: str, target: str) -> str:
    """Return boto3's name of what a request is signed for: both interfaces of SES sign alike."""
    if signed == "ses" and target.startswith("/v2/"):
        return "sesv2"
    return _NAMES.get(signed, signed)


def _endpoint(service: str, region: str) -> str:
    try:
        return str(client(service, region).meta.endpoint_url)
    except Exception as error:
        raise Unreadable(f"{service} in {region} is not simulated: {error}") from error


def _as_aws(
    method: str, target: str, headers: Mapping[str, str], body: bytes, endpoint: str
) -> AWSPreparedRequest:
    sent = HTTPHeaders()
    for key, value in headers.items():
        sent[key] = endpoint.partition("://")[2] if key.lower() == "host" else value
    return AWSPreparedRequest(method, endpoint + target, sent, body, stream_output=False)


def _operation(service: str, request: Request) -> tuple[str, Mapping[str, Any]]:
    """Return the operation's name and what its path says, by the protocol that is spoken."""
    smithy = _SMITHY.fullmatch(request.path)
    if smithy:
        return smithy["operation"], {}
    named = request.headers.get("X-Amz-Target") or request.values.get("Action")
    if named:
        return str(named).rpartition(".")[2], {}
    try:
        model, labels = get_service_router(service).match(request)
    except (NotFound, NotImplementedError) as error:
        raise Unreadable(f"{service} has no operation {request.method} {request.path}") from error
    return str(model.name), labels


def _parameters(
    service: str, operation: tuple[str, Mapping[str, Any]], request: Request
) -> Mapping[str, object]:
    """Return the parameters as boto3 had them; CBOR, which only metrics speak, is left unread."""
    if "cbor" in request.headers.get("Smithy-Protocol", ""):
        return {}
    model = get_service_model(service)
    protocol = determine_request_protocol(model, request.content_type)
    parsed: Mapping[str, object] = PROTOCOL_PARSERS[protocol](
        model.operation_model(operation[0])
    ).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": operation[1],
        }
    )
    return parsed
