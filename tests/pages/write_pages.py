"""Writes pages of real drills and real plans into a folder: `write_pages.py NAME FOLDER`.

The fixtures beside it run one process a name, two at a time; whoever adds a page adds a name to
`WRITERS`, and the files that it writes to `PAGES`.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from drill.continuity_plan import continuity_plan
from drill.library import find
from drill.report import Occasion, report
from drill.several import run_all
from drill.verdict import Verdict
from failover import run_report
from failover.run import Run
from incident.documents.pages import Pageable, html
from incident.plan.whole import document

ROOT = Path(__file__).parents[2]
WRITTEN = datetime(2026, 3, 3, 12, tzinfo=UTC)


def drilled(scenario: str, zone: str) -> Verdict:
    story = find(scenario)
    (verdict,) = run_all(story, [zone], ROOT, story.seed, lambda _: None)
    return verdict


def refused_and_recovered() -> dict[str, Pageable]:
    """A drill in which AWS refuses a promotion for good, and the same run by its journal alone."""
    verdict = drilled("denied", "ops")
    occasion = run_report.Occasion("0.1.0", WRITTEN, simulated=True)
    runs = [Run("ops-0001", verdict.journal)]
    return {
        "drill-recovered": report([verdict], Occasion("0" * 64, "0.1.0", WRITTEN)),
        "history": run_report.report(runs, verdict.facts.manifest, occasion),
    }


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
}
PAGES = ("drill-blocked", "drill-recovered", "history", "plan")
"""The names of all files, without `.html`."""


if __name__ == "__main__":
    name, folder = sys.argv[1:]
    for page, made in WRITERS[name]().items():
        (Path(folder) / f"{page}.html").write_text(html(made), encoding="utf-8")
