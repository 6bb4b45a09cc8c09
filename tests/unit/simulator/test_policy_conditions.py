import pytest

from simulator.conditions import holds

FAILOVER = "arn:aws:iam::123456789012:role/holdfast-we1-failover"
ROOT = "arn:aws:iam::123456789012:root"


@pytest.mark.parametrize(
    ("condition", "principal", "expected"),
    [
        ({}, ROOT, True),
        ({"ArnNotEquals": {"aws:PrincipalArn": FAILOVER}}, ROOT, True),
        ({"ArnNotEquals": {"aws:PrincipalArn": FAILOVER}}, FAILOVER, False),
        ({"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/holdfast-*"]}}, FAILOVER, True),
        ({"ArnEquals": {"aws:PrincipalArn": FAILOVER}}, ROOT, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, ROOT, False),
        ({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, ROOT, True),
        ({"NotIpAddress": {"aws:SourceIp": ["198.51.100.0/24", "192.0.2.0/24"]}}, ROOT, False),
        (
            {
                "Bool": {"aws:SecureTransport": "true"},
                "ArnEquals": {"aws:PrincipalArn": FAILOVER},
            },
            ROOT,
            False,
        ),
    ],
)
def test_a_statement_counts_only_where_every_condition_holds(
    condition: dict[str, dict[str, str | list[str]]], principal: str, expected: bool
) -> None:
    assert holds(condition, principal) is expected


def test_an_operator_that_is_not_understood_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(KeyError, match="NumericLessThan"):
        holds({"NumericLessThan": {"s3:max-keys": "10"}}, ROOT)
