"""As much PostgreSQL as checks need, over the rows that an instance truly has.

`simulator.probing` opens a session. Every table of a simulated database holds the rows that
clients wrote. Rows are sound or damaged and nothing else can be told of them, so a condition is
taken to ask for what is wrong: it finds the damaged rows, and no others.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from cloud.postgres import NoAnswer
from simulator import inside, task_settings
from simulator.content import Content
from simulator.moto_time import utc
from simulator.rows import Mark
from simulator.world import World

_COUNT = re.compile(r"select count\(\*\) from \w+( where .+)?", re.IGNORECASE)
_NEWEST = re.compile(r"select max\(\w+\) from \w+", re.IGNORECASE)
_SESSIONS = re.compile(r"select count\(\*\) from pg_stat_activity where .+", re.IGNORECASE)
_WRITTEN = re.compile(r"select cast\(pg_current_wal_flush_lsn\(\) as text\)", re.IGNORECASE)
_REPLAYED = re.compile(r"select cast\(pg_last_wal_replay_lsn\(\) as text\)", re.IGNORECASE)
_ROW_BYTES, _BEGIN = 144, 0x3000060
_RECOVERING = "55000"  # object_not_in_prerequisite_state
_UNKNOWN = "42601"  # syntax_error (PostgreSQL, appendix A)


class Session:
    """A session with one instance."""

    def __init__(self, world: World, instance: Any) -> None:  # noqa: ANN401 - a moto DBInstance
        self._world, self._instance = world, instance

    def run(self, sql: str) -> Sequence[Sequence[object]]:
        """Return the rows of a count, of the newest moment, or of where the log ends.

        Raises:
            NoAnswer: it is any other statement.
        """
        asked = " ".join(sql.split())
        if _SESSIONS.fullmatch(asked):
            return [[self._sessions()]]
        if _WRITTEN.fullmatch(asked) or _REPLAYED.fullmatch(asked):
            return [[self._position(replayed=bool(_REPLAYED.fullmatch(asked)))]]
        counted = _COUNT.fullmatch(asked)
        if counted is not None:
            return [[self._damaged() if counted[1] else self._mark.count]]
        if _NEWEST.fullmatch(asked):
            return [[self._newest()]]
        raise NoAnswer(f"syntax error, or nothing that is simulated: {asked}", _UNKNOWN)

    @property
    def _mark(self) -> Mark:
        return Content.of(self._world).mark(self._instance)

    def _position(self, *, replayed: bool) -> str | None:
        """Return where the log ends: as much of it as there are rows, here or replayed here."""
        if not replayed and self._instance.is_replica:
            raise NoAnswer("recovery is in progress", _RECOVERING)
        if replayed and not self._instance.is_replica:
            return None
        end = _BEGIN + _ROW_BYTES * self._mark.count
        return f"{end >> 32:X}/{end & 0xFFFFFFFF:X}"

    def _sessions(self) -> int:
        """Return how many tasks are signed in: all that run and were told this address."""
        services = inside.services(self._instance.region)
        return sum(
            int(one.running_count)
            for one in services
            if any(self._instance.address in told.values() for told in task_settings.told(one))
        )

    def _damaged(self) -> int:
        """Return how many rows the first damage found: all that were there."""
        return self._mark.first_damage or 0

    def _newest(self) -> object:
        mark = self._mark
        if not mark.count:
            return None
        clock = self._world.clock
        passed_s = clock.monotonic() - mark.rows.committed(mark.count - 1)
        return utc(clock.now()) - timedelta(seconds=passed_s)
