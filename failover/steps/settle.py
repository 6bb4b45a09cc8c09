"""Step: prove that the replica of one database holds everything that was ever written to it.

Built by `failover.graceful`, one for each database, once no task of the platform runs. PostgreSQL
is asked in both sites: nobody is signed in to the primary any more, and the replica has replayed
the log at least up to where the primary's ends. That, and no metric, is lag zero (decision 0034).
"""

from dataclasses import dataclass

from continuity.errors import HoldfastError, TemporaryError
from continuity.journal import EntryKind
from continuity.manifest import Database, Manifest
from continuity.permissions import ASK_PROBER, DESCRIBE_DATABASES, READ_LEASE, WRITE_HOLD
from continuity.wording import seconds_text
from failover import estimates
from failover.observation import Observation
from failover.ports import Hands
from failover.positions import Position
from failover.step import Settled, Step

SETTLE_S = 300.0
"""How long clients are kept waiting for the proof at most; then the move is taken back. Assumption:
what is not caught up after five minutes without any write does not follow at all."""

PROVEN = "replayed_bytes"
"""A fact of the proof, and of the promotion that rests on it."""


@dataclass(frozen=True, kw_only=True)
class Settle(Step):
    """Both positions, and that nobody can move the first one."""

    target: Database

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: the act compares."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled | None:
        """Ask both sites and compare once both have answered; give up when the time is over.

        Raises:
            TemporaryError: somebody is still signed in, or the replica is not there yet.
        """
        try:
            found = self._compare(hands, seen)
        except HoldfastError as error:
            if self._late(seen):
                return self._given_up(str(error).rstrip("."))
            raise
        if found is None and self._late(seen):
            return self._given_up("the databases were asked and do not answer")
        return found

    def _late(self, seen: Observation) -> bool:
        begun = seen.run.intents.get(self.name)
        return begun is not None and seen.run.waited_s(begun.at, seen.now) > SETTLE_S

    def _given_up(self, why: str) -> Settled:
        told = f"Could not {self.what} within {seconds_text(SETTLE_S)}: {why}."
        return Settled(told, EntryKind.FAILED, {"database": self.database})

    def _compare(self, hands: Hands, seen: Observation) -> Settled | None:
        serving, standby = seen.manifest.active, seen.manifest.standby
        run, target = seen.run.name, self.target
        written = hands.position(run, serving, target)
        replayed = hands.position(run, standby, target)
        if written is None or replayed is None:
            return None
        hands.forget_position(run, standby, target)
        if written.sessions:
            hands.forget_position(run, serving, target)
            raise TemporaryError(f"{written.sessions} sessions of {target.name} are still open")
        if replayed.bytes < written.bytes:
            missing = written.bytes - replayed.bytes
            raise TemporaryError(f"the replica of {target.name} lacks {missing} bytes of its log")
        hands.forget_position(run, serving, target)
        return _proven(target.name, written, replayed)


def _proven(database: str, written: Position, replayed: Position) -> Settled:
    return Settled(
        f"The replica of {database} holds all that was written to it.",
        EntryKind.MEASURED,
        {
            "database": database,
            "written_bytes": written.bytes,
            PROVEN: replayed.bytes,
            "loss_bound_s": 0.0,
        },
    )


def settle(manifest: Manifest, database: Database, needs: frozenset[str]) -> Step:
    """Return the step for one database."""
    return Settle(
        name=f"settle-{database.name}",
        what=f"prove that the replica of {database.name} lacks nothing",
        needs=needs,
        site=manifest.active,
        estimate=estimates.SETTLE,
        deadline_s=2 * SETTLE_S,  # it gives up by itself, with the reason, before that
        permissions=(ASK_PROBER, DESCRIBE_DATABASES, READ_LEASE, WRITE_HOLD),
        database=database.name,
        target=database,
    )
