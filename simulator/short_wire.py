"""A short way from boto3 to moto: what lies between them in one process is HTTP for nobody.

`simulator.repeated_answers` gives it to `simulator.transport`. botocore checks each question and
reads each answer as ever, and moto answers it as ever; what is left out is the making, signing and
taking apart of HTTP requests, the text of questions that moto takes as they are, and the search for
who answers; a second address, which is signed for the region that a copy comes from, is a proof as
well. A call of which botocore makes something else of its own goes the long way.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError
from botocore.handlers import generate_idempotent_uuid
from botocore.utils import percent_encode_sequence
from moto import backend_index
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict
from moto.core.botocore_stubber import MockRawResponse
from moto.core.exceptions import HTTPException

from simulator import short_questions
from simulator.attempt import FIRST_REFUSAL, NotSimulated
from simulator.short_questions import Headers, Question

SERVICES = frozenset({"backup", "cloudwatch", "dynamodb", "kms", "rds"})
"""Whose clients ask one address for everything, and whose answers are no streams."""

_UNREAD = frozenset({"cloudwatch"})
"""Of these moto's code asks for parameters only. A night puts thousands of numbers."""

_FROM = "SourceRegion"
"""Is sent to nobody: it says for which region a second address has to be signed."""

_EVENTS = (
    "provide-client-params",
    "before-parameter-build",
    "before-call",
    "request-created",
    "choose-signer",
    "before-sign",
    "before-send",
    "before-parse",
    "response-received",
    "needs-retry",
    "after-call",
)
_USUAL = frozenset(
    {
        "BotocoreStubber",
        "_handle_request_validation_mode_member",
        "_nothing",  # in the place of the user agent's list of features (`spared_work`)
        "_set_auth_scheme_preference_signer",
        "add_recursion_detection_header",
        "add_retry_headers",
        "block_endpoint_discovery_required_operations",
        "generate_idempotent_uuid",
        "handler",
        "inject_api_version_header_if_needed",
        "inject_presigned_url_rds",
        "needs_retry",
        "rebuild_and_replace_user_agent_handler",
        "release_retry_quota",
        "seed_max_attempts",
        "set_operation_specific_signer",
    }
)
"""What botocore does with every call: keys for repeats are made here too, the rest is for HTTP."""

Answered = Callable[[str, AWSPreparedRequest, Callable[[], AWSResponse | None]], AWSResponse | None]
"""Carries a call: operation, request, and what lets moto answer it."""

_Method = Callable[..., tuple[int, Any, Any]]


class ShortWire:
    """The short way of one world; it remembers whom to ask where."""

    def __init__(self) -> None:
        self._plain: dict[tuple[BaseClient, str], bool] = {}
        self._doors: dict[str, _Method] = {}
        self._methods: dict[str, list[tuple[re.Pattern[str], _Method]]] = {}
        self._parsers: dict[tuple[BaseClient, str], Any] = {}

    def takes(self, client: BaseClient, operation: str) -> bool:
        """Say whether botocore does with this call only what it does with every one."""
        key = (client, operation)
        if key not in self._plain:
            self._plain[key] = _is_plain(client, operation)
        return self._plain[key]

    def ask(
        self,
        client: Any,  # noqa: ANN401 - botocore's, most of whose inside is asked here
        operation: str,
        parameters: dict[str, Any],
        carry: Answered,
    ) -> dict[str, Any]:
        """Make a call.

        Raises:
            NotSimulated: nobody answers.
            ClientError: AWS refuses, as the client's own exceptions say it.
        """
        model = client._service_model.operation_model(operation)
        parameters = dict(parameters)
        generate_idempotent_uuid(parameters, model)
        taken = short_questions.taken(parameters) if _is_unread(model) else None
        asked = (
            client._serializer.serialize_to_request(parameters, model)
            if taken is None
            else _unwritten(client, parameters, model)
        )
        if isinstance(asked["body"], dict):
            asked["body"].pop(_FROM, None)
        request, question = _written(client, asked, parameters)
        question.taken = taken
        response = carry(operation, request, lambda: self._answer(request, question))
        if response is None:
            raise NotSimulated(operation)
        return self._read(client, model, response)

    def _answer(self, request: AWSPreparedRequest, question: Any) -> AWSResponse:  # noqa: ANN401 - moto's
        """Let moto answer."""
        url = question.raw_url
        try:
            status, headers, body = self._method(url)(question, url, question.headers)
        except HTTPException as error:
            status, headers, body = error.code, error.get_headers(), error.get_body()
        return AWSResponse(request.url, status, headers, MockRawResponse(body))

    def _method(self, url: str) -> _Method:
        address = url.split("?", 1)[0]
        if address in self._doors:
            return self._doors[address]
        host = "/".join(address.split("/", 3)[:3])
        if host not in self._methods:
            self._methods[host] = _answering(address)
        for pattern, method in self._methods[host]:
            if pattern.match(address):
                if address == f"{host}/":  # one door for every question, as most services have
                    self._doors[address] = method
                return method
        raise NotSimulated(address)

    def _read(self, client: Any, model: Any, response: AWSResponse) -> dict[str, Any]:  # noqa: ANN401 - botocore's
        """Read an answer as botocore does; raise what it says no with."""
        protocol = model.service_model.resolved_protocol
        key = (client, protocol)
        if key not in self._parsers:
            factory = client._endpoint._response_parser_factory
            self._parsers[key] = factory.create_parser(protocol)
        told = {
            "headers": response.headers,
            "status_code": response.status_code,
            "context": {"operation_name": model.name},
            "body": response.content,
        }
        parser = self._parsers[key]
        reply: dict[str, Any] = parser.parse(told, model.output_shape)
        reply["ResponseMetadata"]["RetryAttempts"] = 0
        if response.status_code < FIRST_REFUSAL:
            return reply
        client._endpoint._add_modeled_error_fields(told, reply, model, parser)
        raise client.exceptions.from_code(reply.get("Error", {}).get("Code"))(reply, model.name)


def _is_plain(client: Any, operation: str) -> bool:  # noqa: ANN401 - botocore's inside
    model = client._service_model
    if model.service_name not in SERVICES or client.meta.config.proxies:
        return False
    events = client.meta.events._emitter
    names = (f"{event}.{model.service_id.hyphenize()}.{operation}" for event in _EVENTS)
    found = [one for name in names for one in events._handlers.prefix_search(name)]
    return all(getattr(one, "__name__", type(one).__name__) in _USUAL for one in found)


def _written(
    client: Any,  # noqa: ANN401 - as above
    asked: dict[str, Any],
    parameters: dict[str, Any],
) -> tuple[AWSPreparedRequest, Any]:
    """Return the request as the world sees it, and as moto does; who signs is named in it."""
    headers = {**asked["headers"], "Authorization": _signature(client)}
    address = client.meta.endpoint_url
    url = f"{address}{asked['url_path']}"
    if asked["query_string"]:
        url = f"{url}?{percent_encode_sequence(asked['query_string'])}"
    named = Headers({**headers, "Host": address.split("/")[2]})
    sent: Any = named  # the stubs want another kind than anybody asks for
    request = AWSPreparedRequest(asked["method"], url, sent, asked["body"], stream_output=False)
    given = {name: value for name, value in parameters.items() if name != _FROM}
    return request, Question(asked["method"], url, named, asked["body"], given)


def _is_unread(model: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether moto takes a service's questions as they are asked, and reads no text."""
    service = model.service_model
    return service.service_name in _UNREAD and service.resolved_protocol == "json"


def _unwritten(client: Any, parameters: Mapping[str, Any], model: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return a question without its text, once botocore has checked it.

    Raises:
        ParamValidationError: as botocore says it.
    """
    checked = client._serializer
    report = checked._param_validator.validate(parameters, model.input_shape)
    if report.has_errors():
        raise ParamValidationError(report=report.generate_report())
    asked: dict[str, Any] = checked._serializer.serialize_to_request({}, model)
    return asked


def _signature(client: Any) -> str:  # noqa: ANN401 - as above
    signer = client._request_signer
    scope = f"20260101/{client.meta.region_name}/{signer.signing_name}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={signer._credentials.access_key}/{scope}, Signature=0"


def _answering(address: str) -> list[tuple[re.Pattern[str], _Method]]:
    """Return what answers under a host, found as moto finds it."""
    service = next(
        name for name, pattern in backend_index.backend_url_patterns if pattern.match(address)
    )
    backends: Any = get_backend(service)
    if not isinstance(backends, BackendDict):
        found = backends["global"]
    else:
        own = backends[DEFAULT_ACCOUNT_ID]
        found = own["us-east-1"] if "us-east-1" in own else own["aws"]
    return [(re.compile(url), method) for url, method in found.urls.items()]
