"""IAM policy documents as JSON text: the one shape that every policy of the program has."""

import json
from collections.abc import Mapping, Sequence

Statement = Mapping[str, object]


def document(*statements: Statement) -> str:
    """Return a policy of these statements, in the language version that AWS has used since 2012."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Sequence[str], resources: Sequence[str], **more: object) -> Statement:
    """Return a statement that allows actions on resources; `more` adds Principal or Condition."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources), **more}


def deny(actions: Sequence[str], resources: Sequence[str], **more: object) -> Statement:
    """Return a statement that denies actions on resources whatever else allows them."""
    return {"Effect": "Deny", "Action": list(actions), "Resource": list(resources), **more}


def only_over_tls(bucket: str) -> Statement:
    """Return a statement that refuses everybody who comes to a bucket without TLS."""
    arn = f"arn:aws:s3:::{bucket}"
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    denied = deny(("s3:*",), [arn, f"{arn}/*"], Principal="*", Condition=condition)
    return {**denied, "Sid": "OnlyOverTls"}


def trust(service: str, account: str) -> str:
    """Return who may take a role: an AWS service, on behalf of this account only."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
    )


def trust_people(account: str) -> str:
    """Return who may take a role: people of this account who signed in with a second factor.

    IAM answers this in every region, so that it holds while us-east-1 cannot be reached. Only an
    IAM user can show one: whoever signed in through Identity Center or another provider cannot.
    The session's name must be the user's own, so that two sessions are two people.
    """
    return document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
                "StringEquals": {"sts:RoleSessionName": "${aws:username}"},
            },
        }
    )


def trust_passed(service: str) -> str:
    """Return who may take a role: a service that does not say on whose behalf it comes.

    AWS documents no condition for S3's replication, for Lambda and for Firehose. None is needed: a
    role is given to a service by `iam:PassRole`, which never leaves the role's own account.
    """
    return document(
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    )
