"""EventBridge Scheduler on the virtual clock: what the program declares fires when it says.

`attend` begins it in a world; from then on each schedule is read again whenever it is due, so that
one that was changed, disabled or deleted meanwhile does what it then says. A run goes on by itself
on the clock. While a region is lost, or `schedule-missed` holds there, its schedules do not fire,
and nothing makes up for it later.

Sources: EventBridge Scheduler user guide, "Managing a schedule" (flexible windows), "Configuring a
dead-letter queue" and "Metrics"; RetryPolicy of the API reference. Assumption: the first repeat of
a call that failed comes after 30 s, each later one after twice as long.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.scheduler.models import scheduler_backends

from simulator import attempt, invocations, role_policies, service_counts
from simulator.fault import FaultKind
from simulator.schedule_times import BadExpression, next_moment
from simulator.timetable import Timetable
from simulator.world import World

Schedule = Any
"""A moto `Schedule`; moto is untyped here."""

_FIRST_REPEAT_S = 30.0
_UNLESS_TOLD = {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
"""What a policy means that leaves one of them out."""

_ATTEMPTS = ("AWS/Scheduler", "InvocationAttemptCount")
_TARGET_ERRORS = ("AWS/Scheduler", "TargetErrorCount")
_DROPPED = ("AWS/Scheduler", "InvocationDroppedCount")


class Fate(StrEnum):
    """What became of a schedule's moment."""

    RAN = "ran"
    FAILED = "failed"  # the function ran, and said that something did not go well
    MISSED = "missed"  # nothing was even tried
    DROPPED = "dropped"  # the function could not be called; the event lies in the queue


@dataclass(frozen=True)
class Fired:
    """One moment of one schedule; `sentence` is what went wrong."""

    at: datetime
    region: str
    schedule: str
    fate: Fate
    sentence: str = ""


@dataclass(frozen=True)
class _Name:
    """Which schedule it is."""

    region: str
    group: str
    schedule: str


class Schedules:
    """The schedules of a world, from `attend` on. `fired` has everything that was due."""

    def __init__(self, world: World) -> None:
        self.fired: list[Fired] = []
        self._world = world
        self._table: Timetable[_Name] = Timetable(world.clock)

    def attend(self, without: str = "") -> None:
        """Let every schedule that there is fire from now on, but those of one expression.

        A year of nights leaves out what comes every minute: a million runs that find nothing owed.
        Attended again, schedules that came, went or changed since then are followed, too.

        Raises:
            BadExpression: a schedule's expression cannot be read; it never fires.
        """
        there = {
            _Name(region, group.name, schedule.name): schedule
            for region, backend in sorted(scheduler_backends[DEFAULT_ACCOUNT_ID].items())
            for group in list(backend.schedule_groups.values())
            for schedule in list(group.schedules.values())
            if schedule.schedule_expression != without
        }
        new = [one for one in there.items() if not self._table.knows(one[0], _says(one[1]))]
        since = self._table.since
        self._table.looked(there)
        for name, schedule in new:
            self._plan(name, schedule, max(since, _moment(schedule.last_modified_date)))

    def _plan(self, name: _Name, schedule: Schedule, since: datetime) -> None:
        says = _says(schedule)
        self._table.plan(name, says, None, lambda: None)  # whatever cannot be read is read once
        zone = schedule.schedule_expression_timezone
        begun = _moment(schedule.creation_date)
        moment = next_moment(schedule.schedule_expression, zone, since, begun)
        self._table.plan(name, says, moment, lambda: self._due(name))

    def _due(self, name: _Name) -> None:
        found = scheduler_backends[DEFAULT_ACCOUNT_ID][name.region].schedule_groups.get(name.group)
        schedule = found.schedules.get(name.schedule) if found is not None else None
        if schedule is None:
            return
        try:
            self._plan(name, schedule, self._world.clock.now())
        except BadExpression as error:
            self._over(name.region, schedule, Fate.MISSED, str(error))
            return
        if schedule.state == "ENABLED":
            late_s = self._late_s(schedule)
            self._world.clock.at(late_s, lambda: self._fire(name.region, schedule))

    def _late_s(self, schedule: Schedule) -> float:
        """Return how late a schedule fires within its flexible window."""
        window = schedule.flexible_time_window
        minutes = window.get("MaximumWindowInMinutes", 0) if window["Mode"] == "FLEXIBLE" else 0
        return self._world.random("schedules").uniform(0.0, 60.0 * minutes) if minutes else 0.0

    def _fire(self, region: str, schedule: Schedule) -> None:
        faults = self._world.faults
        if faults.region_lost(region):
            self._over(region, schedule, Fate.MISSED, f"{region} was lost")
        elif faults.active(FaultKind.SCHEDULE_MISSED, region=region) is not None:
            self._over(region, schedule, Fate.MISSED, "the schedule did not fire")
        else:
            self._world.clock.start(lambda: self._deliver(region, schedule))

    def _deliver(self, region: str, schedule: Schedule) -> None:
        """Call the target, again and again as the retry policy says."""
        clock, target = self._world.clock, schedule.target
        policy = {**_UNLESS_TOLD, **target["RetryPolicy"]}
        until = clock.now() + timedelta(seconds=policy["MaximumEventAgeInSeconds"])
        wait_s = _FIRST_REPEAT_S
        for left in range(policy["MaximumRetryAttempts"], -1, -1):
            service_counts.put(
                self._world, region, _ATTEMPTS, 1.0, ScheduleGroup=schedule.group_name
            )
            refused = self._refused(region, target)
            if not refused:
                error = invocations.invoke(self._world, target["Arn"], target.get("Input", ""))
                self._over(region, schedule, Fate.FAILED if error else Fate.RAN, error)
                return
            self._count(region, schedule, _TARGET_ERRORS)
            if not left or clock.now() + timedelta(seconds=wait_s) > until:
                break
            clock.sleep(wait_s)
            wait_s *= 2
        self._drop(region, schedule, refused)

    def _drop(self, region: str, schedule: Schedule, refused: str) -> None:
        self._count(region, schedule, _DROPPED)
        queue = schedule.target.get("DeadLetterConfig", {}).get("Arn", "")
        if queue:
            given = schedule.target.get("Input", "")
            body = {"schedule": schedule.arn, "error": refused, "input": given}
            invocations.dead_letter(self._world, queue, body)
        self._over(region, schedule, Fate.DROPPED, refused)

    def _refused(self, region: str, target: dict[str, Any]) -> str:
        """Say why the function could not be called just now; empty where it could."""
        fault = self._world.faults.pick(region, "lambda", "Invoke")
        if fault is not None:
            return f"lambda.Invoke: {fault.kind}"
        if invocations.function_of(target["Arn"]) is None:
            return f"{target['Arn']} does not exist, or is none of the functions that are simulated"
        if attempt.JUDGE.of(self._world) is None:
            return ""
        return _forbidden(target)

    def _count(self, region: str, schedule: Schedule, metric: tuple[str, str]) -> None:
        service_counts.put(self._world, region, metric, 1.0, ScheduleGroup=schedule.group_name)

    def _over(self, region: str, schedule: Schedule, fate: Fate, sentence: str = "") -> None:
        fired = Fired(self._world.clock.now(), region, schedule.name, fate, sentence)
        self.fired.append(fired)


def _says(schedule: Schedule) -> tuple[object, ...]:
    """Return all of a schedule that decides when it is due."""
    timezone = schedule.schedule_expression_timezone
    return schedule.schedule_expression, timezone, schedule.creation_date


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(float(stamp), UTC)


def _forbidden(target: dict[str, Any]) -> str:
    """Say that the role of a schedule may not call its function; empty where it may."""
    name = target["RoleArn"].rpartition("/")[2]
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    role = next((one for one in roles if one.arn == target["RoleArn"]), None)
    policies = role_policies.of_role(role) if role is not None else ()
    verdict = role_policies.decide(policies, "lambda:InvokeFunction", target["Arn"])
    return "" if verdict == role_policies.ALLOWED else f"{name} may not call the function"
