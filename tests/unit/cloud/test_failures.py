"""Every family of botocore errors becomes one of ours, and says what to do next."""

import botocore.exceptions as boto
import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from cloud.failures import (
    FAMILIES,
    Ambiguous,
    Busy,
    Call,
    Conflict,
    Denied,
    Missing,
    Rejected,
    Throttled,
    Unreachable,
    translate,
)
from continuity.errors import PermanentError, TemporaryError

CALL = Call("rds", "eu-central-1", "PromoteReadReplica")


def answer(code: str, status: int = 400, message: str = "said AWS", **more: object) -> ClientError:
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **more,
    }
    return ClientError(response, CALL.operation)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("Throttling", 400, Throttled),
        ("ThrottlingException", 400, Throttled),
        ("RequestLimitExceeded", 503, Throttled),
        ("SlowDown", 503, Throttled),
        ("TooManyRequestsException", 429, Throttled),
        ("ProvisionedThroughputExceededException", 400, Throttled),
        ("PriorRequestNotComplete", 400, Throttled),
        ("ServiceUnavailable", 503, Ambiguous),
        ("InternalFailure", 500, Ambiguous),
        ("InternalServerError", 500, Ambiguous),
        ("RequestTimeout", 400, Ambiguous),
        ("SomethingNew", 502, Ambiguous),
        ("AccessDenied", 403, Denied),
        ("AccessDeniedException", 400, Denied),
        ("UnauthorizedOperation", 403, Denied),
        ("403", 403, Denied),
        ("SomethingNew", 403, Denied),
        ("ExpiredToken", 403, Denied),
        ("ExpiredTokenException", 400, Denied),
        ("UnrecognizedClientException", 400, Denied),
        ("RequestTimeTooSkewed", 403, Denied),
        ("DBInstanceNotFound", 404, Missing),
        ("DBInstanceNotFoundFault", 404, Missing),
        ("ResourceNotFoundException", 400, Missing),
        ("NoSuchBucket", 404, Missing),
        ("NoSuchKey", 404, Missing),
        ("InvalidGroup.NotFound", 400, Missing),
        ("ClusterNotFoundException", 400, Missing),
        ("InvalidDBInstanceState", 400, Conflict),
        ("InvalidDBInstanceStateFault", 400, Conflict),
        ("ConditionalCheckFailedException", 400, Conflict),
        ("PreconditionFailed", 412, Conflict),
        ("ServiceNotActiveException", 400, Conflict),
        ("TransactionInProgressException", 400, Busy),
        ("TransactionConflictException", 400, Busy),
        ("ConditionalRequestConflict", 409, Busy),
        ("InvalidParameterCombination", 400, Rejected),
        ("ValidationException", 400, Rejected),
        ("StorageQuotaExceeded", 400, Rejected),
    ],
)
def test_what_aws_answers_is_told_apart(code: str, status: int, expected: type[Exception]) -> None:
    error = translate(CALL, answer(code, status))
    assert type(error) is expected
    assert error.code == code
    assert str(CALL) in str(error)
    assert "said AWS" in str(error)


SESSION = "arn:aws:sts::123456789012:assumed-role/holdfast-we1-failover/anna"
URL = "https://rds.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (boto.EndpointConnectionError(endpoint_url=URL), Unreachable),
        (boto.ConnectTimeoutError(endpoint_url=URL), Unreachable),
        (boto.ProxyConnectionError(proxy_url=URL), Unreachable),
        (boto.ReadTimeoutError(endpoint_url=URL), Ambiguous),
        (boto.ConnectionClosedError(endpoint_url=URL), Ambiguous),
        (boto.SSLError(endpoint_url=URL, error="bad"), Ambiguous),
        (boto.HTTPClientError(error="bad"), Ambiguous),
        (boto.ResponseStreamingError(error="bad"), Ambiguous),
        (boto.IncompleteReadError(actual_bytes=1, expected_bytes=2), Ambiguous),
        (ResponseParserError("<html>"), Ambiguous),
        (boto.NoCredentialsError(), Denied),
        (boto.PartialCredentialsError(provider="env", cred_var="secret"), Denied),
        (boto.CredentialRetrievalError(provider="process", error_msg="bad"), Denied),
        (boto.TokenRetrievalError(provider="sso", error_msg="bad"), Denied),
        (boto.UnauthorizedSSOTokenError(), Denied),
        (boto.ProfileNotFound(profile="nobody"), Denied),
        (boto.ParamValidationError(report="bad"), Rejected),
        (boto.UnknownServiceError(service_name="rsd", known_service_names="rds"), Rejected),
    ],
)
def test_what_never_got_an_answer_is_told_apart(error: Exception, expected: type) -> None:
    assert isinstance(error, FAMILIES)
    assert type(translate(CALL, error)) is expected


def test_every_error_that_botocore_can_raise_is_caught_and_translated() -> None:
    """A new family in a later botocore must not slip through the door untyped."""
    classes = [
        item
        for item in vars(boto).values()
        if isinstance(item, type) and issubclass(item, Exception) and not issubclass(item, Warning)
    ]
    strangers = {
        one.__name__
        for one in classes
        if one.__module__ == boto.__name__ and not issubclass(one, FAMILIES)
    }
    # Raised while building models and tests, never by a call.
    assert strangers == {"UndefinedModelAttributeError", "MissingServiceIdError"}


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            f"User: {SESSION} is not authorized to perform: rds:AddTagsToResource on resource: x",
            "holdfast-we1-failover may not rds:AddTagsToResource",
        ),
        ("You are not authorized.", "the role that runs this may not rds:PromoteReadReplica"),
    ],
)
def test_a_denial_names_the_role_and_the_action(message: str, sentence: str) -> None:
    assert sentence in str(translate(CALL, answer("AccessDenied", 403, message)))


def test_a_cancelled_transaction_is_named_after_the_reason_that_matters() -> None:
    def cancelled(*codes: str) -> Exception:
        reasons = [{"Code": code} for code in codes]
        return translate(CALL, answer("TransactionCanceledException", CancellationReasons=reasons))

    assert isinstance(cancelled("None", "ConditionalCheckFailed", "ThrottlingError"), Conflict)
    assert isinstance(cancelled("None", "ThrottlingError"), Throttled)
    assert isinstance(cancelled("TransactionConflict", "None"), Busy)
    assert isinstance(cancelled("ValidationError", "None"), Rejected)


def test_temporary_and_permanent_are_what_the_engine_goes_by() -> None:
    for kind in (Throttled, Unreachable, Ambiguous, Busy):
        assert issubclass(kind, TemporaryError)
    for kind in (Denied, Missing, Conflict, Rejected):
        assert issubclass(kind, PermanentError)


def test_what_botocore_ends_with_a_full_stop_gets_no_second_one() -> None:
    error = translate(CALL, boto.ConnectionClosedError(endpoint_url=URL))
    assert ".." not in str(error)
