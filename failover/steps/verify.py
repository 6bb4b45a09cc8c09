"""Steps: write and read as a client does, first behind the holding page, then through the front.

Built by `failover.region_loss`: one `verify-DB` for each database, which measures what
was lost, and `verify-outside` at the very end.
"""

from dataclasses import dataclass
from datetime import datetime

from continuity.errors import TemporaryError
from continuity.journal import EntryKind, Fact
from continuity.manifest import Database, Manifest
from continuity.outside import Served
from continuity.wording import seconds_text
from failover import estimates, stated
from failover.fallback import begun_source
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.run import Run
from failover.step import Settled, Step
from failover.steps.settle import PROVEN

OUTSIDE = "verify-outside"


@dataclass(frozen=True, kw_only=True)
class Verify(Step):
    """One row written to one database through the standby's platform, and read back."""

    address: str

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: a write that worked is the proof."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Write; the newest row that was there before tells what was lost."""
        name = str(self.database)
        written = hands.write(self.address, name)
        if not written.ok:
            raise TemporaryError(f"{name} does not take writes: {written.reason}")
        loss = claimed_loss_s(seen.run, name, written.newest_before)
        told = "an unknown amount of" if loss is None else f"{seconds_text(loss)} of"
        before, good = written.newest_before, stated.last_good(seen.run, name)
        data: dict[str, Fact] = {
            "database": name,
            "claimed_loss_s": loss,
            "newest_before": None if before is None else before.isoformat(),
        }
        sentence = f"{name} takes writes; {told} data was lost."
        if good is not None:
            data["last_good"] = good.isoformat()
            sentence += f" It counts up to the last good moment, {good:%F %T} UTC: what was written"
            sentence += " after it is gone with the damage, and has to be found by people."
        return Settled(sentence, EntryKind.MEASURED, data)


def claimed_loss_s(run: Run, database: str, newest_before: datetime | None) -> float | None:
    """Return the loss in seconds: from the newest row that survived to the suspicion.

    Of a corrupted database only what was good can be lost: it counts up to the last good moment.
    A newest row from after the suspicion may be an earlier verification's own: it measures
    nothing, so the bound that was known before the database came back stands. None when nothing is
    known.
    """
    if _lacked_nothing(run, database):
        return 0.0
    since = None if newest_before is None else _counted_until(run, database, newest_before)
    if newest_before is not None and since is not None:
        return (since - newest_before).total_seconds()
    return bound_s(run, database)


def _lacked_nothing(run: Run, database: str) -> bool:
    """Say whether its replica was promoted on the proof that it held everything."""
    back = begun_source(run, database)
    return back is not None and PROVEN in run.intents[back].data


def bound_s(run: Run, database: str) -> float | None:
    """Return the most that a database could lose, as its intent said before it came back."""
    back = begun_source(run, database)
    bound = None if back is None else run.intents[back].data.get("loss_bound_s")
    return float(bound) if isinstance(bound, int | float) else None


def _counted_until(run: Run, database: str, newest: datetime) -> datetime | None:
    """Return up to when rows are missed; None where the newest row is a verification's own."""
    good = stated.last_good(run, database)
    if good is None:
        return stated.by_rows(run, newest)
    return good if newest <= good else None


@dataclass(frozen=True, kw_only=True)
class VerifyOutside(Step):
    """The public name leads to the standby, and a write through it works."""

    address: str
    databases: tuple[str, ...]

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: a write that worked is the proof."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Write one row through the public name, to the first database that is to be there."""
        there = (name for name in self.databases if name not in seen.run.opened_without)
        written = hands.write(self.address, next(there, str(self.database)))
        if not written.ok:
            raise TemporaryError(f"{self.address} does not take writes: {written.reason}")
        return Settled(f"{self.address} is served by the {seen.manifest.standby} site again.")

    def pause_s(self, seen: Observation) -> float | None:
        """Wait until resolvers lead to the standby."""
        standby = Served(seen.manifest.standby.value)
        return None if seen.public.value is standby else self.poll_s


def verify(manifest: Manifest, database: Database, needs: frozenset[str]) -> Step:
    """Return the step for one database that is back; `needs` names its first source."""
    return Verify(
        name=f"verify-{database.name}",
        what=f"write and read a row of {database.name} in the {manifest.standby} site",
        needs=needs | {f"protect-{database.name}"},
        site=manifest.standby,
        estimate=estimates.VERIFY,
        deadline_s=900,
        database=database.name,
        address=manifest.standby_site.hosting.load_balancer,
    )


def verify_outside(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the last step of a recovery."""
    traffic = manifest.traffic
    ordered = sorted(manifest.databases, key=lambda each: (each.priority, each.name))
    return VerifyOutside(
        name=OUTSIDE,
        what=f"write a row through {manifest.traffic.name}, as any client does",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.agreement(traffic.check_interval_s * traffic.failure_threshold),
        deadline_s=900,
        looks=frozenset({Look.PUBLIC}),
        database=ordered[0].name,
        poll_s=5.0,
        address=manifest.traffic.name,
        databases=tuple(each.name for each in ordered),
    )
