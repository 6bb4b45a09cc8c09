"""What alarms say into topics when they turn: CloudWatch evaluates them each minute, and SNS tells.

`attend` begins it in a world; before, alarms turn only when somebody looks and speak to nobody,
which costs a drill nothing: what they would have said until then stays unsaid. Only alarms that
name a topic are looked at; in a region that is lost nothing is evaluated and nothing said.

Source: CloudWatch user guide, "Notifying users on alarm changes" and the JSON of a notification.
"""

import json
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.sns.models import sns_backends

from simulator import alarms, inside
from simulator.world import World

EVERY_S = 60.0
_ACTIONS = {
    alarms.State.ALARM: "alarm_actions",
    alarms.State.OK: "ok_actions",
    alarms.State.INSUFFICIENT_DATA: "insufficient_data_actions",
}


def attend(world: World) -> None:
    """Let alarms with a topic be evaluated each minute from now on, and speak when they turn."""

    def hear(region: str, alarm: Any, before: str) -> None:  # noqa: ANN401 - a moto Alarm
        _speak(region, alarm, before)

    def look() -> None:
        for region in sorted(cloudwatch_backends[inside.ACCOUNT]):
            if not world.faults.region_lost(region):
                _evaluate(world, region)

    look()
    alarms.TURNED.give(world, hear)
    world.clock.every(EVERY_S, look)


def _evaluate(world: World, region: str) -> None:
    for alarm in list(cloudwatch_backends[inside.ACCOUNT][region].alarms.values()):
        if alarm.alarm_actions or alarm.ok_actions:
            alarms.refresh(world, region, alarm)


def _speak(region: str, alarm: Any, before: str) -> None:  # noqa: ANN401 - a moto Alarm
    """Tell the alarm's topics what it has turned to."""
    backend = sns_backends[inside.ACCOUNT][region]
    actions = getattr(alarm, _ACTIONS[alarms.State(alarm.state_value)]) or ()
    for topic in actions:
        if alarm.actions_enabled and topic in backend.topics:
            subject = f'{alarm.state_value}: "{alarm.name}" in {region}'
            backend.publish(message(region, alarm, before), arn=topic, subject=subject[:100])


def message(region: str, alarm: Any, before: str) -> str:  # noqa: ANN401 - a moto Alarm
    """Return what CloudWatch says of an alarm that has turned."""
    return json.dumps(
        {
            "AlarmName": alarm.name,
            "AlarmDescription": alarm.description,
            "AWSAccountId": inside.ACCOUNT,
            "NewStateValue": alarm.state_value,
            "NewStateReason": alarm.state_reason,
            "StateChangeTime": _moment(alarm.state_updated_timestamp),
            "Region": region,
            "AlarmArn": alarm.alarm_arn,
            "OldStateValue": before,
        }
    )


def _moment(naive: datetime) -> str:
    """Return `2026-03-03T09:00:00.000+0000`, as CloudWatch writes it."""
    return naive.replace(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
