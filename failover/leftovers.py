"""The instances that a move left behind: which they are, and that each of them says so itself.

They are dropped from the program and stay in AWS. A tag of their own says by which run they were
fenced off and when, so that nobody takes one for the database. `failover.vigil`,
`holdfast failover fence` and `holdfast reconcile` have it written, `holdfast check` reads it.
Everything but `attempt` is pure.
"""

import re
from collections.abc import Mapping

from continuity import naming
from continuity.errors import PermanentError
from continuity.journal import EntryKind, Fact
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover import opening
from failover.ports import Hands, Marks
from failover.run import Run
from failover.step import Settled
from failover.steps.fence import FAILED, FENCED, UNREACHABLE, history, verdict
from failover.whereabouts import places

MARKED = "marked"
_RUNS = ("-aside-", "-by-")


def named_by_us(
    manifest: Manifest, site: SiteName, identifier: str, tags: Mapping[str, str]
) -> bool:
    """Say whether an instance of a region has the tags and a name that the program or a run gives.

    What a person restored under a name of their own, and what is only tried, has not.
    """
    database = tags.get(naming.TAG_DATABASE, "")
    known = {one.name for one in manifest.databases}
    if tags.get(naming.TAG_ZONE) != manifest.zone or database not in known:
        return False
    if naming.TAG_SCRATCH in tags:
        return False
    stem = re.escape(f"{manifest.zone}-{database}-{site}-")
    endings = "|".join(map(re.escape, _RUNS))
    return re.fullmatch(rf"{stem}\d+((?:{endings}).+)?", identifier) is not None


def declared(manifest: Manifest) -> frozenset[str]:
    """Return the instances of both sites that the last deployment declared."""
    return frozenset(
        member.identifier for one in manifest.databases for member in one.members.values()
    )


def serving(run: Run, manifest: Manifest) -> frozenset[str]:
    """Return the instances that serve once a run has moved the zone; the program is not told yet.

    A database without which the zone was opened keeps the one that it may still come back as.
    """
    back = places(run)
    names = {one.name: one.members[manifest.standby].identifier for one in manifest.databases}
    return frozenset(back[name].identifier if name in back else one for name, one in names.items())


def is_left(
    manifest: Manifest,
    site: SiteName,
    identifier: str,
    tags: Mapping[str, str],
    kept: frozenset[str],
) -> bool:
    """Say whether a failover left an instance, where `kept` are the zone's own.

    What a swap of names set aside was left by a restore, and says so by itself.
    """
    ours = named_by_us(manifest, site, identifier, tags) and identifier not in kept
    return ours and naming.aside_at(identifier) is None


def name(manifest: Manifest) -> str:
    """Return what verdicts on it are about, `mark-home`."""
    return f"mark-{manifest.active}"


def opened(run: Run) -> bool:
    """Say whether a run is over and led clients to the other site: only then anything is left."""
    return run.end is not None and any(step.startswith(opening.OPEN) for step in run.done)


def due(run: Run, manifest: Manifest) -> bool:
    """Say whether a run's journal does not say yet that what it left is marked."""
    told = [entry.data.get("verdict") for entry in history(run, name(manifest))]
    return opened(run) and MARKED not in told


def within_reach(run: Run, manifest: Manifest) -> bool:
    """Say whether marking is due, and the site that was left was reached before."""
    return due(run, manifest) and verdict(run, manifest) == FENCED


def attempt(
    hands: Hands, run: Run, manifest: Manifest, kept: frozenset[str] | None = None
) -> Settled:
    """Mark what a run left, and return the verdict; a refusal of AWS is one, too.

    `kept` are the zone's own instances where the program was told of the move already.
    """
    by = naming.run_in(run.name, manifest.standby)
    try:
        marks = hands.mark_left(by, serving(run, manifest) if kept is None else kept)
    except PermanentError as error:
        return _verdict(FAILED, f"What {by} left could not be marked: {error}")
    return _verdict(UNREACHABLE if marks.unseen else MARKED, told(marks, by))


def told(marks: Marks, by: str) -> str:
    """Return what came of marking, as a sentence."""
    parts = [f"{', '.join(marks.marked)} marked as left by {by}"] if marks.marked else []
    parts += [f"{', '.join(marks.cleared)} marked so no more"] if marks.cleared else []
    parts += [f"not known what lies in {', '.join(marks.unseen)}"] if marks.unseen else []
    return f"Old instances: {'; '.join(parts) or f'all that {by} left say so'}."


def _verdict(word: str, sentence: str) -> Settled:
    data: dict[str, Fact] = {"verdict": word}
    return Settled(sentence, EntryKind.VERDICT, data)
