"""Schedules of the simulated AWS: they fire on the virtual clock; what fails is in the queue."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from continuity.errors import PermanentError
from simulator import backstage, queued_messages
from simulator.faults import Fault, FaultKind
from simulator.invocations import CODE, Surroundings
from simulator.metrics import Metric, Window
from simulator.schedules import Fate, Schedules
from simulator.world import ACCOUNT, World

REGION = "eu-west-1"
START = datetime(2026, 3, 3, 12, tzinfo=UTC)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/nightly"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed"
DAY_S = 86_400.0


class Nights:
    """A world with one function, called every night at one o'clock, and a queue."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ran: list[tuple[datetime, Surroundings, Mapping[str, str]]] = []
        self.error: str = ""
        with world.instantly():
            self._make()
        CODE.give(world, self.run)
        self.schedules = Schedules(world)

    def _make(self) -> None:
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        backstage.client("iam", REGION).create_role(
            RoleName="nightly", AssumeRolePolicyDocument=trust
        )
        backstage.client("sqs", REGION).create_queue(QueueName="failed")
        function = backstage.client("lambda", REGION)
        arn = function.create_function(
            FunctionName="nightly",
            Runtime="python3.13",
            Role=ROLE,
            Handler="backup.handler.run",
            Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
            Environment={"Variables": {"ZONE": "we1"}},
        )["FunctionArn"]
        self.repeat(0)
        backstage.client("scheduler", REGION).create_schedule(
            Name="nightly",
            ScheduleExpression="cron(0 1 * * ? *)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": arn,
                "RoleArn": ROLE,
                "Input": '{"duty": "capture"}',
                "DeadLetterConfig": {"Arn": QUEUE},
                "RetryPolicy": {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 3},
            },
        )

    def repeat(self, times: int) -> None:
        """Say how often Lambda repeats a run that failed."""
        backstage.client("lambda", REGION).put_function_event_invoke_config(
            FunctionName="nightly",
            MaximumRetryAttempts=times,
            DestinationConfig={"OnFailure": {"Destination": QUEUE}},
        )

    def change(self, **changed: object) -> None:
        """Change the schedule, as a deployment would."""
        scheduler = backstage.client("scheduler", REGION)
        found = scheduler.get_schedule(Name="nightly")
        kept = {
            key: found[key]
            for key in ("ScheduleExpression", "FlexibleTimeWindow", "Target", "State")
        }
        scheduler.update_schedule(Name="nightly", **{**kept, **changed})

    def run(self, surroundings: Surroundings, event: Mapping[str, str]) -> None:
        self.world.clock.sleep(60)
        self.ran.append((self.world.clock.now(), surroundings, event))
        if self.error:
            raise PermanentError(self.error)

    def break_it(self, kind: FaultKind, **named: Any) -> None:  # noqa: ANN401 - of a fault
        fault = Fault(kind, 0, region=REGION, **named)
        self.world.faults.schedule([fault], origin=self.world.clock.monotonic())

    def messages(self) -> list[dict[str, Any]]:
        sqs = backstage.client("sqs", REGION)
        url = sqs.get_queue_url(QueueName="failed")["QueueUrl"]
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ())
        return [json.loads(one["Body"]) for one in found]

    def fates(self) -> list[Fate]:
        return [one.fate for one in self.schedules.fired]


@pytest.fixture
def nights() -> Iterator[Nights]:
    with World(1, start=START) as world:
        yield Nights(world)


def test_plain_moto_never_fires_a_schedule() -> None:
    with World(1, start=START, corrected=False) as world:
        made = Nights(world)
        world.clock.sleep(3 * DAY_S)
        assert made.ran == []


def test_a_schedule_calls_its_function_each_night_with_what_was_declared(nights: Nights) -> None:
    nights.schedules.attend()
    nights.world.clock.sleep(3 * DAY_S)
    assert [moment.hour for moment, _, _ in nights.ran] == [1, 1, 1]
    _, surroundings, event = nights.ran[0]
    assert event == {"duty": "capture"}
    assert dict(surroundings.environment) == {"ZONE": "we1", "AWS_REGION": REGION}
    assert surroundings.handler == "backup.handler.run"
    assert nights.fates() == [Fate.RAN] * 3


def test_a_run_that_fails_is_not_repeated_and_lies_in_the_queue(nights: Nights) -> None:
    nights.error = "No snapshot was taken."
    nights.schedules.attend()
    nights.world.clock.sleep(DAY_S)
    assert nights.fates() == [Fate.FAILED]
    [message] = nights.messages()
    assert message["responsePayload"]["errorMessage"] == "No snapshot was taken."


def test_a_call_that_fails_is_repeated_and_then_given_up(nights: Nights) -> None:
    nights.break_it(FaultKind.DENIED, service="lambda", operation="Invoke", lasts_s=DAY_S)
    nights.schedules.attend()
    nights.world.clock.sleep(2 * DAY_S)
    assert nights.fates() == [Fate.DROPPED, Fate.RAN]
    assert [one["input"] for one in nights.messages()] == ['{"duty": "capture"}']


def test_a_call_that_fails_twice_comes_late(nights: Nights) -> None:
    nights.break_it(FaultKind.THROTTLE, service="lambda", operation="Invoke", times=2)
    nights.schedules.attend()
    nights.world.clock.sleep(DAY_S)
    assert nights.fates() == [Fate.RAN]
    assert nights.ran[0][0] == datetime(2026, 3, 4, 1, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("kind", [FaultKind.SCHEDULE_MISSED, FaultKind.REGION_LOST])
def test_a_night_that_was_missed_is_never_made_up_for(nights: Nights, kind: FaultKind) -> None:
    nights.break_it(kind, lasts_s=DAY_S)
    nights.schedules.attend()
    nights.world.clock.sleep(2 * DAY_S)
    assert nights.fates() == [Fate.MISSED, Fate.RAN]


def test_a_schedule_does_what_it_says_when_it_is_due(nights: Nights) -> None:
    nights.schedules.attend()
    nights.change(State="DISABLED")
    nights.world.clock.sleep(2 * DAY_S)
    assert nights.fates() == []


def test_a_run_that_fails_is_repeated_as_often_as_its_function_says(nights: Nights) -> None:
    nights.repeat(2)
    nights.error = "No snapshot was taken."
    nights.schedules.attend()
    nights.world.clock.sleep(DAY_S)
    assert [f"{moment:%H:%M}" for moment, _, _ in nights.ran] == ["01:01", "01:03", "01:06"]
    assert nights.fates() == [Fate.FAILED]
    assert len(nights.messages()) == 1


def test_a_schedule_that_cannot_be_read_when_it_is_due_is_missed_and_time_goes_on(
    nights: Nights,
) -> None:
    nights.schedules.attend()
    nights.change(ScheduleExpression="cron(noon 0 * * ? *)")
    nights.world.clock.sleep(2 * DAY_S)
    assert nights.ran == []
    [fired] = nights.schedules.fired
    assert (fired.fate, "cannot be read" in fired.sentence) == (Fate.MISSED, True)


def test_schedules_that_come_change_and_go_are_followed(nights: Nights) -> None:
    nights.schedules.attend()
    nights.change(ScheduleExpression="cron(0 15 * * ? *)")
    nights.schedules.attend()
    nights.world.clock.sleep(DAY_S)
    assert [moment.hour for moment, _, _ in nights.ran] == [15]
    scheduler = backstage.client("scheduler", REGION)
    found = scheduler.get_schedule(Name="nightly")
    scheduler.delete_schedule(Name="nightly")
    again = {key: found[key] for key in ("FlexibleTimeWindow", "Target")}
    scheduler.create_schedule(Name="hourly", ScheduleExpression="rate(6 hours)", **again)
    nights.schedules.attend()
    nights.world.clock.sleep(DAY_S)
    assert [moment.hour for moment, _, _ in nights.ran[1:]] == [18, 0, 6]


def test_a_function_that_is_gone_is_told_by_the_queue(nights: Nights) -> None:
    backstage.client("lambda", REGION).delete_function(FunctionName="nightly")
    nights.schedules.attend()
    nights.world.clock.sleep(DAY_S)
    assert nights.fates() == [Fate.DROPPED]
    [message] = nights.messages()
    assert "function:nightly does not exist" in message["error"]


def test_what_a_target_leaves_out_is_taken_as_aws_takes_it(nights: Nights) -> None:
    policy = {"MaximumRetryAttempts": 1}
    universal = "arn:aws:scheduler:::aws-sdk:rds:stopDBInstance"
    target = {"Arn": universal, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": QUEUE}}
    nights.change(Target={**target, "RetryPolicy": policy})
    nights.schedules.attend()
    nights.world.clock.sleep(DAY_S)
    assert nights.fates() == [Fate.DROPPED]
    [message] = nights.messages()
    assert (message["input"], message["error"].startswith(universal)) == ("", True)


def test_a_queue_reports_for_as_long_as_messages_wait_in_it(nights: Nights) -> None:
    nights.error = "No snapshot was taken."
    nights.schedules.attend()
    queued_messages.watch(nights.world)
    nights.world.clock.sleep(13 * 3600 + 1860)
    sqs = backstage.client("sqs", REGION)
    sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName="failed")["QueueUrl"])
    nights.world.clock.sleep(3600)
    window = Window(nights.world, REGION, START, nights.world.clock.now())
    metric = Metric(*queued_messages.VISIBLE, frozenset({("QueueName", "failed")}))
    said = window.values(metric, 300, "Maximum")
    assert [moment.strftime("%H:%M") for moment in (min(said), max(said))] == ["01:00", "01:35"]
    assert [said[moment] for moment in sorted(said)] == [1.0] * 7 + [0.0]
