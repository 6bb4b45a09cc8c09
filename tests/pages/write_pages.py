"""Writes pages of real drills and real plans into a folder: `write_pages.py NAME FOLDER`.

The fixtures beside it run one process a name, two at a time; whoever adds a page adds a name to
`WRITERS`, and the files that it writes to `PAGES`.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from backup import verify_loop
from cli import backup_verify_report
from cli.backup_verify import Prospect
from cloud.door import Cloud
from continuity.critical_functions import usual
from continuity.incidents import Source
from drill.continuity_plan import continuity_plan
from drill.library import find
from drill.report import Occasion, report
from drill.several import run_all
from drill.told import Told
from drill.verdict import Verdict
from failover import aws_record, recorder, run_report
from failover.run import Run
from failover.run_course import course
from incident import change, review_document
from incident.declare import Words, declare
from incident.documents.pages import Pageable, html
from incident.draft import Voice
from incident.plan.whole import document
from incident.record import Incident, incidents
from incident.review import Findings, Improvement, review
from incident.states import State
from incident.timeline import joined, of_record
from simulator import corruption
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
from simulator.past import Past, Snapshots
from simulator.settled import settle
from simulator.world import World

ROOT = Path(__file__).parents[2]
WRITTEN = datetime(2026, 3, 3, 12, tzinfo=UTC)


def drilled(scenario: str, zone: str) -> Verdict:
    story = replace(find(scenario), told=Told.SIMULATED)
    (verdict,) = run_all(story, [zone], ROOT, story.seed, lambda _: None)
    return verdict


def refused_and_recovered() -> dict[str, Pageable]:
    """A drill in which AWS refuses a promotion for good, its run by the journal, its review."""
    verdict = drilled("denied", "ops")
    occasion = run_report.Occasion("0.1.0", WRITTEN, simulated=True)
    runs = [Run("ops-0001", verdict.journal)]
    return {
        "drill-recovered": report([verdict], Occasion("0" * 64, "0.1.0", WRITTEN)),
        "history": run_report.report(runs, verdict.facts.manifest, occasion),
        "review": reviewed(runs[0], verdict),
    }


def reviewed(run: Run, verdict: Verdict) -> Pageable:
    """The review of the incident that a run declared, with what people found."""
    manifest, ana = verdict.facts.manifest, Voice(Source.PERSON, "arn:aws:sts::1:role/r/ana")
    functions = manifest.functions or usual([one.name for one in manifest.databases])
    begun = recorder.begun(run)
    assert begun is not None
    found = written((), declare(aws_record.report(begun, manifest), (), functions), begun.at)
    watched = change.Update(state=State.MONITORING)
    found = written((found,), change.update(found, ana, watched), verdict.facts.ended)
    said = Findings(
        ("A promotion was refused for good, because the role that promotes lacked the right to.",),
        (Improvement("Alarm on refused calls", "operations", date(2026, 3, 1)),),
        held=True,
    )
    found = written((found,), review(found, ana, said), WRITTEN)
    lines = joined(of_record(found.entries))
    courses, zone_time = [course(run, manifest)], manifest.window.timezone
    return review_document.document(
        review_document.Reviewed(found, functions, lines, courses, zone_time, WRITTEN, "0.1.0")
    )


def written(known: tuple[Incident, ...], words: Words, at: datetime) -> Incident:
    """Return an incident with what is added to it, as its log would number that."""
    before = known[0].entries if known else ()
    first = len(before) + 1
    new = [one.entry(number, "ops-away-0001", at) for number, one in enumerate(words.drafts, first)]
    return incidents((*before, *new))[0]


def verified() -> dict[str, Pageable]:
    """Trials of recovery points in a zone with a past of four days."""
    with World(7, start=datetime(2026, 3, 1, 4, tzinfo=UTC)) as world:
        manifest, _ = deploy(world, "sa1", ROOT)
        Content.of(world)
        corruption.watch(world)
        settle(world, manifest, Past(days=4, snapshots=Snapshots.DAILY))
        cloud = Cloud(world.clock, VirtualWorkers(world.clock, 4))
        work = verify_loop.work_of(cloud, manifest, manifest.standby, "ana")
        asked = verify_loop.by_hand(work, frozenset({"orders", "catalogue"}))
        tick = verify_loop.run(work, asked, world.clock.monotonic() + 43200, lambda _: None)
        found = Prospect(work, asked, (), ())
        return {"trials": backup_verify_report.document(found, tick)}


def blocked() -> dict[str, Pageable]:
    """A drill in which nothing can be begun: clients stay without the zone."""
    verdict = drilled(str(ROOT / "tests/scenarios/both-regions-lost.toml"), "ops")
    return {"drill-blocked": report([verdict], Occasion("0" * 64, "0.1.0", WRITTEN))}


def plan() -> dict[str, Pageable]:
    """The business continuity plan of the zone with the most databases."""
    return {"plan": document(continuity_plan(ROOT, "we1"))}


WRITERS: dict[str, Callable[[], dict[str, Pageable]]] = {
    "blocked": blocked,
    "plan": plan,
    "refused_and_recovered": refused_and_recovered,
    "verified": verified,
}
PAGES = ("drill-blocked", "drill-recovered", "history", "plan", "review", "trials")
"""The names of all files, without `.html`."""


if __name__ == "__main__":
    name, folder = sys.argv[1:]
    for page, made in WRITERS[name]().items():
        (Path(folder) / f"{page}.html").write_text(html(made), encoding="utf-8")
