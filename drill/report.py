"""A report on drills: what the world says of each zone, beside what the engine's journal tells.

`cli.drill_command` asks with `--report`. `incident.documents` puts it into words and pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.manifest_json import digest
from continuity.wording import seconds_text
from drill import text
from drill.facts import Facts
from drill.verdict import DatabaseVerdict, Measure, Verdict
from failover import account
from failover.run import Run
from failover.run_report import rebuilt
from incident.documents import report as made
from incident.documents.moments import moment_text
from incident.documents.report import (
    CallLine,
    DatabaseLine,
    MessageLine,
    Objective,
    Report,
    Span,
    Story,
    ZoneReport,
)

TRUTH = (
    "Real: the Pulumi program, the failover engine, boto3 and botocore, every request and reply.",
    (
        "Simulated: AWS itself (moto on virtual time, as slow and as limited as AWS is), the "
        "clients that write, and the person who approves. All moments are those of the simulated "
        "world."
    ),
    (
        "Measured by that world and not by the engine: outages, losses, calls and broken "
        "invariants. A database's recorded loss is the engine's own word, for comparison."
    ),
    (
        "Not shown by any simulation: whether the account has the quotas and the rights, and "
        "whether people are reached. The command holdfast check looks at the first two in the "
        "account itself."
    ),
)


@dataclass(frozen=True)
class Occasion:
    """What a drill was run with. `scenario_digest` is the SHA-256 of the scenario's file."""

    scenario_digest: str
    version: str
    written_at: datetime


def report(verdicts: Sequence[Verdict], occasion: Occasion) -> Report:
    """Return the report on the drills of one scenario, a zone each."""
    first = verdicts[0]
    zones = ", ".join(verdict.zone for verdict in verdicts)
    lead = f"{first.title} (scenario {first.scenario}, seed {first.seed}), played in {zones}."
    chapters = tuple(zone_report(verdict, occasion) for verdict in verdicts)
    title = f"Drill report: {first.scenario}"
    return Report(title, lead, TRUTH, occasion.version, occasion.written_at, chapters)


def zone_report(verdict: Verdict, occasion: Occasion) -> ZoneReport:
    """Return what one zone's drill showed."""
    facts, run = verdict.facts, _run(verdict)
    return ZoneReport(
        key=verdict.zone,
        heading=f"Zone {verdict.zone}",
        timezone=facts.manifest.window.timezone,
        verdict=_verdict(verdict),
        objectives=(
            _objective("Recovery time", verdict.rto),
            _objective("Data loss", verdict.rpo),
        ),
        story=_story(verdict, run),
        databases=_databases(verdict, run),
        refused=account.refused(run),
        setbacks=account.setbacks(run),
        decisions=account.decided(run),
        violations=verdict.violations,
        calls=tuple(
            CallLine(name, count, facts.failed_calls.get(name, 0))
            for name, count in verdict.api_calls.items()
        ),
        facts=_facts(verdict, run, occasion),
        journal=verdict.journal,
        messages=_messages(verdict),
    )


def _messages(verdict: Verdict) -> tuple[MessageLine, ...] | None:
    """Return what people read, where the drill had channels."""
    rows = (
        MessageLine(one.at, one.service, one.state or one.what, " ".join(one.text.split()))
        for one in verdict.facts.read
    )
    return tuple(rows) or None


def _run(verdict: Verdict) -> Run:
    """Return the drill's run; a drill makes at most one that matters, the last."""
    return Run(f"the run of {verdict.zone}", verdict.journal)


def _verdict(verdict: Verdict) -> made.Verdict:
    good = not (verdict.unmet or verdict.violations or verdict.objective_missed)
    expected = "It ended as the scenario expects." if not verdict.unmet else ""
    floor = ""
    if verdict.floor_s:
        floor = f"AWS alone needed {seconds_text(verdict.floor_s)}: nothing could be faster."
    told = tuple(f"Not as expected: {sentence}." for sentence in verdict.unmet)
    word = verdict.outcome.upper()
    return made.Verdict(word, good, tuple(filter(None, (expected, *told, floor))))


def _objective(name: str, measure: Measure) -> Objective:
    return Objective(name, measure.objective_s, measure.measured_s, measure.met)


def _story(verdict: Verdict, run: Run) -> Story | None:
    facts = verdict.facts
    outage = facts.outage
    if outage is None and not run.entries:
        return None
    plan, _ = rebuilt(run, facts.manifest)
    phases = account.spans(verdict.phases, _first_phase(verdict, run, facts))
    steps = account.steps(run, plan)
    suffered = None if outage is None else Span("outage", outage.began, outage.ended)
    moments = [one.ended for one in (*phases, *steps) if one.ended is not None]
    moments += [one.began for one in (*phases, *steps)]
    if outage is not None:
        moments += [outage.began, outage.ended or facts.ended]
    lost = verdict.rpo.measured_s
    return Story(min(moments), max(moments), phases, steps, suffered, lost)


def _first_phase(verdict: Verdict, run: Run, facts: Facts) -> datetime:
    """Return when the first phase began: before the engine noticed anything, clients did."""
    noticed = run.suspected_at or (run.entries[0].at if run.entries else facts.began)
    notice = sum(phase.seconds for phase in verdict.phases if phase.name == "notice")
    return noticed - timedelta(seconds=notice)


def _databases(verdict: Verdict, run: Run) -> tuple[DatabaseLine, ...]:
    against = account.against(run)
    return tuple(_database(one, against.get(one.name, ())) for one in verdict.databases)


def _database(one: DatabaseVerdict, against: tuple[str, ...]) -> DatabaseLine:
    source = one.source if one.writable else None
    return DatabaseLine(
        one.name, text.came_back(one), source, one.data_loss_s, one.claimed_loss_s, against
    )


def _facts(verdict: Verdict, run: Run, occasion: Occasion) -> tuple[tuple[str, str], ...]:
    manifest = verdict.facts.manifest
    regions = ", ".join(f"{name}: {site.region}" for name, site in manifest.sites.items())
    return (
        ("Scenario", verdict.scenario),
        ("Scenario file, SHA-256", occasion.scenario_digest),
        ("Seed", str(verdict.seed)),
        ("Manifest that the Pulumi program declared, digest", digest(manifest)),
        ("Plan carried out", run.plan_hash or "none"),
        ("Sites", regions),
        ("Faults began", moment_text(verdict.facts.began, manifest.window.timezone)),
        ("Holdfast", occasion.version),
    )
