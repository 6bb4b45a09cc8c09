from datetime import UTC, datetime

import pytest

from simulator.call_log import Call, CallLog, Outcome

AT = datetime(2026, 3, 3, tzinfo=UTC)


def call(operation: str, outcome: Outcome = Outcome.OK) -> Call:
    return Call("rds", operation, "eu-west-1", AT, outcome)


@pytest.mark.parametrize("operation", ["DescribeDBInstances", "GetItem", "Query", "HeadObject"])
def test_reading_changes_nothing(operation: str) -> None:
    assert not call(operation).effect


@pytest.mark.parametrize(
    ("outcome", "effect"),
    [
        (Outcome.OK, True),
        (Outcome.REPLY_LOST, True),
        (Outcome.REFUSED, False),
        (Outcome.THROTTLED, False),
        (Outcome.NO_REPLY, False),
        (Outcome.UNREACHABLE, False),
    ],
)
def test_an_effect_is_what_aws_did_whether_or_not_anybody_heard(
    outcome: Outcome, effect: bool
) -> None:
    assert call("PromoteReadReplica", outcome).effect is effect


def test_calls_are_counted_by_name_and_by_outcome() -> None:
    log = CallLog()
    for made in (call("B"), call("A"), call("B", Outcome.THROTTLED)):
        log.append(made)
    assert log.counts() == {"rds.A": 1, "rds.B": 2}
    assert log.counts(Outcome.THROTTLED) == {"rds.B": 1}
    assert len(log.effects()) == 2
