"""What people decide about a run: approve its plan, accept a loss, abort. Journal entries all.

Called by the CLI and by drills. A person needs no lease: an entry is written on condition that
nobody wrote or renewed since it was decided, and tried again on the run as it is then. So an
intent either precedes an abort in the journal or is never written.
"""

from collections.abc import Callable

from cloud.failures import Conflict
from cloud.leases import LeaseLost
from continuity.errors import Refusal, TemporaryError
from continuity.journal import Entry, EntryKind
from failover.draft import Draft
from failover.run import Run
from failover.surroundings import Surroundings

TRIES = 10
PAUSE_S = 0.5


def current(around: Surroundings) -> Run | None:
    """Return the open or the last run of the zone; None if there never was one."""
    lease = around.memory.read_lease()
    if lease is None:
        return None
    return Run(lease.run, around.memory.read_journal(lease.run))


def approve(around: Surroundings, by: str, plan_hash: str) -> Entry:
    """Approve exactly this plan. A second approval of one person counts once.

    Raises:
        Refusal: no run waits for an approval, or its plan is another one by now.
    """

    def draft(run: Run) -> Draft:
        if run.plan_hash != plan_hash:
            raise Refusal(
                f"Plan {plan_hash} is not the plan of {run.name}.",
                f"Look at the present plan and approve {run.plan_hash}.",
            )
        data = {"by": by, "hash": plan_hash}
        return Draft(EntryKind.APPROVED, f"{by} approved plan {plan_hash}.", None, data)

    return _record(around, draft)


def consent(around: Surroundings, by: str, database: str, reason: str) -> Entry:
    """Accept the data loss of one database.

    Raises:
        Refusal: no run goes on, or the zone has no such database.
    """
    known = sorted(each.name for each in around.manifest.databases)

    def draft(run: Run) -> Draft:
        if database not in known:
            raise Refusal(
                f"{around.manifest.zone} has no database {database!r} ({run.name}).",
                f"Its databases are {', '.join(known)}.",
            )
        data = {"by": by, "database": database, "reason": reason}
        sentence = f"{by} accepts that {database} loses data: {reason}"
        return Draft(EntryKind.CONSENTED, sentence, None, data)

    return _record(around, draft)


def abort(around: Surroundings, by: str, reason: str) -> Entry:
    """Stop a run before its next effect. What was done stays done.

    Raises:
        Refusal: no run goes on.
    """

    def draft(run: Run) -> Draft:
        begun = set(run.intents) - set(run.done)
        standing = f" Begun and not undone: {', '.join(sorted(begun))}." if begun else ""
        sentence = f"{by} aborted: {reason}. {len(run.done)} steps stand.{standing}"
        return Draft(EntryKind.ABORTED, sentence, None, {"by": by, "reason": reason})

    return _record(around, draft)


def _record(around: Surroundings, draft: Callable[[Run], Draft]) -> Entry:
    """Append one entry to the open run, against the lease as it is read."""
    for _ in range(TRIES):
        lease = around.memory.read_lease()
        run = None if lease is None else Run(lease.run, around.memory.read_journal(lease.run))
        if lease is None or run is None or not run.entries or run.end is not None:
            raise Refusal(
                f"No failover of {around.manifest.zone} goes on.",
                "Decide when one is suspected and planned.",
            )
        entry = draft(run).entry(run.next_sequence, around.clock.now())
        try:
            around.memory.append(run.name, lease, [entry])
        except (LeaseLost, Conflict):
            around.clock.sleep(PAUSE_S)
        else:
            return entry
    raise TemporaryError(f"The journal of {around.manifest.zone} moved on each time; try again.")
