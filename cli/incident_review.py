"""`holdfast incident review`: what was learned, what is to be improved, and all of it as a page.

`cli.incident_command` registers it. Without anything to add it shows how far the review is.
"""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.columns import columns
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Yes, Zone, demand_yes
from cli.incident_options import Desk, Which, desk
from cli.output import Format, print_json
from cli.report_file import report_file
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incident.declare import Words
    from incident.documents.document import Document
    from incident.record import Incident
    from incident.review import Findings, Improvement, Item

_FORM = "OWNER:YYYY-MM-DD:WHAT"

Causes = Annotated[
    list[str] | None, typer.Option("--cause", metavar="TEXT", help="Why it happened. Repeatable.")
]
Improvements = Annotated[
    list[str] | None,
    typer.Option(
        "--improve",
        metavar=_FORM,
        help="What is to be done, by the role that sees to it, until when. Repeatable.",
    ),
]
Done = Annotated[
    list[int] | None,
    typer.Option("--done", metavar="NUMBER", help="This improvement is made. Repeatable."),
]
Outcome = Annotated[str, typer.Option("--outcome", metavar="TEXT", help="What came of --done.")]
Nothing = Annotated[
    str, typer.Option("--nothing-to-improve", metavar="TEXT", help="Why there is nothing.")
]
Held = Annotated[
    bool, typer.Option("--held", help="The review was held: the incident may be closed.")
]
Page = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Write the review to FILE.html or FILE.md."),
]


def review(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    incident: Which = None,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    cause: Causes = None,
    improve: Improvements = None,
    done: Done = None,
    outcome: Outcome = "",
    nothing_to_improve: Nothing = "",
    held: Held = False,
    report: Page = None,
    yes: Yes = False,
) -> ExitCode:
    """Say what an incident taught, keep what is to be improved, and write its review."""
    from incident.review import Findings

    said = Findings(
        causes=tuple(one.strip() for one in cause or () if one.strip()),
        improvements=_improvements(improve or ()),
        done=tuple(done or ()),
        outcome=outcome.strip(),
        held=held,
        nothing=nothing_to_improve.strip(),
    )
    new = said != Findings()
    if new:
        demand_yes(output_format, yes=yes)
    page = None if report is None else report_file(report)
    at = desk(zone, manifest)
    found = _written(at, incident, said) if new else _chosen(at, incident)
    if page is not None:
        page.write(_document(at, found))
    _answer(at, found, output_format)
    return ExitCode.OK


def _improvements(given: "Sequence[str]") -> "tuple[Improvement, ...]":
    from incident.review import Improvement

    found, problems = [], []
    for one in given:
        owner, _, rest = one.partition(":")
        due, _, what = rest.partition(":")
        try:
            day = date.fromisoformat(due.strip())
        except ValueError:
            problems.append(Problem("--improve", f"{one!r}: write {_FORM}"))
            continue
        if not owner.strip() or not what.strip():
            problems.append(Problem("--improve", f"{one!r}: write {_FORM}"))
        found.append(Improvement(what.strip(), owner.strip(), day))
    if problems:
        raise InvalidInput("The command", problems)
    return tuple(found)


def _written(at: Desk, wanted: str | None, said: "Findings") -> "Incident":
    from incident import review as rules
    from incident.change import chosen

    def rule(known: "Sequence[Incident]") -> "Words":
        found = chosen(known, wanted, at.session.around.manifest.zone)
        return rules.review(found, at.voice, said)

    return at.book.write(rule).incident


def _chosen(at: Desk, wanted: str | None) -> "Incident":
    from incident.change import chosen

    return chosen(at.book.read().known, wanted, at.session.around.manifest.zone)


def _document(at: Desk, found: "Incident") -> "Document":
    from importlib.metadata import version

    from failover.run import Run
    from failover.run_course import course
    from incident.review_document import Reviewed, document
    from incident.timeline import of_incident

    manifest = at.session.around.manifest
    journals, unread = at.book.journals(found)
    return document(
        Reviewed(
            incident=found,
            functions=at.book.functions,
            lines=of_incident(found.entries, journals),
            courses=[course(Run(run, entries), manifest) for run, entries in journals.items()],
            timezone=manifest.window.timezone,
            now=at.session.around.clock.now(),
            version=version("holdfast"),
            unread=unread,
        )
    )


def _answer(at: Desk, found: "Incident", output_format: Format) -> None:
    from incident.review import causes, held, items

    today = at.session.around.clock.now().date()
    if output_format is Format.JSON:
        print_json(
            {
                "zone": at.session.around.manifest.zone,
                "incident": found.id,
                "reviewed": held(found) is not None,
                "causes": list(causes(found)),
                "improvements": [item_json(one, today) for one in items(found)],
            }
        )
        return
    state = "reviewed" if held(found) else "not reviewed yet"
    rows = [(str(one.number), _state(one, today), *_told(one)) for one in items(found)]
    lines = [f"{found.id}  {found.title}: {state}"]
    lines += [f"  cause: {one}" for one in causes(found)]
    lines += columns(rows) if rows else []
    sys.stdout.write("\n".join(lines) + "\n")


def item_json(item: "Item", today: date) -> dict[str, object]:
    """Return an improvement with keys that stay; moments in ISO 8601."""
    one = item.improvement
    return {
        "number": item.number,
        "what": one.what,
        "owner": one.owner,
        "due": one.due.isoformat(),
        "done_at": None if item.done_at is None else item.done_at.isoformat(),
        "outcome": item.outcome,
        "overdue": item.overdue(today),
    }


def _told(item: "Item") -> tuple[str, str, str]:
    one = item.improvement
    return (f"{one.due:%Y-%m-%d}", one.owner, one.what)


def _state(item: "Item", today: date) -> str:
    if item.done_at is not None:
        return "done"
    return "OVERDUE" if item.overdue(today) else "open"
