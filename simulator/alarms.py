"""Metric alarms as CloudWatch evaluates them; moto never does.

`corrections.cloudwatch` and `health_checks` ask for a state, and only then the evaluations that
were due since the last question are made up for, each at its own moment: the answer is as if
every alarm had been evaluated all along, and an alarm that nobody reads costs nothing.

Sources: CloudWatch user guide, "Using Amazon CloudWatch alarms" (evaluation every minute, every
10 s for shorter periods; M out of N; the table of missing data) and PutMetricAlarm (a new alarm is
in INSUFFICIENT_DATA). Assumption: the evaluation range is two periods longer than N, as in the
guide's examples. Alarms on metric math, percentiles or other alarms stay in INSUFFICIENT_DATA.
"""

import math
import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import cloudwatch_backends

from simulator import inside
from simulator.metrics import STATISTICS, Metric, Window
from simulator.moto_time import utc
from simulator.per_world import PerWorld

if TYPE_CHECKING:
    from simulator.world import World

_RANGE_BEYOND = 2
_STANDARD_S = 60
_NEVER = datetime(9000, 1, 1)  # noqa: DTZ001 - naive as moto's moments
_HIGH_RESOLUTION_S = 10

_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


Hear = Callable[[str, Any, str], None]
"""Told of a moto alarm that has turned: its region, the alarm, and the state before."""

TURNED: PerWorld[Hear] = PerWorld()
"""Who carries on what alarms say (`simulator.alarm_messages`); without one they speak to nobody."""


class State(StrEnum):
    """What an alarm says."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


def state(world: "World", region: str, name: str) -> State:
    """Return an alarm's state at this moment; of one that does not exist, INSUFFICIENT_DATA."""
    alarm = cloudwatch_backends[inside.ACCOUNT][region].alarms.get(name)
    if alarm is None:
        return State.INSUFFICIENT_DATA
    refresh(world, region, alarm)
    return State(alarm.state_value)


def born(world: "World", alarm: Any) -> None:  # noqa: ANN401 - a moto Alarm
    """Put a new or changed alarm into its first state."""
    moment = utc(world.clock.now())
    alarm.state_value = State.INSUFFICIENT_DATA.value
    alarm.state_reason = "Unchecked: Initial alarm creation"
    alarm.state_updated_timestamp = alarm.configuration_updated_timestamp = moment
    alarm.evaluated = moment


def refresh(world: "World", region: str, alarm: Any) -> None:  # noqa: ANN401 - a moto Alarm
    """Make up for the evaluations that were due since the last one."""
    if alarm.metric_name is None or alarm.statistic not in STATISTICS:
        return
    period = int(alarm.period)
    step = timedelta(seconds=_STANDARD_S if period >= _STANDARD_S else _HIGH_RESOLUTION_S)
    now, slots = utc(world.clock.now()), int(alarm.evaluation_periods) + _RANGE_BEYOND
    if alarm.evaluated + step > now:
        return
    reach = timedelta(seconds=period * (slots + 1))
    metric = Metric(
        alarm.namespace,
        alarm.metric_name,
        frozenset((one.name, one.value) for one in alarm.dimensions),
        alarm.unit or None,
    )
    window = Window(world, region, alarm.evaluated - reach, now)
    if period == _STANDARD_S and (same := window.steady(metric)) is not None:
        point = None if math.isnan(same) else same
        alarm.evaluated += step  # the first evaluation says what all of them do
        _turn(world, region, alarm, judge(alarm, [point] * slots))
        alarm.evaluated += (now - alarm.evaluated) // step * step
        return
    values = window.values(metric, period, alarm.statistic)
    length = timedelta(seconds=period)
    changes = _changes(values, length)
    backs = [back * length for back in reversed(range(slots))]
    while alarm.evaluated + step <= now:
        alarm.evaluated += step
        last = _last_period(alarm.evaluated, length)
        _turn(world, region, alarm, judge(alarm, [values.get(last - back) for back in backs]))
        # Until the next period is complete, or while all say the same until one says another thing,
        # every evaluation sees the same and says the same.
        ahead = _next(changes, last - backs[0], last + length)
        idle = (min(now, ahead + length) - alarm.evaluated) // step - 1
        alarm.evaluated += max(0, idle) * step


def _changes(values: Mapping[datetime, float], length: timedelta) -> list[datetime]:
    """Return the periods that say another thing than the one before them, in order."""
    ends = {start + length for start in values if start + length not in values}
    begins = {start for start, one in values.items() if values.get(start - length) != one}
    return sorted(ends | begins)


def _next(changes: Sequence[datetime], oldest: datetime, following: datetime) -> datetime:
    """Return the next period to look at: the following one, or the next that says another thing.

    As long as a change lies behind the oldest period of the range, each evaluation sees a new one.
    """
    found = bisect_right(changes, oldest)
    ahead = changes[found] if found < len(changes) else _NEVER
    return max(ahead, following)


def judge(alarm: Any, points: Sequence[float | None]) -> State:  # noqa: ANN401 - a moto Alarm
    """Return the state that follows from the range's datapoints, oldest first, None missing."""
    wanted = int(alarm.evaluation_periods)
    enough = int(alarm.datapoints_to_alarm or wanted)
    compare = _COMPARISONS[alarm.comparison_operator]
    breaching = [compare(one, float(alarm.threshold)) for one in points if one is not None]
    missing = max(0, wanted - len(breaching))
    found = breaching[-wanted:]
    treatment = alarm.treat_missing_data or "missing"
    if missing and treatment in ("missing", "ignore"):
        return _despite_gaps(alarm, found, enough, treatment)
    count = sum(found) + (missing if treatment == "breaching" else 0)
    return State.ALARM if count >= enough else State.OK


def _despite_gaps(alarm: Any, found: list[bool], enough: int, treatment: str) -> State:  # noqa: ANN401 - a moto Alarm
    if treatment == "ignore":
        if sum(found) >= enough:
            return State.ALARM
        room = int(alarm.evaluation_periods) - enough
        return State.OK if found.count(False) > room else State(alarm.state_value)
    if not found:
        return State.INSUFFICIENT_DATA
    return State.ALARM if all(found) else State.OK


def _turn(world: "World", region: str, alarm: Any, found: State) -> None:  # noqa: ANN401 - a moto Alarm
    before = alarm.state_value
    if found.value != before:
        alarm.update_state(f"Threshold evaluation: {found.value}", "{}", found.value)
        alarm.state_updated_timestamp = alarm.evaluated
        hear = TURNED.of(world)
        if hear is not None:
            hear(region, alarm, before)


def _last_period(moment: datetime, period: timedelta) -> datetime:
    """Return the start of the newest period that is complete at a moment."""
    return moment - (moment - datetime.min) % period - period  # noqa: DTZ901 - naive on both sides
