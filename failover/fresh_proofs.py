"""Whether every database still takes writes at the moment at which the zone is opened. Pure.

A database may be verified hours before the last one is restored, and be lost meanwhile. So the
proofs that an opening rests on must be fresh: `failover.prove_again` has the old ones anew, `judge`
says what follows. One that fails keeps the site shut. Its database is given up where AWS says,
too, that the instance is lost, or where it takes no writes for long while others do. Then its next
source is tried (`failover.overruled` makes void what it had), and without one people are asked
whether the zone opens without it. Where nothing takes writes the platform is at fault and no
database: none is given up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.journal import EntryKind
from failover import whereabouts
from failover.assess import failure
from failover.draft import Draft
from failover.fallback import needed, source_step
from failover.observation import Instance, Observation, Reading
from failover.overruled import LOST
from failover.plan import Plan
from failover.proofs import PROVED, UNPROVED, doubted, proofs
from failover.statuses import TERMINAL
from failover.step import Step
from failover.steps.verify import Verify

FRESH = timedelta(seconds=120)
"""How old a proof may be when the site is opened. Assumption: short beside what a recovery takes,
and long enough that databases which come back together are not asked twice."""

PATIENCE = timedelta(seconds=900)
"""How long a database may take no writes while AWS finds nothing wrong with it: as long as its
first verification may take. A change-over to the other zone is done in two minutes."""

SHOWN = 3


@dataclass(frozen=True)
class Asked:
    """What came of writing again: the databases that took it, and why the others did not."""

    taken: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return those that took nothing."""
        return tuple(name for name, _ in self.refused)


def stale(plan: Plan, gate: Step, seen: Observation) -> tuple[Verify, ...]:
    """Return the verifications that an opening needs and that are too old, or fail by now."""
    wanted, proved, failing = needed(gate, seen.run), proofs(seen.run), doubted(seen.run)
    return tuple(
        step
        for step in plan.steps
        if isinstance(step, Verify)
        and step.name in wanted
        and (step.database in failing or _old(proved.get(str(step.database)), seen.now))
    )


def judge(
    gate: Step, asked: Asked, seen: Observation, instances: Reading[Mapping[str, Instance]]
) -> list[Draft]:
    """Return what is to be written about the answers; `instances` are those of the refused."""
    known = doubted(seen.run)
    drafts = [_proved(asked.taken)] if asked.taken else []
    news = [one for one in asked.refused if one[0] not in known]
    drafts += [_doubt(seen, news)] if news else []
    served = _others_take_writes(asked, seen)
    late = [name for name in asked.names if seen.now - known.get(name, seen.now) > PATIENCE]
    given_up = []
    for name, reason in asked.refused:
        lost = _lost(name, seen, instances)
        if lost or (served and name in late):
            given_up.append(_given_up(seen, name, lost or f"it takes no writes: {reason}"))
    if late and not served and not given_up:
        drafts.append(failure(gate, f"no database takes writes any more: {some(asked.refused)}"))
    return [*drafts, *given_up]


def _old(proved_at: datetime | None, now: datetime) -> bool:
    return proved_at is not None and now - proved_at > FRESH


def _others_take_writes(asked: Asked, seen: Observation) -> bool:
    """Say whether the platform writes to any other database: else it is no database's fault."""
    others = (at for name, at in proofs(seen.run).items() if name not in asked.names)
    return bool(asked.taken) or any(seen.now - at <= 2 * FRESH for at in others)


def _lost(name: str, seen: Observation, instances: Reading[Mapping[str, Instance]]) -> str:
    """Return what AWS says against an instance that takes no writes; a failed look says nothing."""
    if instances.value is None:
        return ""
    identifier = identifier_of(name, seen)
    instance = instances.value.get(identifier)
    if instance is None:
        return f"{identifier} does not exist any more"
    return f"{identifier} is {instance.status}" if instance.status in TERMINAL else ""


def identifier_of(name: str, seen: Observation) -> str:
    """Return the instance that a database is back as."""
    database = next(one for one in seen.manifest.databases if one.name == name)
    named = database.members[seen.manifest.standby].identifier
    return whereabouts.identifier(seen.run, name, named)


def _proved(taken: Sequence[str]) -> Draft:
    names = sorted(taken)
    told = names[0] if len(names) == 1 else f"{len(names)} databases"
    sentence = f"Before the site is opened, {told} took a write again."
    return Draft(EntryKind.VERDICT, sentence, None, {PROVED: ",".join(names)})


def _doubt(seen: Observation, refused: Sequence[tuple[str, str]]) -> Draft:
    zone = seen.manifest.zone
    sentence = f"{some(refused)}: it took writes before. {zone} is not opened like that."
    named = ",".join(name for name, _ in refused)
    return Draft(EntryKind.VERDICT, sentence, None, {UNPROVED: named})


def _given_up(seen: Observation, name: str, why: str) -> Draft:
    """Return the failure of the source that a database had come back from."""
    back = source_step(seen.run, name)
    step = None if back is None else back[0]
    sentence = f"{name} was back and is lost again before {seen.manifest.zone} was opened: {why}."
    return Draft(EntryKind.FAILED, sentence, step, {"database": name, LOST: True})


def some(refused: Sequence[tuple[str, str]]) -> str:
    """Name the first few of the databases that take no writes, and why."""
    told = "; ".join(f"{name} takes no writes ({why})" for name, why in refused[:SHOWN])
    more = len(refused) - SHOWN
    return told if more <= 0 else f"{told} and {more} more"
