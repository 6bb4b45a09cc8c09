"""A driver delivers in its pauses: soon after news, never before what it has to do itself."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from continuity.errors import HoldfastError, TemporaryError
from failover.courier import AGAIN_S, LATEST_S, Sending
from failover.progress import Progress, State

START = datetime(2026, 3, 3, 9, tzinfo=UTC)


@dataclass
class Time:
    seconds: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Post:
    """A courier that takes its time, and says when it wants to come again."""

    clock: Time
    takes_s: float = 3.0
    again: datetime | None = None
    broken: HoldfastError | None = None
    went: list[float] = field(default_factory=list)

    def deliver(self) -> datetime | None:
        self.went.append(self.clock.seconds)
        self.clock.sleep(self.takes_s)
        if self.broken:
            raise self.broken
        return self.again


PAUSE = Progress("It goes on.", 10.0, State.RUNNING)
BUSY = Progress("It goes on.", 0.0, State.RUNNING)


def test_the_pause_is_as_much_shorter_as_delivering_took() -> None:
    clock = Time()
    assert Sending(Post(clock), clock).after(PAUSE).wait == 7.0
    slow = Post(clock, takes_s=25.0)
    assert Sending(slow, clock).after(PAUSE).wait == 0.0


def test_a_driver_that_is_busy_delivers_later_but_not_much() -> None:
    clock = Time()
    post = Post(clock)
    sending = Sending(post, clock)
    for _ in range(4):
        assert sending.after(BUSY) == BUSY
        clock.sleep(LATEST_S / 4)
    assert post.went == []
    sending.after(BUSY)
    assert post.went == [LATEST_S]


def test_the_end_of_a_run_is_told_at_once() -> None:
    clock = Time()
    post = Post(clock)
    Sending(post, clock).after(Progress("It is over.", 0.0, State.RECOVERED))
    assert post.went == [0.0]


def test_it_looks_again_after_news_at_the_time_it_was_told_or_after_a_minute() -> None:
    clock = Time()
    post = Post(clock, takes_s=0.0, again=START + timedelta(seconds=20))
    sending = Sending(post, clock)
    for second in range(100):
        clock.seconds = float(second)
        if second == 50:
            sending.hurry()
        sending.after(PAUSE)
        post.again = None
    assert post.went == [0.0, 20.0, 50.0]
    clock.seconds = 50 + AGAIN_S
    sending.after(PAUSE)
    assert post.went[-1] == 110.0


def test_a_record_that_is_silent_disturbs_nobody_for_a_minute() -> None:
    clock = Time()
    post = Post(clock, takes_s=5.0, broken=TemporaryError("is silent"))
    sending = Sending(post, clock)
    assert sending.after(PAUSE) == PAUSE
    sending.after(PAUSE)
    assert len(post.went) == 1
