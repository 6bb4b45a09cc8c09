"""What the zones of a served world do by themselves, as they declare it (decision 0039).

`simulator.serving.hosted` begins it when time begins to pass: schedules and backup plans fire,
functions run as their own roles, alarms are evaluated and tell their topics. Every minute it is
looked which schedules there are, so that whatever a deployment or a call of AWS's makes, changes or
removes is followed. Nothing that a run does breaks the world.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from continuity.errors import HoldfastError, PermanentError
from continuity.manifest import Manifest
from simulator import (
    alarm_messages,
    attempt,
    callers,
    inside,
    queued_messages,
    service_counts,
)
from simulator.attempt import NotSimulated
from simulator.call_log import Call
from simulator.invocations import CODE, SESSION, Code, NoCode, Surroundings
from simulator.plans_on_time import Missed, Plans
from simulator.rights import judge
from simulator.schedule_times import BadExpression
from simulator.schedules import Fate, Fired, Schedules
from simulator.serving.function_logs import Unprinted
from simulator.wire_errors import WireError
from simulator.world import World

LOOK_EVERY_S = 60.0
"""A schedule's moments are whole minutes, so that none is passed over between two looks."""

KEPT = timedelta(days=15)
"""For how long it is told what fired: as long as CloudWatch keeps its numbers of it."""

_DAY_S = 86_400.0

_log = logging.getLogger(__name__)


class Life:
    """The schedules, plans and functions of a world, from `begin` on; `code` runs the functions."""

    def __init__(self, world: World, code: Code) -> None:
        self._world = world
        self._code = code
        self._schedules, self._plans = Schedules(world), Plans(world)
        self._unknown: set[str] = set()
        self._logs = Unprinted()
        self._unheard: list[Fired] = []

    def begin(self) -> None:
        """Let everything that is declared happen from now on."""
        CODE.give(self._world, self._run)
        attempt.JUDGE.give(self._world, _refusal)
        self._logs.install()
        alarm_messages.attend(self._world)
        queued_messages.watch(self._world)
        self._look()
        self._world.clock.every(LOOK_EVERY_S, self._look)
        self._world.clock.every(_DAY_S, self._forget)

    def fired(self, manifest: Manifest) -> Iterator[Fired]:
        """Yield every moment of a zone's schedules, and what failed that a topic had called."""
        mine, all_ = f"{manifest.zone}-", (*self._schedules.fired, *self._unheard)
        return (one for one in all_ if one.schedule.startswith(mine))

    def missed(self, manifest: Manifest) -> Iterator[Missed]:
        """Yield the points of files that a plan of the zone asked for in vain."""
        mine = f"{manifest.zone}-"
        return (one for one in self._plans.missed if one.plan.startswith(mine))

    def _run(self, found: Surroundings, event: Mapping[str, Any]) -> object:
        """Run a function; whatever it raises is what Lambda calls an error of the function."""
        try:
            with self._logs.while_it_runs():
                return self._code(found, event)
        except HoldfastError as error:
            self._note(found, event, str(error))
            raise
        except NoCode as gap:
            if found.handler not in self._unknown:
                self._unknown.add(found.handler)
                _log.warning("%s: it is taken to do nothing, and well", gap)
            return None
        except Exception as error:
            _log.exception("%s failed", found.arn)
            sentence = f"{type(error).__name__}: {error}"
            self._note(found, event, sentence)
            raise PermanentError(sentence) from error

    def _note(self, found: Surroundings, event: Mapping[str, Any], sentence: str) -> None:
        """Note what failed that a topic had called: of what a schedule called it is known."""
        if "Records" in event:
            name, now = found.arn.rpartition(":")[2], self._world.clock.now()
            self._unheard.append(Fired(now, found.region, name, Fate.FAILED, sentence))

    def _look(self) -> None:
        _without_what_cannot_be_read(self._schedules.attend)
        _without_what_cannot_be_read(self._plans.attend)

    def _forget(self) -> None:
        """Let go what nobody can ask for any more; the log of calls stays whole."""
        for region in list(cloudwatch_backends[inside.ACCOUNT]):
            service_counts.forget(self._world, region)
        oldest = self._world.clock.now() - KEPT
        for rows in (self._schedules.fired, self._unheard):
            rows[:] = [one for one in rows if one.at >= oldest]
        self._plans.missed[:] = [one for one in self._plans.missed if one.at >= oldest]


def _without_what_cannot_be_read(attend: Callable[[], None]) -> None:
    """Attend to all that there is; what cannot be read is said once, when it is first seen."""
    while True:
        try:
            attend()
        except (BadExpression, NotSimulated) as error:
            _log.warning("It will not fire: %s", error)
        else:
            return


def _refusal(call: Call) -> WireError | None:
    """Let IAM judge what functions do, and nobody else: people of a served world may try things."""
    role = callers.role()
    if role is None or not role.session.endswith(f"/{SESSION}"):
        return None
    return judge.refusal(call)
