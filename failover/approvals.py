"""Which approvals of the present plan count now: one for each person, and not for ever.

`failover.assess` asks before anything irreversible, `failover.standing` shows them. Pure, by the
journal's own times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.errors import Refusal
from continuity.journal import Entry, EntryKind, Fact
from continuity.manifest import Manifest
from failover.draft import Draft
from failover.options import Options
from failover.people import person
from failover.run import Run

EXPIRED = "expired"
IRREVERSIBLE, GATED = "irreversible", "approved"
"""Facts of the entry that says so, and of the intents that an approval stands for."""


@dataclass(frozen=True)
class Approval:
    """One person's newest approval of the present plan. It `expires_at` None once it was used."""

    person: str
    at: datetime
    expires_at: datetime | None
    expired: bool


def approvals(
    run: Run, manifest: Manifest, now: datetime, options: Options
) -> tuple[Approval, ...]:
    """Return the approvals of the present plan, one for each person who may approve.

    They stop ageing with the first irreversible intent of that plan: from there on a restore may
    take hours, and a zone that is half moved must not wait for people who have decided already.
    """
    used_at = committed_at(run)
    lasts = timedelta(seconds=options.approval_s)
    found: dict[str, Approval] = {}
    for entry in given(run):
        name = _person(manifest, entry)
        if name is not None:
            until = entry.at + lasts
            expired = (used_at or now) > until
            found[name] = Approval(name, entry.at, None if used_at else until, expired)
    return tuple(found.values())


def standing(run: Run, manifest: Manifest, now: datetime, options: Options) -> int:
    """Return how many people's approvals count now."""
    return sum(not one.expired for one in approvals(run, manifest, now, options))


def committed_at(run: Run) -> datetime | None:
    """Return when the present plan first did what waits for approval; None before that."""
    planned = 0 if run.planned is None else run.planned.sequence
    intents = (entry for entry in run.of(EntryKind.INTENT) if entry.sequence > planned)
    return next((entry.at for entry in intents if _used_by(entry)), None)


def _used_by(entry: Entry) -> bool:
    return bool(entry.data.get(IRREVERSIBLE) or entry.data.get(GATED))


def expiry(run: Run, manifest: Manifest, now: datetime, options: Options) -> Draft | None:
    """Return what is to be written, once, about approvals that have run out."""
    gone = [one for one in approvals(run, manifest, now, options) if one.expired]
    if not gone or all(one.at < noticed_at(run, one.at) for one in gone):
        return None
    names = ", ".join(sorted(one.person for one in gone))
    sentence = f"The approval of plan {run.plan_hash} by {names} has expired: give it again."
    facts: dict[str, Fact] = {EXPIRED: run.plan_hash}
    return Draft(EntryKind.VERDICT, sentence, None, facts)


def noticed_at(run: Run, otherwise: datetime) -> datetime:
    """Return when an expiry was last written: from there people are waited for anew."""
    said = [entry.at for entry in run.of(EntryKind.VERDICT) if entry.data.get(EXPIRED)]
    return max([otherwise, *said])


def given(run: Run) -> tuple[Entry, ...]:
    """Return the approvals of the present plan as they were given."""
    found = run.of(EntryKind.APPROVED)
    return tuple(entry for entry in found if entry.data["hash"] == run.plan_hash)


def _person(manifest: Manifest, entry: Entry) -> str | None:
    try:
        return person(manifest, str(entry.data["by"]))
    except Refusal:
        return None
