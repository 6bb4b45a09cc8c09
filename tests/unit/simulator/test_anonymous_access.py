"""S3's rules for anonymous readers, on policies alone."""

import json
from typing import Any

import pytest

from simulator.anonymous_access import PublicAccess, anonymous_may_read, is_public

ALLOW = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::latch/open/away",
}
NO_BLOCK = PublicAccess()
INSECURE = {"Bool": {"aws:SecureTransport": "false"}}


def may_read(
    *statements: dict[str, Any], block: PublicAccess = NO_BLOCK, secure: bool = True
) -> bool:
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return anonymous_may_read(policy, block, "latch", "open/away", secure=secure)


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": ["arn:aws:iam::1:root", "*"]}}, True),
        ({"Action": ["s3:GetObject", "s3:ListBucket"]}, True),
        ({"Action": "s3:Get*"}, True),
        ({"Resource": "arn:aws:s3:::latch/*"}, True),
        ({"Resource": ["arn:aws:s3:::latch/closed/home", "arn:aws:s3:::latch/open/*"]}, True),
        ({"Effect": "Deny"}, False),
        ({"Principal": {"Service": "*"}}, False),
        ({"Action": "s3:PutObject"}, False),
        ({"Resource": "arn:aws:s3:::latch"}, False),
        ({"Resource": "arn:aws:s3:::other/*"}, False),
        ({"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}, False),
    ],
)
def test_a_statement_lets_anybody_read_if_all_of_it_fits(
    changes: dict[str, Any], allowed: bool
) -> None:
    assert may_read(ALLOW | changes) is allowed


def test_without_a_policy_nobody_reads() -> None:
    assert not anonymous_may_read(None, PublicAccess(), "latch", "open/away", secure=True)


def test_a_deny_overrules_every_allow() -> None:
    assert not may_read(ALLOW, ALLOW | {"Effect": "Deny", "Resource": "*"})


def test_a_deny_of_insecure_transport_leaves_https_alone() -> None:
    deny = ALLOW | {"Effect": "Deny", "Condition": INSECURE}

    assert may_read(ALLOW, deny, secure=True)
    assert not may_read(ALLOW, deny, secure=False)


def test_a_condition_that_is_not_understood_is_read_cautiously() -> None:
    unknown = {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}

    assert not may_read(ALLOW | unknown)
    assert not may_read(ALLOW, ALLOW | {"Effect": "Deny"} | unknown)


def test_restricted_buckets_are_closed_and_blocked_policies_are_not() -> None:
    assert not may_read(ALLOW, block=PublicAccess(restrict_buckets=True))
    assert may_read(ALLOW, block=PublicAccess(block_policy=True))


@pytest.mark.parametrize(
    ("changes", "public"),
    [
        ({}, True),
        ({"Effect": "Deny"}, False),
        ({"Principal": {"AWS": "arn:aws:iam::1:root"}}, False),
        ({"Condition": INSECURE}, False),
    ],
)
def test_a_policy_is_public_if_it_allows_anybody_anything(
    changes: dict[str, Any], public: bool
) -> None:
    assert is_public(json.dumps({"Statement": ALLOW | changes})) is public
