"""What people decide about a run: approve, accept a loss, pause, open without, abort.

Called by the CLI and by drills; `failover.declarations` has what people know. A person needs no
lease: an entry is written on condition that nobody wrote or renewed since it was decided, and tried
again on the run as it is then. So an intent either precedes an abort or a pause in the journal or
is never written.
"""

from collections.abc import Callable

from cloud.failures import Conflict
from cloud.leases import LeaseLost
from continuity.errors import Refusal, TemporaryError
from continuity.journal import Entry, EntryKind, Fact
from failover import opening, planned
from failover.draft import Draft
from failover.people import person, shown
from failover.run import BACK, Run
from failover.standing import stands
from failover.surroundings import Surroundings

TRIES = 40
PAUSE_S = 0.5


def current(around: Surroundings) -> Run | None:
    """Return the open or the last run of the zone; None if there never was one."""
    lease = around.memory.read_lease()
    if lease is None:
        return None
    return Run(lease.run, around.memory.read_journal(lease.run))


def approve(around: Surroundings, by: str, plan_hash: str) -> Entry:
    """Approve exactly this plan. A second approval of one person renews the first.

    Raises:
        Refusal: no run waits for an approval, its plan is another one by now, or AWS does not
            vouch for who this is.
    """
    name = person(around.manifest, by)

    def draft(run: Run) -> Draft:
        if run.plan_hash != plan_hash:
            raise Refusal(
                f"Plan {plan_hash} is not the plan of {run.name}.",
                f"Look at the present plan and approve {run.plan_hash}.",
            )
        data = {"by": by, "hash": plan_hash}
        return Draft(EntryKind.APPROVED, f"{name} approved plan {plan_hash}.", None, data)

    return record(around, draft)


def consent(around: Surroundings, by: str, database: str, reason: str) -> Entry:
    """Accept the data loss of one database.

    Raises:
        Refusal: no run goes on, or the zone has no such database.
    """

    def draft(run: Run) -> Draft:
        check_database(around, run, database)
        data = {"by": by, "database": database, "reason": reason}
        sentence = f"{shown(by)} accepts that {database} loses data: {reason}"
        return Draft(EntryKind.CONSENTED, sentence, None, data)

    return record(around, draft)


def pause(around: Surroundings, by: str, reason: str) -> Entry:
    """Stop the engine before its next effect, until somebody resumes. A second pause is the first.

    Raises:
        Refusal: no run goes on.
    """

    def draft(run: Run) -> Draft | Entry:
        data = {"by": by, "reason": reason}
        sentence = f"{shown(by)} paused: {reason}. What AWS is at goes on; nothing new is begun."
        return run.paused or Draft(EntryKind.PAUSED, sentence, None, data)

    return record(around, draft)


def lift_pause(around: Surroundings, by: str, reason: str) -> Entry:
    """Let the engine go on.

    Raises:
        Refusal: no run goes on, or it is not paused.
    """

    def draft(run: Run) -> Draft:
        if run.paused is None:
            zone = around.manifest.zone
            raise Refusal(
                f"{run.name} is not paused.", f"See `holdfast failover status {zone}` what it does."
            )
        data = {"by": by, "reason": reason}
        return Draft(EntryKind.RESUMED, f"{shown(by)} lets the engine go on: {reason}.", None, data)

    return record(around, draft)


def open_without(around: Surroundings, by: str, database: str, reason: str) -> Entry:
    """Let the zone open although one database is not back.

    Raises:
        Refusal: no run goes on, it moves no databases, the zone has no such database, it is back
            already, or none would be left.
    """

    def draft(run: Run) -> Draft | Entry:
        check_database(around, run, database)
        known = run.opened_without.get(database)
        if known is not None:
            return known
        opening.check(run, around.manifest, database)
        data = {"by": by, "database": database, "reason": reason}
        sentence = f"{shown(by)} opens {around.manifest.zone} without {database}: {reason}"
        return Draft(EntryKind.OPENED_WITHOUT, sentence, None, data)

    return record(around, draft)


def abort(around: Surroundings, by: str, reason: str) -> Entry:
    """Stop a run before its next effect. What was done stays done, and the entry says what.

    A planned move that has taken clients off is taken back instead, as long as it can be.

    Raises:
        Refusal: no run goes on, or a planned move has gone too far.
    """

    def draft(run: Run) -> Draft | Entry:
        if planned.mode(run) in (planned.Mode.PLANNED, planned.Mode.BACK) and planned.closed(run):
            return _taken_back(run, by, reason)
        sentence = f"{shown(by)} aborted: {reason}. {stands(run)}"
        return Draft(EntryKind.ABORTED, sentence, None, {"by": by, "reason": reason})

    return record(around, draft)


def _taken_back(run: Run, by: str, reason: str) -> Draft | Entry:
    """Have a planned move taken back, instead of leaving clients on the holding page."""
    known = [entry for entry in run.of(EntryKind.DECLARED) if entry.data.get("what") == BACK]
    if known:
        return known[0]
    if planned.forward_only(run):
        raise Refusal(
            f"{run.name} has fenced the site that it leaves: it is not taken back any more.",
            "Let it go on. What must stop all the same is stopped with `pause`.",
        )
    sentence = f"{shown(by)} has the planned move taken back: {reason}"
    data: dict[str, Fact] = {"what": BACK, "by": by, "reason": reason}
    return Draft(EntryKind.DECLARED, sentence, None, data)


def check_database(around: Surroundings, run: Run, database: str) -> None:
    """Raise Refusal for a database that the zone does not have."""
    known = sorted(each.name for each in around.manifest.databases)
    if database not in known:
        raise Refusal(
            f"{around.manifest.zone} has no database {database!r} ({run.name}).",
            f"Its databases are {', '.join(known)}.",
        )


def record(
    around: Surroundings, draft: Callable[[Run], Draft | Entry], *, ended: bool = False
) -> Entry:
    """Append one entry to the open run, against the lease as it is read; `ended` ones will do, too.

    `draft` returns an entry that is there already where nothing is to be written.
    """
    for attempt in range(TRIES):
        lease = around.memory.read_lease()
        run = None if lease is None else Run(lease.run, around.memory.read_journal(lease.run))
        if lease is None or run is None or not run.entries or (run.end and not ended):
            raise _nothing_open(around.manifest.zone, run)
        decided = draft(run)
        if isinstance(decided, Entry):
            return decided
        entry = decided.entry(run.next_sequence, around.clock.now())
        # Once refused it is read again: a driver at work renews its lease in less time than a long
        # journal is read in.
        held = around.memory.read_lease() if attempt else lease
        if held is None or held.run != lease.run:
            continue
        try:
            around.memory.append(run.name, held, [entry])
        except (LeaseLost, Conflict):
            around.clock.sleep(PAUSE_S)
        else:
            return entry
    raise TemporaryError(f"The journal of {around.manifest.zone} moved on each time; try again.")


def _nothing_open(zone: str, run: Run | None) -> Refusal:
    ended = ""
    if run is not None and run.end is not None:
        ended = f" {run.name} ended {run.outcome}. {stands(run)}"
    return Refusal(
        f"No failover of {zone} goes on.{ended}", "Decide when one is suspected and planned."
    )
