"""`holdfast backup restore`: a database as it was, beside the one there is or in its place.

`cli.backup_command` registers it. Without `--apply` the plan is shown and nothing changes; with it
the restore is driven to its end, and a repeat goes on with what was begun.
"""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cli.backup_options import Apply, Looked, RefutedOption, answer, looked, open_run
from cli.backup_restore_asked import Options, understood
from cli.backup_restore_progress import showing
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Zone
from cli.output import Format
from continuity.errors import TemporaryError
from continuity.zone import SiteName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backup.restore_plan import Asked, Lengths, RestorePlan
    from backup.restore_run import Progress
    from backup.restore_source import SourceKind
    from backup.restore_times import RestoreTimes
    from continuity.manifest import Database


PointOption = Annotated[
    str | None, typer.Option(metavar="ID", help="This point, as `backup list` names it.")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        metavar="MOMENT",
        help="As it was then: ISO 8601 with an offset, or HH:MM on the zone's clock.",
    ),
]
SiteOption = Annotated[
    SiteName | None, typer.Option(help="Where. Without it in the site that serves.")
]
AsOption = Annotated[
    str | None, typer.Option("--as", metavar="IDENTIFIER", help="Of the instance that is made.")
]
SwapOption = Annotated[
    bool, typer.Option("--swap", help="Let it take the database's name when it is there.")
]
LossOption = Annotated[
    str | None,
    typer.Option(
        "--accept-data-loss",
        metavar="DATABASE",
        help="With --swap: accept that what was written since is left behind; needs --reason.",
    ),
]
ReasonOption = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Why; it is kept with the hold's release.")
]


def restore(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    database: Annotated[
        str, typer.Argument(metavar="DATABASE", help="By its name in the zone: orders.")
    ],
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    point: PointOption = None,
    at: AtOption = None,
    site: SiteOption = None,
    as_: AsOption = None,
    swap: SwapOption = False,
    accept_data_loss: LossOption = None,
    refuted: RefutedOption = False,
    reason: ReasonOption = None,
    apply: Apply = False,
) -> ExitCode:
    """Restore a database to a new instance, by point or by moment; nothing is overwritten."""
    given = Options(database, point or "", at or "", site, as_ or "", swap, refuted)
    seen = looked(zone, manifest)
    from backup.restore_plan import demand_consent

    plan = _plan(seen, understood(seen, given))
    if not apply:
        return _answer(plan, None, output_format)
    demand_consent(plan, accept_data_loss or "", reason or "")
    done = _drive(seen, plan, reason or "", output_format)
    return _answer(_named(seen, plan), done, output_format)


def _demand_answering(seen: Looked, site: SiteName) -> None:
    """Raise TemporaryError where a region does not answer; the other one may restore as well."""
    sites = seen.manifest.sites
    error = seen.catalogue.unread.get(sites[site].region)
    if error is not None:
        other = f"--site {site.other} restores in {sites[site.other].region}, from what lies there"
        raise TemporaryError(f"Nothing can be restored in {sites[site].region}: {error} {other}.")


def _plan(seen: Looked, asked: "Asked") -> "RestorePlan":
    from backup import restore_plan, restore_state

    _demand_answering(seen, asked.site)
    bearers = restore_state.read(
        seen.cloud, seen.manifest, asked.database, asked.site, asked.identifier
    )
    expected = expected_of(asked.database, seen.session.around.times)
    return restore_plan.plan(seen.manifest, seen.catalogue, asked, bearers, expected)


def _drive(seen: Looked, plan: "RestorePlan", reason: str, output_format: Format) -> "Progress":
    """Bring the restore to its end, telling on stderr what happens; return the last word."""
    from backup.restore_run import Terms, run

    terms = Terms(seen.session.arn, reason, lambda: open_run(seen.session))
    last: Progress | None = None
    with showing(sys.stderr, plan.total_s, output_format) as show:
        for last in run(seen.cloud, seen.manifest, plan, terms):
            show(last)
    if last is None:
        raise RuntimeError("a restore tells at least that its hold is placed")
    return last


def _named(seen: Looked, plan: "RestorePlan") -> "RestorePlan":
    """Return a plan that was carried out, with the name that the old instance got."""
    from backup import restore_state
    from continuity import naming

    if plan.swap is None:
        return plan
    found = restore_state.read(seen.cloud, seen.manifest, plan.asked.database, plan.asked.site)
    tags = found.current.tags if found.current else {}
    return replace(plan, swap=plan.swap.named(tags.get(naming.TAG_SWAP, plan.swap.aside)))


def _answer(plan: "RestorePlan", done: "Progress | None", output_format: Format) -> ExitCode:
    from cli.backup_restore_json import plan_json
    from cli.backup_restore_text import done_text, plan_text

    text = plan_text(plan) if done is None else done_text(plan, done)
    answer(plan_json(plan, done), text, output_format, ())
    late = done is not None and done.elapsed_s > plan.rto.total_seconds()
    return ExitCode.OBJECTIVE_MISSED if late or not plan.in_time else ExitCode.OK


def expected_of(database: "Database", times: "RestoreTimes") -> "Mapping[SourceKind, Lengths]":
    """Return how long restores take: as trials measured, else as failover plans estimate."""
    from backup.restore_plan import Lengths
    from backup.restore_source import SourceKind
    from backup.restore_times import Expected
    from failover import estimates

    to_time = estimates.restore_to_time(database.storage_gb, times, database.name)
    snapshot = estimates.restore_snapshot(database.storage_gb, times, database.name)
    # Both take in that an old instance is renamed; here that is a step of its own.
    rename_s = estimates.RENAME_S
    by_time = Lengths(Expected(to_time.seconds - rename_s, to_time.source), rename_s)
    return {
        SourceKind.SNAPSHOT: Lengths(
            Expected(snapshot.seconds - rename_s, snapshot.source), rename_s
        ),
        SourceKind.OWN_BACKUPS: by_time,
        SourceKind.RECEIVED_BACKUPS: by_time,
    }
