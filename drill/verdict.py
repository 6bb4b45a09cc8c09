"""The verdict on one drill in one zone, from facts alone: a frozen value and pure rules.

`drill.run` judges with `judge`; `drill.text` and `drill.verdict_json` say it to people and to
programs, `cli.drill_command` makes an exit code of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from continuity.journal import Entry, EntryKind, Fact
from continuity.outside import Served
from continuity.wording import seconds_text
from continuity.zone import SiteName
from drill.expectation import Expectation, Outcome
from drill.facts import Facts
from drill.floor import floor_s
from drill.phases import phases
from drill.reading import untold
from drill.scenario import Scenario
from drill.sources import sources
from failover import planned, timeline
from failover.planned import Mode
from failover.run import Run
from failover.timeline import Phase

_SERVING = {Served.HOME: SiteName.HOME, Served.AWAY: SiteName.AWAY}


@dataclass(frozen=True)
class Measure:
    """An objective and what was measured, in seconds."""

    objective_s: float
    measured_s: float
    met: bool


@dataclass(frozen=True)
class DatabaseVerdict:
    """One database: what it came back from (None: it did not, or need not), and what that cost.

    `data_loss_s` is what clients lost, `claimed_loss_s` what the engine wrote down, if it did.
    """

    name: str
    writable: bool
    source: str | None
    data_loss_s: float
    claimed_loss_s: float | None


@dataclass(frozen=True)
class Verdict:
    """What a drill showed. `unmet` are the scenario's expectations that did not come true.

    `facts` are what it was judged from; reports show more of them.
    """

    scenario: str
    title: str
    zone: str
    seed: int
    outcome: Outcome
    rto: Measure
    rpo: Measure
    floor_s: float
    phases: tuple[Phase, ...]
    databases: tuple[DatabaseVerdict, ...]
    violations: tuple[str, ...]
    api_calls: Mapping[str, int]
    journal: tuple[Entry, ...]
    unmet: tuple[str, ...]
    facts: Facts

    @property
    def objective_missed(self) -> bool:
        """Say whether the zone came back, but too late or with too much lost."""
        return self.outcome is Outcome.RECOVERED and not (self.rto.met and self.rpo.met)


def judge(scenario: Scenario, seed: int, facts: Facts) -> Verdict:
    """Return the verdict; what the engine believes changes nothing in the outcome."""
    outcome = _outcome(facts)
    rto, rpo = _rto(facts), _rpo(facts)
    return Verdict(
        scenario=scenario.name,
        title=scenario.title,
        zone=facts.manifest.zone,
        seed=seed,
        outcome=outcome,
        rto=rto,
        rpo=rpo,
        floor_s=floor_s(facts),
        phases=phases(facts),
        databases=_databases(facts),
        violations=facts.violations,
        api_calls=dict(sorted(facts.api_calls.items())),
        journal=facts.journal,
        unmet=_unmet(scenario.expect, outcome, rto, rpo, facts),
        facts=facts,
    )


def _outcome(facts: Facts) -> Outcome:
    """Refused means: what did not come back is what the engine declined, and it is untouched.

    Where nobody approved, that is everything, and no database is named. A database of which a step
    gave up is broken, whatever was declined of it before or after: no word of a person lifts that.
    """
    if _recovered(facts):
        return Outcome.REFUSED if _stayed(facts) else Outcome.RECOVERED
    declined = _named(facts, EntryKind.REFUSED) - _named(facts, EntryKind.FAILED)
    standby = facts.manifest.standby
    down = {one.name for one in facts.databases if standby not in one.writable}
    promoted = set(sources(facts))
    unapproved = not promoted and timeline.outcome(facts.journal) == Outcome.REFUSED
    refused = down and not down & promoted and (unapproved or down <= declined)
    return Outcome.REFUSED if refused else Outcome.BLOCKED


def _stayed(facts: Facts) -> bool:
    """Say whether a planned move was declined, and clients arrive where they always did."""
    served = _SERVING.get(facts.served_by) is facts.manifest.active
    declined = planned.mode(Run("", facts.journal)) in (Mode.PLANNED, Mode.BACK)
    refused = timeline.outcome(facts.journal) == Outcome.REFUSED
    return served and declined and refused and not sources(facts)


def _named(facts: Facts, kind: EntryKind) -> set[Fact]:
    """Return the databases that entries of a kind are about."""
    names = (entry.data.get("database") for entry in facts.journal if entry.kind is kind)
    return {name for name in names if name is not None}


def _recovered(facts: Facts) -> bool:
    """Say whether clients arrive at a site where every database takes writes, and were served."""
    site = _SERVING.get(facts.served_by)
    served_again = facts.outage is None or facts.outage.ended is not None
    return served_again and all(site in database.writable for database in facts.databases)


def _rto(facts: Facts) -> Measure:
    objective = facts.manifest.objectives.rto.total_seconds()
    if facts.outage is None:
        return Measure(objective, 0.0, met=True)
    until = facts.outage.ended or facts.ended
    measured = (until - facts.outage.began).total_seconds()
    return Measure(objective, measured, facts.outage.ended is not None and measured <= objective)


def _rpo(facts: Facts) -> Measure:
    objective = facts.manifest.objectives.rpo.total_seconds()
    measured = max((database.lost_s for database in facts.databases), default=0.0)
    return Measure(objective, measured, measured <= objective)


def _databases(facts: Facts) -> tuple[DatabaseVerdict, ...]:
    site = _SERVING.get(facts.served_by)
    claimed = {one.name: one.claimed_loss_s for one in timeline.databases(facts.journal)}
    came_from, there = sources(facts), facts.manifest.standby
    return tuple(
        DatabaseVerdict(
            name=database.name,
            writable=site in database.writable,
            source=came_from.get(database.name) if there in database.writable else None,
            data_loss_s=database.lost_s,
            claimed_loss_s=claimed.get(database.name),
        )
        for database in facts.databases
    )


def _unmet(
    expect: Expectation, outcome: Outcome, rto: Measure, rpo: Measure, facts: Facts
) -> tuple[str, ...]:
    unmet = []
    if outcome is not expect.outcome:
        unmet.append(f"expected to end {expect.outcome}, but it ended {outcome}")
    claimed = timeline.outcome(facts.journal)
    if claimed in set(Outcome) and claimed != outcome:
        unmet.append(f"the journal says {claimed}, the world says {outcome}")
    if expect.rto is not None and rto.measured_s > expect.rto.total_seconds():
        wanted = seconds_text(expect.rto.total_seconds())
        unmet.append(f"expected back within {wanted}, took {seconds_text(rto.measured_s)}")
    if expect.max_data_loss is not None and rpo.measured_s > expect.max_data_loss.total_seconds():
        wanted = seconds_text(expect.max_data_loss.total_seconds())
        unmet.append(f"expected to lose at most {wanted}, lost {seconds_text(rpo.measured_s)}")
    read = (one.text for one in facts.read)
    said = [*(entry.sentence for entry in facts.journal), *facts.said, *read]
    unmet += [
        f"expected the journal or a controller to say {sentence!r}"
        for sentence in expect.sentences
        if not any(sentence in one for one in said)
    ]
    return (*unmet, *untold(facts.read, expect.told))
