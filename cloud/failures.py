"""What may come of a call that failed, in the words on which the engine can act.

    TemporaryError                      PermanentError
    |- Throttled    ask more slowly     |- Denied    the role lacks an action, or nobody signed in
    |- Unreachable  nothing was sent    |- Missing   what was asked about is not there
    |- Ambiguous    may have happened   |- Conflict  the state is not what the call assumed
    |- Busy         AWS does other work |- KeyUnusable  what is asked for lies under a dead key
    `- NotStarted   no time was left    `- Rejected  AWS will never take it like this

`translate` reads botocore's errors, whose families share no base but `Exception`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore import exceptions as boto
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from cloud.permitted import actions_of
from continuity.errors import HoldfastError, PermanentError, TemporaryError


@dataclass(frozen=True)
class Call:
    """One operation of one service in one region."""

    service: str
    region: str
    operation: str

    def __str__(self) -> str:
        return f"{self.service}.{self.operation} in {self.region}"


class Temporary(TemporaryError):
    """A call to try again. `code` is AWS's own, empty where AWS did not answer."""

    def __init__(self, call: Call, sentence: str, code: str = "", delay: float = 5.0) -> None:
        self.call = call
        self.code = code
        super().__init__(sentence, delay)


class Throttled(Temporary):
    """AWS asks us to be slower. Nothing happened."""


class Unreachable(Temporary):
    """No connection: nothing was sent, so nothing happened."""


class Ambiguous(Temporary):
    """Sent, but not answered: it may have happened. Look, or repeat what is safe to repeat."""


class Busy(Temporary):
    """AWS is at work on the same thing and takes this later."""


class NotStarted(Temporary):
    """No time was left to start. Nothing was sent."""


class Permanent(PermanentError):
    """A call that fails again until somebody changes something. `response` is AWS's answer."""

    def __init__(
        self, call: Call, sentence: str, code: str = "", response: Mapping[str, Any] | None = None
    ) -> None:
        self.call = call
        self.code = code
        self.response = response or {}
        super().__init__(sentence)


class Denied(Permanent):
    """The caller may not, or AWS does not know who is calling."""


class KeyUnusable(Permanent):
    """The KMS key of what the call is about is disabled, doomed, gone or out of reach."""


class Missing(Permanent):
    """What the call names does not exist."""


class Conflict(Permanent):
    """The state is not what the call assumed; often somebody already did it."""


class Rejected(Permanent):
    """Anything else that AWS, or botocore before it, refuses for good."""


_THROTTLES = re.compile(
    r"Throttl|^RequestLimitExceeded$|^TooManyRequests|^ProvisionedThroughputExceeded"
    r"|^SlowDown$|^BandwidthLimitExceeded$|^PriorRequestNotComplete$"
)
_SIGN_IN = re.compile(
    r"^(ExpiredToken(Exception)?|InvalidClientTokenId|UnrecognizedClientException|InvalidToken"
    r"|InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken"
    r"|AuthFailure|RequestExpired|RequestTimeTooSkewed|OptInRequired)$"
)
_DENIED = re.compile(r"^(AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden|403$)")
_MISSING = re.compile(r"^NoSuch|NotFound(Fault|Exception)?$|^404$")
_BUSY = re.compile(
    r"^(TransactionInProgress|TransactionConflict|ConditionalRequestConflict"
    r"|ResourceConflictException|IncorrectFileSystemLifeCycleState)"
)
"""Lambda calls it a conflict of resources that a function is being changed."""
_CONFLICTS = re.compile(
    r"^(InvalidDBInstanceState|ConditionalCheckFailed|TransactionCanceled|PreconditionFailed"
    r"|ServiceNotActive|MountTargetConflict|AccessPointAlreadyExists|412$)"
)
_KEY = re.compile(r"^(KMS|Kms)|^DisabledException$|^InaccessibleEncryption|^KeyUnavailable")
_KEY_SAID = re.compile(
    r"KMS key.*\b(disabled|pending deletion|inaccessible|unavailable|not (enabled|accessible|found)"
    r"|does not exist)\b",
    re.IGNORECASE,
)
"""What services say whose own code for it is a denial, as DynamoDB's (wording: assumption)."""
_SERVER = re.compile(r"^(Internal(Error|Failure|Server)|ServiceUnavailable|RequestTimeout)")
_SERVER_STATUS = 500
_FORBIDDEN = 403

_NOT_SENT = (boto.EndpointConnectionError, boto.ConnectTimeoutError, boto.ProxyConnectionError)
_MAYBE_DONE = (
    boto.ConnectionError,
    boto.HTTPClientError,
    boto.IncompleteReadError,
    boto.ChecksumError,
    boto.FlexibleChecksumError,
    ResponseParserError,
)
_NOBODY = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.MetadataRetrievalError,
    boto.TokenRetrievalError,
    boto.NoAuthTokenError,
    boto.SSOError,
    boto.LoginError,
    boto.ProfileNotFound,
)
FAMILIES = (boto.BotoCoreError, ClientError, ResponseParserError)
"""Everything that a botocore client raises; botocore gives them no common base."""


def translate(call: Call, error: Exception) -> HoldfastError:
    """Return the error that says what happened to the call, and what to do next."""
    if isinstance(error, ClientError):
        return _answered(call, error)
    said = str(error).rstrip(".")
    if isinstance(error, _NOT_SENT):
        return Unreachable(
            call, f"{call} cannot be reached: {said}. Nothing was sent; it is safe to try again."
        )
    if isinstance(error, _MAYBE_DONE):
        return Ambiguous(
            call, f"{call} gave no usable answer: {said}. It may have happened; look, then repeat."
        )
    if isinstance(error, _NOBODY):
        return _not_signed_in(call, "", str(error))
    return Rejected(call, f"{call} was not sent: {said}. Correct the call.")


def _answered(call: Call, error: ClientError) -> HoldfastError:
    response: Mapping[str, Any] = error.response
    code = _code(response)
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    message = (response.get("Error", {}).get("Message") or code).rstrip(".")
    if _KEY_SAID.search(message) and not _THROTTLES.search(code):
        return _key(call, code, message, response)
    for matches, make in _TABLE:
        if matches.search(code):
            return make(call, code, message, response)
    if status >= _SERVER_STATUS:
        return _server(call, code, message, response)
    if status == _FORBIDDEN:
        return _denied(call, code, message, response)
    return Rejected(call, f"{call} was refused ({code}): {message}", code, response)


def _code(response: Mapping[str, Any]) -> str:
    """Return AWS's code; for a cancelled transaction that of the reason which matters most."""
    code: str = response.get("Error", {}).get("Code", "")
    reasons = {reason.get("Code", "None") for reason in response.get("CancellationReasons", [])}
    if "ConditionalCheckFailed" in reasons:
        return code
    return next(iter(sorted(reasons - {"None"})), code)


def _throttled(call: Call, code: str, message: str, _: Mapping[str, Any]) -> HoldfastError:
    return Throttled(
        call, f"{call} was throttled ({code}): {message}. It is tried more slowly.", code, delay=2.0
    )


def _busy(call: Call, code: str, message: str, _: Mapping[str, Any]) -> HoldfastError:
    return Busy(call, f"{call} met other work ({code}): {message}. It is tried again.", code)


def _server(call: Call, code: str, message: str, _: Mapping[str, Any]) -> HoldfastError:
    return Ambiguous(
        call, f"{call} failed inside AWS ({code}): {message}. It may have happened; look.", code
    )


def _denied(call: Call, code: str, message: str, answer: Mapping[str, Any]) -> HoldfastError:
    found = re.search(
        r"arn:aws[\w-]*:(?:sts|iam)::\d*:(?:assumed-role|role|user)/([\w+=,.@-]+)", message
    )
    who = found.group(1) if found else "the role that runs this"
    named = re.search(r"to perform: ([\w-]+:\w+)", message)
    actions = named.group(1) if named else " and ".join(actions_of(call.service, call.operation))
    return Denied(
        call,
        f"{call} is denied ({code}): {who} may not {actions}. Grant it to the role and deploy, "
        f"or look for a policy that forbids it. AWS says: {message}",
        code,
        answer,
    )


def _key(call: Call, code: str, message: str, answer: Mapping[str, Any]) -> HoldfastError:
    found = re.search(r"arn:aws[\w-]*:kms:[\w-]+:\d*:(?:key|alias)/[\w/-]+", message)
    which = found.group(0) if found else "of what it is about"
    name = found.group(0) if found else "KEY"
    return KeyUnusable(
        call,
        f"{call} cannot use the KMS key {which} ({code}): enable it again (aws kms enable-key "
        f"--key-id {name} --region {call.region}), or cancel its deletion first; if it is enabled, "
        f"its policy keeps this role out. AWS says: {message}",
        code,
        answer,
    )


def _not_signed_in(
    call: Call, code: str, message: str, answer: Mapping[str, Any] | None = None
) -> HoldfastError:
    return Denied(
        call,
        f"{call} has no valid credentials ({code or 'none found'}): {message}. Sign in again, and "
        "check the machine's clock.",
        code,
        answer,
    )


def _missing(call: Call, code: str, message: str, answer: Mapping[str, Any]) -> HoldfastError:
    sentence = f"{call} names something that is not there ({code}): {message}"
    return Missing(call, sentence, code, answer)


def _conflict(call: Call, code: str, message: str, answer: Mapping[str, Any]) -> HoldfastError:
    sentence = f"{call} met another state than it assumed ({code}): {message}"
    return Conflict(call, sentence, code, answer)


_TABLE = (
    (_THROTTLES, _throttled),
    (_SIGN_IN, _not_signed_in),
    (_KEY, _key),
    (_DENIED, _denied),
    (_MISSING, _missing),
    (_BUSY, _busy),
    (_CONFLICTS, _conflict),
    (_SERVER, _server),
)
