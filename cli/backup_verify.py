"""`holdfast backup verify`: shows which points would be tried, and tries them with `--apply`.

`cli.backup_command` registers it. The schedule does the same every week; what either left
unfinished the other goes on with.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.backup_options import Apply, SeriesOption, answer, demand_series
from cli.exercise_ledger import Ledger, append, of_trials
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Zone, opened
from cli.output import Format
from cli.report_file import report_file
from continuity.errors import InvalidInput, Problem
from continuity.zone import SiteName

if TYPE_CHECKING:
    from backup.verify import Tick, Work
    from backup.verify_plan import Planned
    from backup.verify_subject import Asked, Trial


@dataclass(frozen=True)
class Prospect:
    """What a verification would do: new trials, and those that another one left."""

    work: "Work"
    asked: "Asked"
    planned: "tuple[Planned, ...]"
    running: "tuple[Trial, ...]"


Where = Annotated[
    SiteName | None, typer.Option(help="Where to restore; the site that stands by without it.")
]
Point = Annotated[
    str, typer.Option(metavar="ID", help="Try this point, whenever it was tried last.")
]

_FILLED = "needs --apply: trials fill it"

Report = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write what the trials showed: FILE.html or FILE.md."),
]


def verify(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    series: SeriesOption = None,
    point: Point = "",
    site: Where = None,
    report: Report = None,
    ledger: Ledger = False,
    apply: Apply = False,
) -> ExitCode:
    """Restore the newest and an older point of each series, and look whether they are right."""
    filled = [("--report", report is not None), ("--ledger", ledger)]
    if early := [Problem(name, _FILLED) for name, given in filled if given and not apply]:
        raise InvalidInput("The command", early)
    page = None if report is None else report_file(report)
    found = _prospect(zone, manifest, site, _Filters(frozenset(series or ()), point))
    from cli.backup_verify_text import plan_json, plan_text, tried_json, tried_text

    if not apply:
        return answer(plan_json(found), plan_text(found), output_format, ())
    tick = _tried(found)
    from backup.verify_loop import outcome
    from cli.backup_verify_report import document

    if page is not None:
        page.write(document(found, tick))
    if ledger:
        append(of_trials(found.work.manifest, tick.ended))
    done = (*(outcome(one) for one in tick.ended), *tick.troubles)
    return answer(tried_json(found, tick), tried_text(found, tick), output_format, done)


@dataclass(frozen=True)
class _Filters:
    series: frozenset[str]
    point: str


def _prospect(
    zone: str, manifest: Path | None, site: SiteName | None, filters: _Filters
) -> Prospect:
    session = opened(zone, manifest)
    from backup import verify as verb
    from backup import verify_loop, verify_plan, verify_trials

    declared = session.around.manifest
    demand_series(declared, filters.series)
    by = session.arn.rpartition("/")[2]
    work = verify_loop.work_of(session.cloud, declared, site or declared.standby, by)
    asked = verify_loop.by_hand(work, filters.series, filters.point)
    running = verify_trials.read(work.door, work.table)
    _demand_there(work, asked)
    wishes = verb.due(work, running, asked)
    times = verify_loop.times(session.cloud, declared, work.site)
    planned = verify_plan.planned(declared, work.site, wishes, times)
    return Prospect(work, asked, planned, running)


def _demand_there(work: "Work", asked: "Asked") -> None:
    from backup import verify as verb
    from backup.verify_rules import named

    if asked.point and named(verb.seen(work, asked), asked) is None:
        message = (
            f"{asked.region} has no usable point {asked.point} that can be tried; "
            "`holdfast backup list` shows what there is"
        )
        raise InvalidInput("The command", [Problem("--point", message)])


def _tried(found: Prospect) -> "Tick":
    from backup import verify_loop

    def told(sentence: str) -> None:
        sys.stderr.write(f"{found.work.now:%H:%M:%S} {sentence}\n")
        sys.stderr.flush()

    return verify_loop.run(found.work, found.asked, float("inf"), told)
