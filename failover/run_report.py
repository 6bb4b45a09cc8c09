"""A report on runs from their journals alone: `holdfast failover history ZONE RUN --report FILE`.

`cli.failover_look` asks, with the runs that it lists. What clients suffered is not in a journal:
the recovery time counts from the first failing reading, losses are those that the run measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from continuity.errors import HoldfastError
from continuity.journal import EntryKind
from continuity.manifest import Manifest
from continuity.manifest_json import digest
from failover import account, timeline
from failover.decide import plan_of
from failover.history import Achieved, achieved_by
from failover.options import Options
from failover.plan import Plan
from failover.run import Run
from incident.documents.report import (
    DatabaseLine,
    MessageLine,
    Objective,
    Report,
    Story,
    Verdict,
    ZoneReport,
)

TRUTH = (
    (
        "Everything here comes from the journal that the run kept in the standby site, and from "
        "the zone's recovery manifest as it is now."
    ),
    (
        "Recovery times count from the first failing reading or from what people stated; what "
        "clients suffered before that is not in a journal. Losses are what the run itself measured."
    ),
)
SIMULATED = "Simulated: AWS and the clients. The journal lies in a simulator, and so does its time."
REAL = "Nothing is simulated: the journal lies in AWS."

_CLEARED = "cleared"


@dataclass(frozen=True)
class Occasion:
    """What a report is written with; `simulated` says that AWS is a simulator's.

    `messages` has by run what people were told, where the zone has channels.
    """

    version: str
    written_at: datetime
    simulated: bool
    messages: Mapping[str, tuple[MessageLine, ...]] = field(default_factory=dict)


def report(runs: Sequence[Run], manifest: Manifest, occasion: Occasion) -> Report:
    """Return the report on some runs of one zone, in the order given."""
    zone = manifest.zone
    lead = f"What the journal of {zone} says about {', '.join(run.name for run in runs)}."
    truth = (*TRUTH, SIMULATED if occasion.simulated else REAL)
    told = occasion.messages
    chapters = tuple(
        replace(zone_report(run, manifest), messages=told.get(run.name)) for run in runs
    )
    title = f"Failover report: {zone}"
    return Report(title, lead, truth, occasion.version, occasion.written_at, chapters)


def zone_report(run: Run, manifest: Manifest) -> ZoneReport:
    """Return what one run's journal tells."""
    found = achieved_by(run, manifest)
    plan, trouble = rebuilt(run, manifest)
    return ZoneReport(
        key=run.name,
        heading=f"Run {run.name}",
        timezone=manifest.window.timezone,
        verdict=_verdict(run, found, trouble),
        objectives=_objectives(run, found, manifest),
        story=_story(run, plan, found),
        databases=_databases(run),
        refused=account.refused(run),
        setbacks=account.setbacks(run),
        decisions=account.decided(run),
        facts=_facts(run, manifest, found),
        journal=run.entries,
    )


def rebuilt(run: Run, manifest: Manifest) -> tuple[Plan | None, str]:
    """Return the run's plan, and what is to be said about it where it is not the approved one."""
    if run.planned is None:
        return None, ""
    try:
        plan = plan_of(run, manifest, Options())
    except HoldfastError as error:
        return None, f"The critical path is not marked: {error}"
    if plan.hash != run.plan_hash:
        return plan, (
            f"The manifest has changed since: the critical path is marked by plan {plan.hash}, "
            f"while {run.plan_hash} was carried out."
        )
    return plan, ""


def _verdict(run: Run, found: Achieved, trouble: str) -> Verdict:
    word = (run.outcome or "goes on").upper()
    end = run.entries[-1] if run.end is None else run.end
    missing = f"Opened without {', '.join(found.without)}." if found.without else ""
    return Verdict(
        word,
        found.met or run.outcome == _CLEARED,
        tuple(filter(None, (end.sentence, missing, trouble))),
    )


def _objectives(run: Run, found: Achieved, manifest: Manifest) -> tuple[Objective, ...]:
    """Return recovery time and loss; until the zone is back only time that is up is missed.

    A run that was cleared recovered nothing, because nothing was lost.
    """
    if run.outcome == _CLEARED:
        return ()
    rto_s = manifest.objectives.rto.total_seconds()
    rpo_s = manifest.objectives.rpo.total_seconds()
    back = found.rto_s is not None
    passed_s = found.rto_s if found.rto_s is not None else timeline.elapsed_s(run.entries)
    in_time = passed_s <= rto_s
    lost_s = found.rpo_s if back else None
    little = lost_s is not None and lost_s <= rpo_s and not found.without
    return (
        Objective("Recovery time", rto_s, found.rto_s, in_time if back or not in_time else None),
        Objective("Data loss", rpo_s, lost_s, little if back else None),
    )


def _story(run: Run, plan: Plan | None, found: Achieved) -> Story | None:
    began = run.suspected_at
    if began is None:
        return None
    end = run.entries[-1] if run.end is None else run.end
    phases = account.spans(timeline.phases(run.entries), began)
    return Story(began, end.at, phases, account.steps(run, plan), None, found.rpo_s)


def _databases(run: Run) -> tuple[DatabaseLine, ...]:
    against = account.against(run)
    return tuple(
        DatabaseLine(
            one.name,
            "did not come back",
            one.source,
            None,
            one.claimed_loss_s,
            against.get(one.name, ()),
        )
        for one in timeline.databases(run.entries)
    )


def _facts(run: Run, manifest: Manifest, found: Achieved) -> tuple[tuple[str, str], ...]:
    plans = [str(entry.data["hash"]) for entry in run.of(EntryKind.PLANNED)]
    return (
        ("Run", run.name),
        ("Diagnosis", found.diagnosis or "none"),
        ("Plans", ", ".join(plans) or "none"),
        ("Manifest digest now", digest(manifest)),
        ("Account", manifest.account),
    )
