"""What a run tells the record of incidents, and when: best effort, after what it does itself.

`failover.engine` calls `Telling` at the end of a tick; `failover.aws_record` writes through
`incident.book`. What is told is read off the journal alone, each piece under a key, so that any
driver may tell it again and nothing is told twice.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from continuity.clock import Clock
from continuity.errors import HoldfastError
from continuity.journal import Entry, EntryKind
from failover.planned import NAME, Mode, mode
from failover.run import Run
from incident.states import State

_LOG = logging.getLogger(__name__)

AGAIN_S = 60.0
"""After how long a record that could not be written is tried again: it must cost a run little."""

_CONTAINING = ("close-",)
_RECOVERING = ("promote-", "restore-", "redeploy-", "restart-")


@dataclass(frozen=True)
class News:
    """One thing that a run says about its incident. `name` is its key within the run."""

    name: str
    at: datetime
    sentence: str
    state: State | None = None


@dataclass(frozen=True)
class Begun:
    """What a run was begun for: it declares an incident, or joins the open one."""

    run: str
    diagnosis: str
    databases: tuple[str, ...]
    since: datetime
    at: datetime
    sentence: str


class Recorder(Protocol):
    """Where incidents are on record. Raises a `HoldfastError` when it cannot write."""

    def tell(self, begun: Begun, news: tuple[News, ...]) -> None:
        """Declare or join, and write what is not written yet; bounded in time by itself."""


class Nowhere:
    """No record is kept: for engines that are tried on their own."""

    def tell(self, begun: Begun, news: tuple[News, ...]) -> None:
        """Say nothing to nobody."""


def begun(run: Run) -> Begun | None:
    """Return what a run was begun for; None before it has a plan. Pure."""
    diagnosed, since = run.of(EntryKind.DIAGNOSED), run.suspected_at
    if run.planned is None or not diagnosed or since is None:
        return None
    if mode(run) in (Mode.PLANNED, Mode.BACK):  # nothing is wrong: no incident
        return None
    first = next(one for one in diagnosed if one.data["diagnosis"] != NAME)
    named = str(first.data.get("databases") or "")
    databases = tuple(named.split(",")) if named else ()
    diagnosis = str(first.data["diagnosis"])
    return Begun(run.name, diagnosis, databases, since, first.at, first.sentence)


def news(run: Run) -> tuple[News, ...]:
    """Return what a run has reached, in order. Pure."""
    contained = _first(tuple(run.done.values()), _CONTAINING)
    recovering = _first(tuple(run.intents.values()), _RECOVERING)
    found = []
    if contained is not None:
        found.append(News("contained", contained.at, contained.sentence, State.CONTAINED))
    if recovering is not None:
        found.append(News("recovering", recovering.at, recovering.sentence, State.RECOVERING))
    if run.end is not None:
        watched = State.MONITORING if run.outcome == "recovered" else None
        found.append(News("ended", run.end.at, run.end.sentence, watched))
    return tuple(found)


class Telling:
    """How much of which run one driver has told. Harmless to lose: it is told again by its keys."""

    def __init__(self, recorder: Recorder, clock: Clock) -> None:
        self._recorder = recorder
        self._clock = clock
        self._told: tuple[str, int] = ("", 0)
        self._not_before = clock.monotonic()

    def tell(self, run: Run) -> bool:
        """Tell what is new of a run, and say whether that was done just now.

        Never raises an error of ours; tries again after a minute.
        """
        first = begun(run)
        if first is None:
            return False
        reached = news(run)
        if self._told == (run.name, len(reached)) or self._clock.monotonic() < self._not_before:
            return False
        try:
            self._recorder.tell(first, reached)
        except HoldfastError as error:
            self._not_before = self._clock.monotonic() + AGAIN_S
            _LOG.warning("The record of incidents is not told of %s: %s", run.name, error)
        else:
            self._told = (run.name, len(reached))
            return True
        return False


def _first(entries: tuple[Entry, ...], beginnings: tuple[str, ...]) -> Entry | None:
    found = [one for one in entries if str(one.step).startswith(beginnings)]
    return min(found, key=lambda one: one.sequence, default=None)
