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
from simulator import alarm_messages, attempt, callers, inside, service_counts
from simulator.attempt import NotSimulated
from simulator.call_log import Call
from simulator.invocations import CODE, SESSION, Code, NoCode, Surroundings
from simulator.plans_on_time import Missed, Plans
from simulator.rights import judge
from simulator.schedule_times import BadExpression
from simulator.schedules import Fired, Schedules
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

    def begin(self) -> None:
        """Let everything that is declared happen from now on."""
        CODE.give(self._world, self._run)
        attempt.JUDGE.give(self._world, _refusal)
        alarm_messages.attend(self._world)
        self._look()
        self._world.clock.every(LOOK_EVERY_S, self._look)
        self._world.clock.every(_DAY_S, self._forget)

    def fired(self, manifest: Manifest) -> Iterator[Fired]:
        """Yield every moment of a zone's schedules, in the order in which they were over."""
        mine = f"{manifest.zone}-"
        return (one for one in self._schedules.fired if one.schedule.startswith(mine))

    def missed(self, manifest: Manifest) -> Iterator[Missed]:
        """Yield the points of files that a plan of the zone asked for in vain."""
        mine = f"-{manifest.zone}-"
        return (one for one in self._plans.missed if mine in one.resource)

    def _run(self, found: Surroundings, event: Mapping[str, Any]) -> object:
        """Run a function; whatever it raises is what Lambda calls an error of the function."""
        try:
            return self._code(found, event)
        except HoldfastError:
            raise
        except NoCode as gap:
            if found.handler not in self._unknown:
                self._unknown.add(found.handler)
                _log.warning("%s: it is taken to do nothing, and well", gap)
            return None
        except Exception as error:
            _log.exception("%s failed", found.arn)
            raise PermanentError(f"{type(error).__name__}: {error}") from error

    def _look(self) -> None:
        _without_what_cannot_be_read(self._schedules.attend)
        _without_what_cannot_be_read(self._plans.attend)

    def _forget(self) -> None:
        """Let go what nobody can ask for any more, so that a world may stand for months."""
        for region in list(cloudwatch_backends[inside.ACCOUNT]):
            service_counts.forget(self._world, region)
        oldest = self._world.clock.now() - KEPT
        self._schedules.fired[:] = [one for one in self._schedules.fired if one.at >= oldest]


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
