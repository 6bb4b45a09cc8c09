from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from cloud.aws_time import AwsTime
from simulator.clock import VirtualClock

START = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


def reply(moment: datetime) -> dict[str, object]:
    headers = {"date": format_datetime(moment, usegmt=True)}
    return {"ResponseMetadata": {"HTTPHeaders": headers}}


@pytest.mark.parametrize("off_s", [-300, -6, 6, 300])
def test_a_clock_that_is_off_is_corrected_by_the_first_reply(
    clock: VirtualClock, off_s: float
) -> None:
    time = AwsTime(clock)
    time.learn(reply(START + timedelta(seconds=off_s)), 0)
    assert time.now() == START + timedelta(seconds=off_s)
    clock.sleep(30)
    assert time.now() == START + timedelta(seconds=off_s + 30)
    assert time.monotonic() == 30


@pytest.mark.parametrize("off_s", [-4, 0, 4])
def test_what_whole_seconds_and_the_way_explain_is_no_error(
    clock: VirtualClock, off_s: float
) -> None:
    time = AwsTime(clock)
    time.learn(reply(START + timedelta(seconds=off_s)), 0)
    assert time.now() == START


def test_a_clock_that_is_put_right_is_believed_again(clock: VirtualClock) -> None:
    time = AwsTime(clock)
    time.learn(reply(START + timedelta(seconds=300)), 0)
    time.learn(reply(START), 0)
    assert time.now() == START


def test_an_old_reply_says_nothing(clock: VirtualClock) -> None:
    time = AwsTime(clock)
    clock.sleep(600)
    time.learn(reply(START), 0)
    assert time.now() == clock.now()


@pytest.mark.parametrize("told", [None, "yesterday"])
def test_a_reply_without_a_date_says_nothing(clock: VirtualClock, told: str | None) -> None:
    time = AwsTime(clock)
    headers = {} if told is None else {"date": told}
    time.learn({"ResponseMetadata": {"HTTPHeaders": headers}}, 0)
    time.learn({}, 0)
    assert time.now() == START
