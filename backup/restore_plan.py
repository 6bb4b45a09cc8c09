"""What a restore will do, decided before anything happens: from what, as what, how long, what then.

`backup.restore_state` reads what bears the names, `cli` shows the plan, and `backup.restore_run`
acts on it. Pure. A restore that was begun before is gone on with: what it made says by its tags
what it was made from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backup import restore
from backup.points import Catalogue, Kind, Series
from backup.restore import Restoration
from backup.restore_choice import Choice, Passed, Wish, choose
from backup.restore_names import Bearers, Swap, plan_swap
from backup.restore_source import MOMENT, Source, SourceKind
from backup.restore_times import Expected
from cloud.databases import InstanceState
from continuity import naming
from continuity.errors import InvalidInput, Problem, Refusal
from continuity.manifest import Database, Manifest
from continuity.restorable import Storage
from continuity.zone import SiteName

VERB = naming.BY_RESTORE
SETTLED = timedelta(hours=1)
"""For how long a swap that was made stands against another one that names no point: whoever
repeats a command does not mean a second restore."""

_NAME = re.compile(r"[a-z](?:-?[a-z0-9])*")


@dataclass(frozen=True)
class Asked:
    """What a person wants: of which database, in which site, from what, under which name.

    `refuted`: the named point, although a trial found its content wrong.
    """

    database: Database
    site: SiteName
    point: str = ""
    moment: datetime | None = None
    identifier: str = ""
    swap: bool = False
    refuted: bool = False


@dataclass(frozen=True)
class Lengths:
    """How long a restore takes, with its source, and a renaming, in seconds."""

    restore: Expected
    rename_s: float


@dataclass(frozen=True)
class RestorePlan:
    """One restore. `begun_at` is when AWS began one that goes on; `there` says that it ended.

    `passed` holds newer data than what is taken. `age` is that of the data, `swap` what becomes of
    names, None where they stay as they are; `swapping` says that this has begun: then the instance
    is complete, and may bear either name.
    """

    zone: str
    at: datetime
    asked: Asked
    restoration: Restoration
    why: str
    passed: tuple[Passed, ...]
    lengths: Lengths
    rto: timedelta
    rpo: timedelta
    begun_at: datetime | None = None
    there: bool = False
    swap: Swap | None = None
    swapping: bool = False

    @property
    def hold(self) -> str:
        """Return the hold under which it runs: one for every restore, found again by a repeat."""
        return f"{VERB}-{self.restoration.identifier}"

    @property
    def age(self) -> timedelta:
        """Return how old the data is."""
        return self.at - self.restoration.source.moment

    @property
    def total_s(self) -> float:
        """Return how long all of it is expected to take, from its beginning; what is there, none.

        A restore that ended is not made again: what may be left is to swap names.
        """
        restore_s = 0.0 if self.there else self.lengths.restore.seconds
        return restore_s + (self.swap.outage_s if self.swap else 0.0)

    @property
    def left_s(self) -> float:
        """Return how much of that is expected to be left."""
        gone = (self.at - self.begun_at).total_seconds() if self.begun_at else 0.0
        return max(0.0, self.total_s - gone)

    @property
    def in_time(self) -> bool:
        """Say whether it is expected to end within the zone's recovery time."""
        return self.total_s <= self.rto.total_seconds()


def plan(
    manifest: Manifest,
    catalogue: Catalogue,
    asked: Asked,
    bearers: Bearers,
    lengths: Mapping[SourceKind, Lengths],
) -> RestorePlan:
    """Return what a restore will do; `bearers` are what bears the names in its site now.

    Raises:
        InvalidInput: there is nothing like that to restore, or the name cannot be one.
        Refusal: the name belongs to something that this restore did not make.
    """
    asked = replace(asked, identifier=_identifier(manifest, asked))
    begun = _begun(asked, bearers)
    choice = _choice(catalogue, wish(manifest, asked), begun)
    one = restore.lasting(manifest, choice.source, asked.identifier, VERB)
    if begun is None:
        _demand_not_settled(asked, one.mark, bearers.current, catalogue.at)
    else:
        _demand_same(asked, one.mark, begun)
    length = lengths[choice.source.kind]
    return RestorePlan(
        zone=manifest.zone,
        at=catalogue.at,
        asked=asked,
        restoration=one,
        why=choice.why,
        passed=choice.passed,
        lengths=length,
        rto=manifest.objectives.rto,
        rpo=manifest.objectives.rpo,
        begun_at=begun.created_at if begun and bearers.held else None,
        there=begun is not None and not bearers.held and begun.status in restore.WRITABLE,
        swap=plan_swap(manifest, one, bearers, length.rename_s) if asked.swap else None,
        swapping=begun is not None and naming.TAG_SWAP in begun.tags,
    )


def demand_consent(plan: RestorePlan, accepted: str, reason: str) -> None:
    """Raise Refusal where something goes that nobody has accepted to lose, with a reason.

    That is what was written since, where names are swapped; and what a refuted point has wrong.
    """
    if plan.asked.refuted and not reason.strip():
        raise Refusal(
            f"{plan.restoration.source.label} may be restored although it was refuted only for a "
            "reason that is kept.",
            "Give it with --reason TEXT.",
        )
    lost = plan.swap is not None and plan.swap.loses
    if not lost or (accepted == plan.asked.database.name and reason.strip()):
        return
    name = plan.asked.database.name
    raise Refusal(
        f"{name} takes writes now: what was written to it since "
        f"{plan.restoration.source.moment:%Y-%m-%d %H:%M:%S} UTC is not in what takes its place.",
        f"Accept that with --accept-data-loss {name} --reason TEXT, or leave --swap away.",
    )


def wish(manifest: Manifest, asked: Asked) -> Wish:
    """Return what is looked for, and in which region."""
    series = Series(manifest.zone, asked.database.name, Kind.DATABASE)
    region = manifest.sites[asked.site].region
    return Wish(series, region, asked.point, asked.moment, asked.refuted)


def _choice(catalogue: Catalogue, wanted: Wish, begun: InstanceState | None) -> Choice:
    """Return what is restored: what was begun, where nothing else is named."""
    if begun is not None and wanted.newest:
        return Choice(_told(begun, wanted), "it was begun before and is gone on with")
    return choose(catalogue, wanted)


def _begun(asked: Asked, bearers: Bearers) -> InstanceState | None:
    """Return the instance of a restore that goes on: under its own name, or the database's."""
    found = bearers.restored
    if found is not None:
        if not _mine(found, asked):
            raise _another(asked, found)
        return found
    current = bearers.current
    if not asked.swap or current is None or not _mine(current, asked) or not bearers.held:
        return None
    return current if naming.TAG_SWAP in current.tags else None


def _demand_same(asked: Asked, mark: str, begun: InstanceState) -> None:
    """Raise Refusal where what was begun is something else than what is asked for."""
    if begun.tags.get(naming.TAG_RESTORED_BY) != mark:
        raise _another(asked, begun)
    if naming.TAG_SWAP in begun.tags and not asked.swap:
        raise Refusal(
            f"{begun.identifier} is about to take its database's name.",
            "Add --swap, which goes on with that, or restore under another identifier with --as.",
        )


def _mine(found: InstanceState, asked: Asked) -> bool:
    return found.tags.get(naming.TAG_RESTORED_BY, "").startswith(f"{VERB}/{asked.database.name}/")


def _told(begun: InstanceState, wanted: Wish) -> Source:
    """Return what an instance says that it was restored from."""
    label = begun.tags[naming.TAG_RESTORED_BY].split("/", 2)[2]
    moment = datetime.fromisoformat(begun.tags[naming.TAG_RESTORED_TO])
    by_time = label == f"{moment:{MOMENT}}"
    kind = SourceKind.OWN_BACKUPS if by_time else SourceKind.SNAPSHOT
    return Source(kind, wanted.series, wanted.region, label, moment, begun.key, Storage(0))


def _demand_not_settled(
    asked: Asked, mark: str, current: InstanceState | None, now: datetime
) -> None:
    """Raise Refusal where a swap of this, or of whatever is newest, was made just now."""
    if current is None or not asked.swap:
        return
    newest = not asked.point and asked.moment is None
    swapped = naming.aside_at(current.tags.get(naming.TAG_SWAP, ""))
    made = current.tags.get(naming.TAG_RESTORED_BY)
    if swapped is None or now - swapped > SETTLED or not (newest or made == mark):
        return
    raise Refusal(
        f"{current.identifier} took its name from {current.tags[naming.TAG_SWAP]} at "
        f"{swapped:%H:%M} UTC ({made}): that is done.",
        "To restore something else, say what with --point or --at; the same again in an hour.",
    )


def _another(asked: Asked, found: InstanceState) -> Refusal:
    told = found.tags.get(naming.TAG_RESTORED_BY)
    made = f"was restored before ({told})" if told else "is there, and no restore made it"
    return Refusal(
        f"{found.identifier} {made}: nothing is overwritten.",
        f"Restore {asked.database.name} under another identifier with --as, or go on with that one "
        "by naming no point."
        if told
        else f"Restore {asked.database.name} under another identifier with --as.",
    )


def _identifier(manifest: Manifest, asked: Asked) -> str:
    name = asked.identifier or naming.restored(manifest.zone, asked.database.name, asked.site)
    if problems := name_problems(manifest, name):
        raise InvalidInput("The restore", problems)
    return name


def name_problems(manifest: Manifest, name: str) -> tuple[Problem, ...]:
    """Return why an instance that is restored cannot be called so; nothing for no name at all."""
    declared = {member.identifier for one in manifest.databases for member in one.members.values()}
    why = ""
    if not name:
        return ()
    if name in declared:
        why = "is a declared database's own name; --swap takes it, this is the name until then"
    elif not name.startswith(f"{manifest.zone}-"):
        why = f"must begin with {manifest.zone}-: roles reach nothing else"
    elif len(name) > naming.LONGEST_IDENTIFIER or not _NAME.fullmatch(name):
        why = "is no identifier: lower-case letters, digits and single hyphens, at most 63"
    return (Problem("--as", f"{name} {why}"),) if why else ()
