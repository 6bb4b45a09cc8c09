"""A KMS key that opens nothing any more is no lack of permission: the sentence names the key."""

import pytest
from botocore.exceptions import ClientError

from cloud.failures import Call, Denied, KeyUnusable, Throttled, translate

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CALL = Call("dynamodb", "eu-central-1", "GetItem")


def answer(code: str, message: str) -> ClientError:
    error = {"Code": code, "Message": message}
    return ClientError(
        {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}, CALL.operation
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", f"The KMS key {KEY} of the table is disabled."),
        ("AccessDeniedException", f"The KMS key {KEY} is pending deletion."),
        ("KMSDisabledException", f"{KEY} is disabled."),
        ("KMSInvalidStateException", f"{KEY} is pending deletion."),
        ("KMSAccessDeniedException", f"The ciphertext refers to {KEY}."),
        ("KMS.DisabledException", f"{KEY} is disabled."),
        ("KMS.NotFoundException", f"{KEY} does not exist."),
        ("KMSKeyNotAccessibleFault", f"{KEY} cannot be used."),
        ("DisabledException", f"{KEY} is disabled."),
    ],
)
def test_a_dead_key_is_named_with_how_to_bring_it_back(code: str, message: str) -> None:
    failure = translate(CALL, answer(code, message))
    assert isinstance(failure, KeyUnusable)
    assert f"cannot use the KMS key {KEY}" in str(failure)
    assert f"aws kms enable-key --key-id {KEY} --region eu-central-1" in str(failure)


def test_a_key_that_aws_does_not_name_is_still_said_to_be_the_trouble() -> None:
    failure = translate(CALL, answer("KMSDisabledException", "The key is disabled."))
    assert "cannot use the KMS key of what it is about" in str(failure)


def test_a_role_that_may_not_use_a_key_lacks_a_permission() -> None:
    said = f"User: x is not authorized to perform: kms:Decrypt on the KMS key {KEY}"
    assert isinstance(translate(CALL, answer("AccessDeniedException", said)), Denied)


def test_a_key_that_is_asked_too_often_is_throttled() -> None:
    assert isinstance(translate(CALL, answer("KMSThrottlingException", "Slow down.")), Throttled)
